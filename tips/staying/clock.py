"""Says when a tip is next looked at, and what then becomes of it, in weeks and from the last act of either side."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from portal.settings import Settings
from tips.tip import Status

WEEK: Final = timedelta(days=7)


class Step(StrEnum):
    """What the next look is for."""

    FRESH = ""  # somebody did something since the round of this week, or an older house wrote the row
    WARN = "warn"  # to say on both sides from when on it would go
    GO = "go"  # that was said; it goes


# A tip that still waits for an answer never goes by the clock: what was not read must not be lost in silence.
GOES: Final = frozenset({Status.ANSWERED, Status.CLOSED})


@dataclass(frozen=True)
class Look:
    """The Monday of the week in which a tip is next looked at, and what for."""

    week: date
    step: Step


@dataclass(frozen=True)
class Terms:
    """How many days words stay, and an empty thread after them (0: none is left); and how long before its end is said.

    All are counted from the Monday after the last act, in whole weeks rounded up: never shorter than said, and at most
    two weeks longer.
    """

    words_days: int
    number_days: int
    warning_days: int

    @classmethod
    def of(cls, settings: Settings) -> "Terms":
        """As the house is set."""
        return cls(settings.tip_days, settings.tip_number_days, settings.tip_warning_days)

    @property
    def leaves_number(self) -> bool:
        """Whether a number still opens an empty thread once the words are gone."""
        return self.number_days > 0


def monday(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def first_look(week: date, terms: Terms, *, is_empty: bool) -> Look:
    """After an act that the round of `week` (a Monday) found. `is_empty`: the words are gone, the number opens it.

    The time that the warning takes comes off the end, so that the whole is as long as was said.
    """
    days = terms.number_days if is_empty else terms.words_days
    return Look(week + max(_weeks(days) - _weeks(terms.warning_days), 1) * WEEK, Step.WARN)


def after_warning(week: date, terms: Terms) -> Look:
    """From the week in which it is said on both sides. However late that is, the whole warning is given."""
    return Look(week + _weeks(terms.warning_days) * WEEK, Step.GO)


def goes_from(step: Step, look: str, status: Status) -> date | None:
    """The day from which a tip would go unless somebody does something; None where nothing was said yet."""
    if step is not Step.GO or status not in GOES or not look:
        return None
    return date.fromisoformat(look)


def waits_beyond(step: Step, look: str, status: Status, today: date) -> bool:
    """Whether a tip stands only because nobody has answered it: by its clock it would have been warned of by now."""
    return status not in GOES and step is not Step.FRESH and bool(look) and date.fromisoformat(look) <= today


def _weeks(days: int) -> int:
    return -(-days // WEEK.days)
