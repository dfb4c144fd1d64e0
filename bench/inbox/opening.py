"""Opens a hundred thousand tips' seals one by one, and the same tips from shelves of different sizes."""

from __future__ import annotations

import resource
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from portal.vault import shelves, tips as vault
from portal.vault.compartments import new_compartment
from portal.vault.tips import TipKeys
from tips import parts, shelf
from tips.shelf import Standing
from tips.tip import Card, Child, Path, Status, Urgency

PEPPER = secrets.token_bytes(32)
TIPS = new_compartment()
NAMES = new_compartment()
WORDS = "a van without windows comes at night and the women who work there are never seen to go out alone " * 12
SAMPLE = 5_000
SIZES = (50, 100, 250, 500, 1000)


@dataclass(frozen=True)
class Cost:
    """What one way of opening costs, for so many tips."""

    name: str
    seconds: float
    longest_step_ms: float
    stored_mb: float


def one_by_one(tips: int) -> Cost:
    """A Seal and a Box for each tip, as its own row has them; a sample, and the rest by multiplication."""
    sample = []
    for _ in range(SAMPLE):
        name, keys = secrets.token_bytes(16), TipKeys.new()
        copies = vault.staff_copies(
            keys,
            name,
            tips_public=TIPS.public,
            tips_version=1,
            names_public=NAMES.public,
            names_version=1,
            pepper=PEPPER,
        )
        sample.append((name, copies.words, parts.seal_card(keys.words, name, card())))
    began = time.perf_counter()
    for name, copy, box in sample:
        parts.open_card(vault.open_words_key(copy, {1: TIPS.private}, name, [PEPPER]), name, box)
    took = (time.perf_counter() - began) * tips / SAMPLE
    stored = sum(len(copy) + len(box) for _, copy, box in sample) / SAMPLE * tips / 1e6
    return Cost("one by one: cards", took, took / tips * 1000, stored)


def by_shelf(tips: int, size: int) -> tuple[Cost, Cost]:
    """The cards of all tips from shelves of this size, and all their folded words searched for two terms."""
    body = shelf.encode([Standing(secrets.token_bytes(16), datetime.now(UTC).date(), Status.NEW, card())] * size)
    most = min(size, shelves.MOST_WORDS // (len(WORDS) + 5))
    words = shelf.encode([WORDS] * most)
    name = secrets.token_bytes(16)
    sealed = shelves.seal_shelf(name, body, words, tips_public=TIPS.public, tips_version=1, pepper=PEPPER)
    number = tips // size
    listed = [
        _timed(lambda: shelf.decode_cards(shelves.open_shelf_cards(_key(name, sealed), name, sealed.cards)))
        for _ in range(number)
    ]
    searched = [_timed(lambda: _search(name, sealed)) for _ in range(min(number, 100))]
    return (
        Cost(f"shelves of {size}: cards", sum(listed), max(listed) * 1000, len(sealed.cards) * number / 1e6),
        Cost(
            f"shelves of {size}: a search",
            sum(searched) / len(searched) * tips / most,
            max(searched) * 1000,
            len(sealed.words) * tips / most / 1e6,
        ),
    )


def _key(name: bytes, sealed: shelves.SealedShelf) -> bytes:
    return shelves.open_shelf_key(sealed.copy, {1: TIPS.private}, name, [PEPPER])


def _search(name: bytes, sealed: shelves.SealedShelf) -> int:
    words = shelf.decode_words(shelves.open_shelf_words(_key(name, sealed), name, sealed.words))
    return sum("elephant" in each and "night" in each for each in words)


def _timed(do: object) -> float:
    began = time.perf_counter()
    do()  # type: ignore[operator]
    return time.perf_counter() - began


def card() -> Card:
    """A card as the form makes it."""
    return Card("es", Path.SAW, Urgency.DAY, Child.UNSURE, True, datetime.now(UTC))


def show(costs: Sequence[Cost]) -> None:
    """The table."""
    print(f"  {'':30} {'seconds':>9} {'longest step, ms':>17} {'stored, MB':>11}")
    for cost in costs:
        print(f"  {cost.name:30} {cost.seconds:9.2f} {cost.longest_step_ms:17.2f} {cost.stored_mb:11.0f}")


def main(tips: int) -> None:
    """All of it, and the most memory this process has held."""
    print(f"\nOpening {tips:,} tips, one processor, nothing read from a disk")
    costs = [one_by_one(tips)]
    for size in SIZES:
        costs += by_shelf(tips, size)
    show(costs)
    print(f"  most memory held by this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
