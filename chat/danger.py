"""Names the five kinds of danger: for each the steps to go through, the sentences to send, and who can be called.

The steps stand in the desk's catalogue as `danger.<kind>.<step>`, the sentences in the catalogue `cards`, the numbers
in `portal/data/emergency.json`, each with its source and the day it was checked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from chat.protocol.kinds import Danger, Outcome
from portal.numbers import Country, Line, Numbers, Region


@dataclass(frozen=True, slots=True)
class Plan:
    """What the desk opens for one kind. `cards` in the order in which they help; `lines` by what a line is for."""

    steps: tuple[str, ...]
    cards: tuple[str, ...]
    lines: tuple[str, ...] = ()


# Ways a danger can have ended. That nothing could be reported is one of them: often nobody knows who or where she is.
OUTCOMES: Final[tuple[Outcome, ...]] = (
    "passed",
    "she_called",
    "we_called",
    "reported",
    "impossible",
    "wished",
    "mistake",
)

PLANS: Final[Mapping[Danger, Plan]] = {
    "coming": Plan(
        ("near", "exit", "call", "yes", "silent"),
        ("near", "harm", "exit", "people", "help", "life", "operator"),
    ),
    "hurting": Plan(
        ("ask", "alone", "line", "life", "stay"),
        ("stay", "hurt", "alone", "line", "life", "help"),
        ("numbers.for.suicide", "numbers.for.wellness", "numbers.for.young"),
    ),
    "medical": Plan(
        ("breathe", "took", "call", "operator", "stay"),
        ("breathe", "took", "pregnant", "call", "operator", "life", "help"),
    ),
    # She hears what her age would change before anybody asks for it: first in the list, and the server holds to it.
    "child": Plan(
        ("told", "age", "know", "supervisor", "report"),
        ("young", "age", "near", "alone", "help"),
        ("numbers.for.young", "numbers.for.child_online", "numbers.for.child_ab", "numbers.for.child_bc"),
    ),
    "others": Plan(
        ("told", "who", "supervisor", "call", "report"),
        ("life", "others", "help", "operator"),
    ),
}


def lines_for(kind: Danger, numbers: Numbers, region: Region) -> list[Line]:
    """The lines of a region, then of its country, that help with this kind of danger."""
    country: Country = numbers.country(region.country)
    return [line for line in (*region.lines, *country.lines) if line.purpose in PLANS[kind].lines]
