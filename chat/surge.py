"""Decides when there is a surge, whose turn it is then, who is drawn by lot, and what a desk is shown of the row.

Derived in docs/decisions/0012-the-lottery-in-a-surge.md.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from chat.likeness import heaps_of
from chat.queue import tier_of

WAITING_EACH: Final = 5  # more rows than this for each advocate who takes chats are a surge,
FEWEST: Final = 20  # and never fewer than this: so many can be looked through by eye

Turn = Literal["oldest", "lot", "wide"]

HEAP_SHOWN: Final = 5  # rows of one heap a desk is sent; the others it reads as a number


def is_surge(waiting: int, ready: int) -> bool:
    """Whether far more wait than a row with a name to each can serve. `store/surge_scripts.py` counts the same way."""
    return waiting > max(FEWEST, WAITING_EACH * ready)


def takes_before(place: int, waiting: int, ready: int) -> int:
    """The place by which her wait is counted: in a surge every second take may be somebody's who stands behind her."""
    return 2 * place - 1 if place and is_surge(waiting, ready) else place


def turn_of(number: int) -> Turn:
    """Whose turn the take of this number is: `oldest`, by `lot` within the first tier, or by lot among all (`wide`)."""
    return "oldest" if number % 2 == 0 else "lot" if number % 4 == 1 else "wide"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the queue, as the lottery sees it."""

    conversation: bytes
    rank: int
    mark: bytes  # empty for one that said nothing since the surge began
    is_alive: bool


def draw(rows: Sequence[Row], turn: Turn, below: Callable[[int], int]) -> bytes | None:
    """Who is drawn of `rows`, next first. `below(n)` answers a number from 0 to n - 1. None where nobody lives.

    Each heap has one lot, however many stand in it: first a heap is drawn, then one of it.
    """
    living = [row for row in rows if row.is_alive]
    if not living:
        return None
    first = tier_of(living[0].rank)
    if turn != "wide":
        living = [row for row in living if tier_of(row.rank) is first]
    heaps: dict[int, list[bytes]] = {}
    for row, heap in zip(living, heaps_of([row.mark for row in living]), strict=True):
        heaps.setdefault(heap, []).append(row.conversation)
    drawn = list(heaps.values())[below(len(heaps))]
    return drawn[below(len(drawn))]


@dataclass(frozen=True, slots=True)
class Shown:
    """One row as a desk is shown it. Rows of one `heap` number belong together (0: alone); `like`: how many others."""

    conversation: bytes
    rank: int
    heap: int = 0
    like: int = 0
    is_drawn: bool = False


def shown(rows: Sequence[Row], drawn: bytes | None, most: int) -> list[Shown]:
    """What a desk is shown: whoever is drawn, then the queue as it stands, of each heap its first few."""
    living = [row for row in rows if row.is_alive]
    heaps = heaps_of([row.mark for row in living])
    sizes = Counter(heaps)
    sent: Counter[int] = Counter()
    names: dict[int, int] = {}
    head: list[Shown] = []
    tail: list[Shown] = []
    for row, heap in zip(living, heaps, strict=True):
        is_drawn = row.conversation == drawn
        if not is_drawn and (sent[heap] >= HEAP_SHOWN or len(tail) >= most):
            continue
        sent[heap] += 0 if is_drawn else 1
        like = sizes[heap] - 1
        name = names.setdefault(heap, len(names) + 1) if like else 0
        (head if is_drawn else tail).append(Shown(row.conversation, row.rank, name, like, is_drawn))
    return (head + tail)[:most]
