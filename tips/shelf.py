"""Says what stands on a shelf, in which order the desk's list shows it, and what a choice lets through."""

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Final, Literal

import msgspec

from tips.tip import Card, Child, Path, Status, Urgency, urgency_rank
from tips.work.card import BLANK, DeskCard

MOST_TIPS: Final = 500
"""Tips on one shelf."""

PAGE: Final = 50
"""Tips on one page of the list."""

Days = Literal["", "today", "week", "month", "older"]
Whose = Literal["", "mine", "nobody", "eyes", "left", "reports"]

# Of the flags of a card: a report waits for a second person, or left before anybody else had looked.
REPORTS: Final = frozenset({"report_waits", "report_owes_look"})


class Standing(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A tip as the list shows it. Its order in an array is a format: what is added comes last and has a default."""

    id: bytes
    day: date
    status: Status
    card: Card
    desk: DeskCard = BLANK


class Choice(msgspec.Struct, frozen=True, array_like=True):
    """What somebody wants to see. An empty field lets everything through; only closed tips have to be asked for.

    `of` are the people that `whose` is about: she who asks, or those who left (`tips.inbox` fills them in).
    """

    status: Status | None = None
    urgency: Urgency = Urgency.UNSAID
    child: Child = Child.UNSAID
    path: Path = Path.UNSAID
    language: str = ""
    from_talk: bool = False
    days: Days = ""
    with_closed: bool = False
    whose: Whose = ""
    label: str = ""
    of: tuple[bytes, ...] = ()

    def lets(self, tip: Standing, today: date) -> bool:
        """Whether this tip is among what is wanted."""
        card = tip.card
        return (
            (tip.status is self.status if self.status is not None else self._is_shown(tip))
            and (not self.urgency or card.urgency is self.urgency)
            and (not self.child or card.child is self.child)
            and (not self.path or card.path is self.path)
            and (not self.language or card.language == self.language)
            and (not self.from_talk or card.from_talk)
            and (not self.days or is_within(tip.day, self.days, today))
            and (not self.whose or self._is_of(tip.desk))
            and (not self.label or self.label in tip.desk.labels)
        )

    @property
    def statuses(self) -> frozenset[Status]:
        """Those it lets through: they stand in clear, so only shelves with one of them need be opened."""
        if self.status is not None:
            return frozenset({self.status})
        return frozenset(Status) if self.with_closed else frozenset(Status) - {Status.CLOSED}

    def _is_of(self, desk: DeskCard) -> bool:
        if self.whose == "nobody":
            return not desk.assignee
        if self.whose == "reports":
            return not REPORTS.isdisjoint(desk.flags)
        if self.whose == "eyes":
            return any(each in self.of for each in desk.eyes)
        return desk.assignee in self.of

    def _is_shown(self, tip: Standing) -> bool:
        return self.with_closed or tip.status is not Status.CLOSED


EVERYTHING: Final = Choice()  # that is open
CLOSED: Final = Choice(status=Status.CLOSED)

# The days of a step, first and last, counted back from today.
_STEPS: Final = {"today": (0, 0), "week": (0, 6), "month": (0, 29), "older": (30, 100_000)}


def is_within(day: date, days: Days, today: date) -> bool:
    """Whether a day lies in one of the steps the list offers; a day to come counts as today."""
    first, last = _STEPS[days or "today"]
    return first <= max(0, (today - day) // timedelta(days=1)) <= last


def place(tip: Standing) -> tuple[int, bool, float, bytes]:
    """Where a tip stands in the list: what is urgent, then what nobody has read, then the newest. None stands twice."""
    card = tip.card
    return urgency_rank(card.urgency, card.child), tip.status is not Status.NEW, -card.at.timestamp(), tip.id


def page_of(shelves: Iterable[Sequence[Standing]], number: int) -> tuple[Standing, ...]:
    """One page of the list, the first being 1. Each of `shelves` is in order already; together they need not be."""
    first = (number - 1) * PAGE
    return tuple(islice(heapq.merge(*shelves, key=place), first, first + PAGE))


def last_page(total: int) -> int:
    """The number of the last page of so many tips; of none, too, there is a first."""
    return max(1, -(-total // PAGE))


CROWD: Final = MOST_TIPS // 2
"""So many loose tips may be put up at any hour; fewer wait for the first time of a day."""

CROWD_OF_TODAY: Final = 2 * MOST_TIPS
"""So many of today's may be put up too: only in a flood, in which the list would be slow without."""


@dataclass(frozen=True)
class Loose:
    """A tip no shelf shows as it is: the shelf an old copy of it lies on, if any, and whether it is closed."""

    tip: bytes
    shelf: bytes | None = None
    is_closed: bool = False


@dataclass(frozen=True)
class Batch:
    """Tips that shall stand together: loose ones, and all of the shelves that go for it."""

    loose: Sequence[bytes]
    gone: Sequence[bytes]


def first_day_to_wait(before: int, todays: int, last: date | None, today: date) -> date | None:
    """Which loose tips may be put up now: those of days before the one given; None when nothing may.

    A shelf tells that its tips were loose at one moment, so it is filled with what many have in common. `before` are
    loose tips of days gone by, `todays` those of today, `last` the newest day on which a shelf was put up.
    """
    if todays >= CROWD_OF_TODAY:
        return today + timedelta(days=1)
    if before >= CROWD or (before and (last is None or last < today)):
        return today
    return None


def together(loose: Iterable[Loose], standing: Mapping[bytes, int]) -> list[Batch]:
    """Which tips shall stand together; `standing`: how many stand where.

    A tip goes back among those it stood with. Others fill shelves, open ones beside open ones, for whoever looks at
    these then opens few shelves, and in the order of their random names. What is left over takes the emptiest shelves
    along, so that there are never many that are nearly empty.
    """
    back: dict[bytes, list[bytes]] = {}
    free: list[bytes] = []
    for each in sorted(loose, key=lambda each: (each.is_closed, each.tip)):
        old = each.shelf
        (back.setdefault(old, []) if old is not None and old in standing else free).append(each.tip)
    batches = [Batch(tips, [old]) for old, tips in back.items()]
    full = len(free) - len(free) % MOST_TIPS
    batches += [Batch(free[at : at + MOST_TIPS], []) for at in range(0, full, MOST_TIPS)]
    rest, taken, room = free[full:], [], MOST_TIPS - len(free[full:])
    for old, number in sorted(standing.items(), key=lambda each: each[1]):
        if old not in back and number < CROWD and number <= room:
            taken.append(old)
            room -= number
    if rest or len(taken) > 1:
        batches.append(Batch(rest, taken))
    return batches


_standings: Final[msgspec.msgpack.Decoder[list[Standing]]] = msgspec.msgpack.Decoder(list[Standing])
_texts: Final[msgspec.msgpack.Decoder[list[str]]] = msgspec.msgpack.Decoder(list[str])


def encode(body: Sequence[Standing] | Sequence[str]) -> bytes:
    """The bytes to seal: the cards of a shelf in the order of the list, or the folded words of each in the same."""
    return msgspec.msgpack.encode(body)


def decode_cards(body: bytes) -> list[Standing]:
    """The cards of a shelf. Raises msgspec.ValidationError when they are something else."""
    return _standings.decode(body)


def decode_words(body: bytes) -> list[str]:
    """The folded words of a shelf's tips. Raises msgspec.ValidationError when they are something else."""
    return _texts.decode(body)
