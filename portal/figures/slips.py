"""Knows the slip that a chat leaves for the figures: what became of it, sealed, with the month and nothing else clear.

One says in which language somebody asked, another what became of her wait; nothing joins the two. Opened a quarter at a
time, by whoever closes it, and erased with that.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final, Literal

import msgspec

Became = Literal["asked", "answered", "left", "missed"]
ENDINGS: Final[tuple[Became, ...]] = ("answered", "left", "missed")

# A wait is kept as the step it lies in: no wait of anybody's is known to the second.
STEPS_S: Final = (30, 60, 120, 180, 300, 600, 900, 1800)
HOURS: Final = 7 * 24


class Slip(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`wait`: the number of the step of `STEPS_S` it lies below, `len(STEPS_S)` for a longer one. `hour`: of the week,
    0 for Monday before one, by the house's clock. `language`: of one that says `asked`, and of no other.
    """

    became: Became
    language: str = ""
    wait: int = 0
    hour: int = 0

    def __repr__(self) -> str:
        return "Slip(...)"


class SealedSlip(msgspec.Struct, frozen=True, array_like=True):
    """A slip, sealed and not yet put in."""

    id: bytes
    month: str
    sealed: bytes

    def __repr__(self) -> str:
        return "SealedSlip(...)"


def step_of(seconds: float) -> int:
    """The step a wait lies in."""
    return next((at for at, step in enumerate(STEPS_S) if seconds < step), len(STEPS_S))


def became(*, was_held: bool, waited_s: float, how: str, patience_s: float) -> Became:
    """What became of somebody who asked for a chat: it began, or she left before the choice was put to her, or nobody
    came by then, or the house closed.
    """
    if was_held:
        return "answered"
    return "missed" if how == "closed" or waited_s >= patience_s else "left"


def months_of(slips: Iterable[tuple[str, Slip]]) -> dict[str, dict[str, int]]:
    """By month, how many were answered, left, missed."""
    found: dict[str, Counter[str]] = {}
    for month, slip in slips:
        if slip.became in ENDINGS:
            found.setdefault(month, Counter())[slip.became] += 1
    return {month: dict(counts) for month, counts in found.items()}


def chats_of(slips: Iterable[Slip]) -> dict[str, dict[str, int]]:
    """By `asked` the languages; of those who were answered, by `waits` the steps; by `came` and `missed` the hours."""
    found: dict[str, Counter[str]] = {"asked": Counter(), "waits": Counter(), "came": Counter(), "missed": Counter()}
    for slip in slips:
        if slip.became == "asked":
            found["asked"][slip.language] += 1
            continue
        found["came"][str(slip.hour)] += 1
        if slip.became == "answered":
            found["waits"][str(slip.wait)] += 1
        elif slip.became == "missed":
            found["missed"][str(slip.hour)] += 1
    return {name: dict(counts) for name, counts in found.items()}


def step_at(waits: Mapping[str, int], share: float) -> int:
    """The step in which this share of the waits is reached: 0.5 for the median, 0.9 for nine of ten."""
    total, so_far = sum(waits.values()), 0
    for step in range(len(STEPS_S) + 1):
        so_far += waits.get(str(step), 0)
        if so_far >= share * total:
            return step
    return len(STEPS_S)
