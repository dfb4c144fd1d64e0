"""Says a count so coarsely that nobody finds one person in it: under five is nought, and from there in steps."""

from collections.abc import Mapping
from typing import Final

FLOOR: Final = 5  # fewer than this is nobody
FLOOR_OF_TAIL: Final = 20  # of fewer than this, the slowest tenth is one or two people
STEPS: Final = (0, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)
WAITS: Final = (30, 60, 120, 300, 900, 3_600)
"""Seconds: a wait is said as the first of these it did not pass; one that passed all of them as the last."""


def step(count: int) -> int:
    """The highest step that `count` has reached."""
    return max(each for each in STEPS if each <= max(0, count))


def wait_step(seconds: float) -> int:
    """The bucket a wait falls into."""
    return next((each for each in WAITS if seconds <= each), WAITS[-1])


def waited(counts: Mapping[int, int], quantile: float) -> int | None:
    """Within how many seconds this part of those who waited were taken, as a step; None where they were too few.

    `counts`: how many fell into each of `WAITS`.
    """
    total = sum(counts.values())
    if total < (FLOOR if quantile <= 0.5 else FLOOR_OF_TAIL):
        return None
    reached = 0
    for each in WAITS:
        reached += counts.get(each, 0)
        if reached >= quantile * total:
            return each
    return WAITS[-1]
