"""Knows the house's own list of campaigns, by which somebody may have heard of it: chosen at the desk, asked of nobody.

No page of the public side knows of it, and no address carries one: a link that tells which poster somebody saw would
follow her.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from portal.web.forms import Form
from portal.web.sanitise import strip_markup, tidy_text

CAMPAIGN: Final = "campaign"
"""What it is called in a record, beside the fields of `portal.records.fields`; said in the house's own words."""

MOST: Final = 20
LONGEST: Final = 40
_BETWEEN: Final = "\n"


class ListTooLong(ValueError):
    """More campaigns, or longer names, than somebody looks through beside a person on the phone."""


def read_list(typed: str) -> tuple[str, ...]:
    """The list as it was typed, a campaign on each line, each once. Raises ListTooLong."""
    lines = (" ".join(tidy_text(strip_markup(line)).split()) for line in typed.splitlines())
    listed = tuple(dict.fromkeys(line for line in lines if line))
    if len(listed) > MOST or any(len(each) > LONGEST for each in listed):
        raise ListTooLong("too many, or too long")
    return listed


def write_list(listed: Sequence[str]) -> str:
    """The list as it is kept, and as it is typed."""
    return _BETWEEN.join(listed)


def kept_list(written: str) -> tuple[str, ...]:
    """The list as it was kept."""
    return tuple(each for each in written.split(_BETWEEN) if each)


def read_campaign(form: Form, listed: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """What was chosen of the list, as a record keeps it; nothing where nothing was, or what no list of ours has."""
    chosen = form.get(CAMPAIGN, "")
    return {CAMPAIGN: (chosen,)} if chosen in listed else {}
