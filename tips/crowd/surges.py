"""Decides when far more tips come than usual, from how many came on each day and in this hour."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

DAYS: Final = 28
"""Days before today that say what is usual."""

FEWEST_DAYS: Final = 7
"""A house that is younger does not know yet what is usual: it only counts as a surge what is many for anybody."""

MANY_A_DAY: Final = 20
MANY_AN_HOUR: Final = 10
TIMES_A_DAY: Final = 3
TIMES_AN_HOUR: Final = 8  # hours differ more among themselves than days do


@dataclass(frozen=True)
class Surge:
    """More than usual: how many came today and in this hour, and on a usual day."""

    today: int
    this_hour: int
    usual: int


def surge_of(today: int, this_hour: int, before: Sequence[int]) -> Surge | None:
    """The surge there is, if any. `before`: how many came on each day before today, since the first with one.

    The middle one of them is usual, so that one wild day makes the next no surge.
    """
    usual = median(before) if len(before) >= FEWEST_DAYS else 0
    is_day = today > max(MANY_A_DAY, TIMES_A_DAY * usual)
    is_hour = this_hour > max(MANY_AN_HOUR, TIMES_AN_HOUR * usual / 24)
    return Surge(today, this_hour, round(usual)) if is_day or is_hour else None
