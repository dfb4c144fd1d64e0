"""Decides who is next in the queue and how long the others will honestly wait."""

import math
from enum import IntEnum
from typing import Final

# Ranks of two tiers never meet: a tier is wider than any time in milliseconds until the year 2286.
TIER_WIDTH: Final = 10**13

TALK_MINUTES: Final = 40  # chats on such lines last 30 to 60 minutes
ANSWER_MINUTES: Final = 3  # with a free advocate: she has to see it, read the card and write
ROUND_TO: Final = 5


class Tier(IntEnum):
    """Who comes first; within a tier the oldest does."""

    RETURNED = 0  # she had an advocate whose line broke: she has waited once already
    URGENT = 1
    ORDINARY = 2


def tier_for(safe: str) -> Tier:
    """The tier an answer to "safe to write?" gives. No other answer moves her: none may be worth a lie."""
    return Tier.URGENT if safe in ("no", "now") else Tier.ORDINARY


def rank(tier: Tier, arrived_ms: int) -> int:
    """The sorting number in the queue: smaller is sooner. Exact as a double (below 2**53)."""
    return tier * TIER_WIDTH + arrived_ms


def tier_of(rank_: float) -> Tier:
    """The tier a rank lies in."""
    return Tier(int(rank_) // TIER_WIDTH)


def honest_minutes(place: int, ready: int, capacity: int, held: int) -> int | None:
    """How long the one at `place` (from 1) waits, in minutes; None when nobody on shift can be counted on.

    `ready`: advocates who take conversations and are alive; `capacity`: places of each; `held`: conversations going
    on. With a free place for her it is the time to answer. Otherwise one place frees every talk length / places,
    rounded up to five minutes: a wait that ends early hurts less than one that ends late.
    """
    places = ready * capacity
    if places <= 0:
        return None
    free = max(0, places - held)
    ahead = max(1, place) - free
    if ahead <= 0:
        return ANSWER_MINUTES
    return math.ceil((ANSWER_MINUTES + ahead * TALK_MINUTES / places) / ROUND_TO) * ROUND_TO
