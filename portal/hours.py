"""Decides by a week of hours whether it is time, and when it will next be."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

DAY_MINUTES: Final = 24 * 60
# Two weeks and a day: whatever opens at all opens within them, even where one of its days leaves out just that hour.
_LOOK_AHEAD: Final = timedelta(days=15)


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """From one minute of a weekday (Monday is 0) to another, by the clock on the wall.

    An end that is not after the beginning lies on the next day: 22:00 to 6:00 is a night, 0:00 to 0:00 a whole day.
    """

    weekday: int
    begins: int
    ends: int

    @property
    def is_overnight(self) -> bool:
        """Whether it ends on the day after."""
        return self.ends <= self.begins

    @property
    def length(self) -> int:
        """Its minutes on a day when no clock is changed."""
        return self.ends - self.begins + (DAY_MINUTES if self.is_overnight else 0)

    def holds(self, weekday: int, minute: int) -> bool:
        """Whether this minute of this weekday lies in it."""
        if not self.is_overnight:
            return weekday == self.weekday and self.begins <= minute < self.ends
        if weekday == self.weekday:
            return minute >= self.begins
        return weekday == (self.weekday + 1) % 7 and minute < self.ends


@dataclass(frozen=True, slots=True)
class Days:
    """Weekdays that follow each other and have the same hours: (begin, end) in minutes."""

    first: int
    last: int
    spans: tuple[tuple[int, int], ...]


def is_within(spans: Iterable[Span], at: datetime, zone: tzinfo) -> bool:
    """Whether the clock on the wall of `zone` shows one of these hours at this moment."""
    there = at.astimezone(zone)
    minute = there.hour * 60 + there.minute
    return any(span.holds(there.weekday(), minute) for span in spans)


def next_within(spans: Iterable[Span], at: datetime, zone: tzinfo) -> datetime | None:
    """The first moment from `at` on that lies in these hours, in `zone`; None when there are none.

    Exact on the days when clocks are changed: a span that begins in the hour that is left out begins after it, and an
    hour that comes twice counts twice, as everybody who reads the wall would say.
    """
    kept = tuple(spans)
    if not kept:
        return None
    if is_within(kept, at, zone):
        return at.astimezone(zone)
    # In UTC: two moments of the hour that comes twice are never equal when they are compared across zones.
    now = at.astimezone(UTC)
    begins = [moment for moment in _may_begin(kept, now, zone) if moment > now and is_within(kept, moment, zone)]
    return min(begins).astimezone(zone) if begins else None


def by_days(spans: Iterable[Span]) -> list[Days]:
    """The week as people say it: Monday to Friday, 9:00 to 17:00. Days without hours are left out."""
    week = [tuple((span.begins, span.ends) for span in sorted(spans) if span.weekday == day) for day in range(7)]
    found: list[Days] = []
    for day, hours in enumerate(week):
        if hours and found and found[-1].last == day - 1 and found[-1].spans == hours:
            found[-1] = Days(found[-1].first, day, hours)
        elif hours:
            found.append(Days(day, day, hours))
    return found


def do_overlap(spans: Iterable[Span]) -> bool:
    """Whether two of these share a minute of the week."""
    kept = sorted(spans)
    ends = [span.weekday * DAY_MINUTES + span.begins + span.length for span in kept]
    starts = [span.weekday * DAY_MINUTES + span.begins for span in kept]
    if not kept:
        return False
    around = [*starts[1:], starts[0] + 7 * DAY_MINUTES]
    return any(end > start for end, start in zip(ends, around, strict=True))


def _may_begin(spans: tuple[Span, ...], at: datetime, zone: tzinfo) -> Iterable[datetime]:
    """Every moment at which the hours may begin: their own beginnings, and wherever the clock on the wall jumps."""
    first = at.astimezone(zone).date() - timedelta(days=1)
    for ahead in range(_LOOK_AHEAD.days + 2):
        today = first + timedelta(days=ahead)
        for span in spans:
            if span.weekday == today.weekday():
                yield from _both(today, span.begins, zone)
    yield from _jumps(at, zone)


def _both(today: date, minute: int, zone: tzinfo) -> Iterable[datetime]:
    """A time on the wall is a moment, and two on the night that has an hour twice."""
    there = datetime.combine(today, time(minute // 60, minute % 60), zone)
    yield there.astimezone(UTC)
    yield there.replace(fold=1).astimezone(UTC)


def _jumps(at: datetime, zone: tzinfo) -> Iterable[datetime]:
    """The moments within the next days at which the clock on the wall is put forward or back."""
    before = at.replace(second=0, microsecond=0)
    for _ in range(_LOOK_AHEAD // timedelta(hours=1)):
        after = before + timedelta(hours=1)
        if before.astimezone(zone).utcoffset() != after.astimezone(zone).utcoffset():
            for minutes in range(1, 61):
                moment = before + timedelta(minutes=minutes)
                if moment.astimezone(zone).utcoffset() != before.astimezone(zone).utcoffset():
                    yield moment
                    break
        before = after
