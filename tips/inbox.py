"""Lists the tips for somebody at the desk: what she chose, in order, a page at a time, however many there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import groupby
from typing import Final

from msgspec import structs

from portal.breathing import breathing
from portal.services import Services
from portal.staff.sessions.session import Signed
from portal.vault.errors import VaultError
from tips import copying, shelf, shelf_rows, store
from tips.access import Doors
from tips.copying import ShelfKeys
from tips.crowd.heaping import NO_HEAPS, Heaping, Heaps, Member
from tips.older import Older
from tips.shelf import EVERYTHING, PAGE, Choice, Standing, last_page
from tips.shelf_rows import ShelfRow
from tips.staying import rows as clocks
from tips.tip import Status, urgency_rank
from tips.work import colleagues
from tips.work.colleagues import Colleague, Colleagues
from tips.work.deeds import A_SUPERVISOR
from tips.work.house_labels import HouseLabels
from tips.workroom import Workroom

MOST_LOOSE: Final = 1_500
"""Each loose tip is a seal to open. Of more than these, the newest, the urgent ones are looked for behind the page."""

NONE: Final = (0, 0, 0, 0)

_SHELVES_AT_ONCE: Final = 20
_LOOSE_AT_ONCE: Final = 50


@dataclass(frozen=True)
class Inbox:
    """A page of the list as far as this person's grants reach: counts for everyone of the room, rows for holders.

    `total` tips are chosen, `by_rank` of them of each rank of urgency; `waiting` more are not put on a shelf yet, of
    which `unlooked` may still hold something urgent (None: not asked). Of a heap of near-identical tips only the first
    is a row. `fresh` of them came since somebody last looked, by rank. `going`: those rows that go soon, and from which
    day on. `names` are the aliases of everybody, `labels` those of the house, `left` counts what is chosen and with
    somebody who left.
    """

    counts: Mapping[Status, int]
    rows: tuple[Standing, ...]
    may_read: bool
    today: date
    choice: Choice = EVERYTHING
    page: int = 1
    total: int = 0
    by_rank: tuple[int, ...] = (0, 0, 0, 0)
    waiting: int = 0
    heaps: Heaps = NO_HEAPS
    fresh: tuple[int, ...] = NONE
    going: Mapping[bytes, str] = field(default_factory=dict)
    unlooked: int | None = None
    me: bytes = b""
    names: Mapping[bytes, str] = field(default_factory=dict)
    labels: Sequence[str] = ()
    left: int = 0

    def like(self, tip: Standing) -> int:
        """How many others are folded into this row."""
        return len(self.heaps.others.get(tip.id, ()))

    @property
    def groups(self) -> list[tuple[int, list[Standing]]]:
        """The rows of this page by their rank of urgency, in order."""
        return [(rank, list(rows)) for rank, rows in groupby(self.rows, _rank)]

    @property
    def last_page(self) -> int:
        """The number of the last page."""
        return last_page(self.total - len(self.heaps.folded))


@dataclass(frozen=True)
class Sealed:
    """All that the list is made of, as it was at one moment and still sealed."""

    counts: Mapping[Status, int]
    loose: Sequence[store.SealedTip] = field(repr=False)
    shelves: Sequence[ShelfRow] = field(repr=False)
    stale: frozenset[bytes] = field(repr=False)
    waiting: int
    unlooked: int | None = None


@dataclass(frozen=True)
class Opened:
    """What was chosen of it, opened, each list in the order of the inbox."""

    loose: list[Standing]
    shelves: Mapping[bytes, list[Standing]]

    @property
    def lists(self) -> list[list[Standing]]:
        """All of them."""
        return [self.loose, *self.shelves.values()]


class Listing:
    """Reads the list. Nothing that was opened outlives the request it was opened for."""

    def __init__(self, services: Services, doors: Doors, workroom: Workroom) -> None:
        self._services = services
        self._doors = doors
        self._workroom = workroom
        self._colleagues = Colleagues(services)
        self._labels = HouseLabels(services)
        self._heaping = Heaping(services, doors, workroom)
        self.older = Older(services, doors, workroom)

    async def page(
        self, signed: Signed, choice: Choice, number: int = 1, *, folds: bool = False, since: datetime | None = None
    ) -> Inbox:
        """One page of what is chosen; the last one where there are not so many. Raises DatabaseAway.

        `folds`: what says nearly the same is one row, with the others in `heaps`. `since`: what came after it counts as
        `fresh`.
        """
        today = self._services.clock.now().date()
        if not signed.compartment_keys("tips"):
            return Inbox((await self.sealed(signed, choice)).counts, (), may_read=False, today=today)
        known = await self._colleagues.known()
        choice = _of_people(choice, signed, known)
        sealed = await self.sealed(signed, choice)
        opened = await self.opened(signed, sealed, choice)
        by_rank = await self._workroom.run(_by_rank, opened.lists)
        heaps = await self._heaping.heaps(signed, opened.loose, opened.shelves) if folds else NO_HEAPS
        total, folded = sum(by_rank), heaps.folded
        page = min(max(1, number), last_page(total - len(folded)))
        lists = [[tip for tip in tips if tip.id not in folded] for tips in opened.lists] if folded else opened.lists
        rows = await self._workroom.run(shelf.page_of, lists, page)
        fresh = NONE if since is None else await self._workroom.run(_by_rank, opened.lists, since)
        told = (heaps, fresh, await self._going(rows))
        inbox = Inbox(sealed.counts, rows, True, today, choice, page, total, by_rank, sealed.waiting, *told)
        gone = frozenset(colleagues.gone(known))
        left = await self._workroom.run(_with_any, opened.lists, gone) if gone else 0
        return replace(await self._named(signed, inbox, known), unlooked=sealed.unlooked, left=left)

    async def heap_of(self, signed: Signed, tip_id: bytes) -> list[Member]:
        """The open tips that say nearly the same as this one, itself among them; empty where there are few.

        Raises DatabaseAway.
        """
        if not signed.compartment_keys("tips"):
            return []
        opened = await self.opened(signed, await self.sealed(signed, EVERYTHING), EVERYTHING)
        return await self._heaping.members(signed, tip_id, opened.loose, opened.shelves)

    async def of_people(self, signed: Signed, choice: Choice) -> Choice:
        """The same choice, with the people it is about where it is about some. Raises DatabaseAway."""
        return _of_people(choice, signed, await self._colleagues.known()) if choice.whose else choice

    async def _named(self, signed: Signed, inbox: Inbox, known: Mapping[bytes, Colleague]) -> Inbox:
        names = {each.id: each.alias for each in known.values()}
        return replace(inbox, me=signed.staff_id, names=names, labels=await self._labels.all())

    async def these(self, signed: Signed, tip_ids: Sequence[bytes], choice: Choice, number: int) -> Inbox:
        """One page of these tips, in this order, each as it is now. Raises DatabaseAway."""
        page = min(max(1, number), last_page(len(tip_ids)))
        shown = tip_ids[(page - 1) * PAGE : page * PAGE]
        async with self._services.database.read() as connection:
            counts = await store.count_by_status(connection)
            found = await store.read_several(connection, shown)
        standing = {tip.id: tip for tip in await self._workroom.run(self._cards, signed, found)}
        rows = tuple(standing[tip] for tip in shown if tip in standing)
        today = self._services.clock.now().date()
        inbox = Inbox(counts, rows, True, today, choice, page, len(tip_ids), going=await self._going(rows))
        return await self._named(signed, inbox, await self._colleagues.known())

    async def _going(self, shown: Sequence[Standing]) -> Mapping[bytes, str]:
        async with self._services.database.read() as connection:
            return await clocks.going(connection, [row.id for row in shown])

    async def sealed(self, signed: Signed, choice: Choice) -> Sealed:
        """What may be chosen of the list; for somebody without the key only counts. Raises DatabaseAway."""
        async with self._services.database.read() as connection:
            counts = await store.count_by_status(connection)
            if not signed.compartment_keys("tips"):
                return Sealed(counts, (), (), frozenset(), 0)
            loose = await store.newest_loose(connection, MOST_LOOSE, choice.statuses)
            older = self.older.urgent - {tip.id for tip in loose}
            loose += await store.read_loose(connection, older, choice.statuses) if older else []
            number = await shelf_rows.count_loose_of(connection, choice.statuses)
            is_open = choice.statuses <= EVERYTHING.statuses
            open_ones = number if is_open else await shelf_rows.count_loose_of(connection, EVERYTHING.statuses)
            stale = await shelf_rows.stale(connection)
            ids = await shelf_rows.shelves_with(connection, choice.statuses)
            shelves: list[ShelfRow] = []
            for at in range(0, len(ids), _SHELVES_AT_ONCE):
                shelves += await shelf_rows.read_cards(connection, ids[at : at + _SHELVES_AT_ONCE])
        waiting = number - len(loose)
        if is_open and waiting:
            self.older.offer(signed)
        elif open_ones <= MOST_LOOSE:
            self.older.rest()
        unlooked = self.older.unlooked(open_ones) if is_open and waiting else None
        return Sealed(counts, loose, shelves, frozenset(stale), waiting, unlooked)

    async def opened(self, signed: Signed, sealed: Sealed, choice: Choice) -> Opened:
        """Open it, some shelves or some tips at a time, and keep what is chosen."""
        today = self._services.clock.now().date()
        keys = ShelfKeys(signed.compartment_keys("tips"), self._doors.live_peppers)
        loose: list[Standing] = []
        for at in range(0, len(sealed.loose), _LOOSE_AT_ONCE):
            tips = await self._workroom.run(self._cards, signed, sealed.loose[at : at + _LOOSE_AT_ONCE])
            loose += [tip for tip in tips if choice.lets(tip, today)]
        shelves: dict[bytes, list[Standing]] = {}
        for at in range(0, len(sealed.shelves), _SHELVES_AT_ONCE):
            some = sealed.shelves[at : at + _SHELVES_AT_ONCE]
            shelves |= await self._workroom.run(_chosen, keys, some, sealed.stale, choice, today)
        return Opened(sorted(loose, key=shelf.place), shelves)

    def _cards(self, signed: Signed, tips: Sequence[store.SealedTip]) -> list[Standing]:
        found = []
        for sealed in breathing(tips):
            tip = self._doors.open_for_staff(signed, sealed)
            if tip is None:
                continue
            try:
                found.append(copying.standing_of(tip))
            except VaultError:
                continue  # One broken seal hides one row and no other.
        return found


def _chosen(
    keys: ShelfKeys, shelves: Sequence[ShelfRow], stale: frozenset[bytes], choice: Choice, today: date
) -> dict[bytes, list[Standing]]:
    return {
        row.id: [tip for tip in keys.cards(row) if tip.id not in stale and choice.lets(tip, today)]
        for row in breathing(shelves)
    }


def _by_rank(lists: Sequence[Sequence[Standing]], since: datetime | None = None) -> tuple[int, ...]:
    ranks = [0, 0, 0, 0]
    for tips in breathing(lists):
        for tip in tips:
            ranks[_rank(tip)] += since is None or tip.card.at > since
    return tuple(ranks)


def _with_any(lists: Sequence[Sequence[Standing]], people: frozenset[bytes]) -> int:
    return sum(tip.desk.assignee in people for tips in breathing(lists) for tip in tips)


def _of_people(choice: Choice, signed: Signed, known: Mapping[bytes, Colleague]) -> Choice:
    match choice.whose:
        case "mine":
            return structs.replace(choice, of=(signed.staff_id,))
        case "eyes":
            also = (A_SUPERVISOR,) if colleagues.supervises(signed) else ()
            return structs.replace(choice, of=(signed.staff_id, *also))
        case "left":
            return structs.replace(choice, of=colleagues.gone(known))
    return choice


def _rank(tip: Standing) -> int:
    return urgency_rank(tip.card.urgency, tip.card.child)
