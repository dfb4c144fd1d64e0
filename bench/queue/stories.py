"""The stories that docs/capacity.md tells: what a house of some size may meet in a hundred days, or in one bad hour."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from bench.queue.play import Shift, Story

SEED: Final = 20261123
DAYS: Final = 100.0

# How a day's contacts lie over its hours where help lines publish them: few before dawn, most in the evening.
_HOURS: Final = (3, 2, 2, 1, 1, 1, 2, 3, 4, 5, 5, 5, 5, 5, 5, 5, 5, 6, 6, 6, 6, 6, 6, 5)


def by_hour(a_day: float) -> Callable[[float], float]:
    """So many contacts a day, as a rate for each minute of it."""
    whole = sum(_HOURS)
    return lambda minute: a_day * _HOURS[int(minute % 1440) // 60] / whole / 60


def most(a_day: float) -> float:
    """The highest rate of such a day."""
    return a_day * max(_HOURS) / sum(_HOURS) / 60


def staff(by_day: int, by_night: int, speaks: frozenset[str] = frozenset({"en"})) -> list[Shift]:
    """So many from eight to eight, and from eight to eight again."""
    return [Shift(480, 1200, speaks)] * by_day + [Shift(1200, 480, speaks)] * by_night


def ordinary(a_day: float, by_day: int, by_night: int) -> Story:
    """One language, people as they come."""
    return Story(by_hour(a_day), most(a_day), staff(by_day, by_night), DAYS)


def of_languages(*, speaker: bool) -> Story:
    """90 a day; three in ten write Spanish, one in ten something nobody reads. One of five reads Spanish, or none."""
    both = frozenset({"en", "es"})
    shifts = staff(3, 2)
    if speaker:
        shifts[0] = Shift(480, 1200, both)
        shifts[3] = Shift(1200, 480, both)
    tongues = {"en": 0.6, "es": 0.3, "other": 0.1}
    return Story(by_hour(90), most(90), shifts, DAYS, languages=tongues, longer_without_language=1.6)


def after_the_news() -> Story:
    """90 a day, and within the two hours after a broadcast at eight in the evening 60 more."""
    usual = by_hour(90)

    def coming(minute: float) -> float:
        return usual(minute) + (0.5 if 1200 <= minute % 1440 < 1320 else 0.0)

    return Story(coming, most(90) + 0.5, staff(3, 3), DAYS)


def with_scripts(a_minute: float) -> Story:
    """90 a day, and from nine to ten in the evening a script that begins so many conversations a minute and writes."""

    def scripts(minute: float) -> float:
        return a_minute if 1260 <= minute % 1440 < 1320 else 0.0

    return Story(by_hour(90), most(90) + a_minute, staff(3, 3), 10.0, scripts=scripts)


TOLD: Final[dict[str, Story]] = {
    "30 a day, one advocate at a time": ordinary(30, 1, 1),
    "30 a day, two by day and one by night": ordinary(30, 2, 1),
    "90 a day, one at a time": ordinary(90, 1, 1),
    "90 a day, three by day and two by night": ordinary(90, 3, 2),
    "the same, 3 in 10 write Spanish, nobody reads it": of_languages(speaker=False),
    "the same, one of each shift reads Spanish": of_languages(speaker=True),
    "90 a day, three at a time, 60 more in two hours after a broadcast": after_the_news(),
    "90 a day, three at a time, a script that begins 2 a minute for an hour": with_scripts(2),
    "the same, 20 a minute": with_scripts(20),
}
