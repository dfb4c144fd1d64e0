"""Gathers what the parts of the talk's page need, whichever page they stand on."""

from typing import Any, Final

from starlette.requests import Request

from chat.pages.measures import FIRST, ROWS
from chat.pages.plurals import plural_samples
from chat.protocol.kinds import NAME_LIMIT
from i18n.spoken import ways_to_speak
from portal.numbers import numbers, one_number
from portal.web.page import language_of, site_of

# The order in which the waiting room asks; every one may be skipped.
TAPS: Final = (
    ("safe", ("yes", "unsure", "no", "now")),
    ("about", ("self", "other")),
    ("cutoff", ("5", "30", "60", "go")),
)
TICKS: Final = (("phone", "cannot"), ("reads", "taps"))
# Asked only where the house has somebody who knows: a wish that nobody here could meet is no question.
KIN: Final = (("kin", "yes"),)


def talk_parts(request: Request, *, kin: bool = False) -> dict[str, Any]:
    """The words for `chat/line.html`, `chat/ended.html`, `chat/measures.html` and `chat/said_words.html`."""
    return {
        "emergency": one_number(numbers().region(site_of(request).region)),
        "taps": TAPS,
        "ticks": ticks(kin=kin),
        "spoken": ways_to_speak(language_of(request).tag),
        "samples": plural_samples(language_of(request).tag),
        "name_limit": NAME_LIMIT,
        "measures": ROWS,
        "measures_first": FIRST,
    }


def ticks(*, kin: bool) -> tuple[tuple[str, str], ...]:
    """What may be ticked in the waiting room. `kin`: the house has somebody who knows Indigenous communities."""
    return TICKS + KIN if kin else TICKS
