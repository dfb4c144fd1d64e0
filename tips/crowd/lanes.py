"""Says in which order what is sent is kept when more comes than one process can keep, and what is turned away first."""

import math
from collections.abc import Mapping
from datetime import timedelta
from enum import IntEnum
from typing import Final

from tips.tip import Urgency


class Lane(IntEnum):
    """What is known of something that is sent, without knowing who sends it; the first is kept first."""

    NOW = 0  # it says that it happens now
    CALM = 1  # written at the pace of a hand
    ADDED = 2  # words for a tip that is kept already
    HASTY = 3  # faster than a hand writes, or one of many forms that were opened in the same second


HAND: Final = timedelta(seconds=12)
"""A form that is sent sooner after it was drawn was filled by a script, or pasted: it can wait better than others."""

OF_ONE_SECOND: Final = 3
"""So many forms opened in one second are sent by people; more are one script that opened them in a row."""

PATIENCE_S: Final[Mapping[Lane, float]] = {Lane.CALM: 10.0, Lane.ADDED: 4.0, Lane.HASTY: 0.5}
"""How long something may have to stand in line, seconds; with more before it, it is turned away at once."""

LONGEST_MINUTES: Final = 30


def lane_of(urgency: Urgency, age: timedelta, of_its_second: int) -> Lane:
    """The lane of a form. `age`: since it was drawn; `of_its_second`: those drawn in the same second that are kept."""
    if urgency is Urgency.NOW:
        return Lane.NOW
    return Lane.CALM if age >= HAND and of_its_second < OF_ONE_SECOND else Lane.HASTY


def may_wait(lane: Lane, wait_s: float) -> bool:
    """Whether it stands in line where the wait is so long. What happens now always does."""
    return lane not in PATIENCE_S or wait_s <= PATIENCE_S[lane]


def turn_is_of_the_oldest(number: int) -> bool:
    """Whether the turn of this number is of whoever stands longest, in whatever lane: every fourth is.

    Without it one full lane would shut the ones behind it out for as long as it is full.
    """
    return number % 4 == 3


def honest_minutes(wait_s: float, turned_away: int, each_s: float) -> int:
    """After how many minutes to try again, 1 to LONGEST_MINUTES.

    Then those in line, and all who were just told the same, could be through. `each_s`: what one of them takes.
    """
    return min(LONGEST_MINUTES, max(1, math.ceil((wait_s + turned_away * each_s) / 60)))
