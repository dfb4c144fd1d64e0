"""Reads a week of hours as people write them, a line a day, and writes it the same way."""

import re
from collections.abc import Iterable
from typing import Final

from i18n.formats import plain_digits
from portal.hours import DAY_MINUTES, Span, do_overlap
from portal.staff.forms import FormWrong
from portal.web.forms import Form

# The fields of the form, Monday first.
WEEK: Final = ("day0", "day1", "day2", "day3", "day4", "day5", "day6")
MOST_A_DAY: Final = 4

_SPAN: Final = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?h?\s*[-\u2013\u2014]\s*(\d{1,2})(?:[:.h](\d{2}))?h?")


def read_week(form: Form) -> tuple[Span, ...]:
    """The spans of a posted week; an empty day has none. Raises FormWrong."""
    spans: list[Span] = []
    wrongs: dict[str, str] = {}
    for weekday, name in enumerate(WEEK):
        try:
            spans += read_day(weekday, form.get(name, ""))
        except ValueError:
            wrongs[name] = "desk.wrong.hours"
    if not wrongs and do_overlap(spans):
        wrongs["day0"] = "desk.wrong.hours_twice"
    if wrongs:
        raise FormWrong(wrongs)
    return tuple(sorted(spans))


def read_day(weekday: int, typed: str) -> list[Span]:
    """The spans of one day: `9-17`, `09:00-12:30, 13:30-17:00`, `22-6` for a night, `0-24` for all of it.

    Raises ValueError for what does not read so.
    """
    pieces = [piece.strip() for piece in re.split(r"[,;\u060c]", plain_digits(typed)) if piece.strip()]
    if len(pieces) > MOST_A_DAY:
        raise ValueError("too many spans")
    return [_span(weekday, piece) for piece in pieces]


def write_week(spans: Iterable[Span]) -> dict[str, str]:
    """Each day's field as `read_week` reads it."""
    kept = sorted(spans)
    return {
        name: ", ".join(
            f"{_time(span.begins)}-{_time(span.ends or DAY_MINUTES)}" for span in kept if span.weekday == weekday
        )
        for weekday, name in enumerate(WEEK)
    }


def _span(weekday: int, piece: str) -> Span:
    found = _SPAN.fullmatch(piece)
    if found is None:
        raise ValueError("not a span")
    begins = _minute(found[1], found[2])
    ends = _minute(found[3], found[4])
    if begins == DAY_MINUTES:
        raise ValueError("no day begins at its end")
    return Span(weekday, begins, ends % DAY_MINUTES)


def _minute(hour: str, minute: str | None) -> int:
    counted = int(hour) * 60 + int(minute or 0)
    if int(minute or 0) > 59 or counted > DAY_MINUTES:
        raise ValueError("no such time")
    return counted


def _time(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
