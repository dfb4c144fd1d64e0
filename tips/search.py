"""Searches the words of all tips for somebody who holds the key: a shelf at a time, and nothing of it is kept."""

import asyncio
import heapq
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from portal.breathing import breathing
from portal.errors import PorchlightError, TooBusy
from portal.services import Services
from portal.staff.sessions.session import Signed
from portal.vault.errors import VaultError
from portal.vault.shelves import SealedShelf
from tips import copying, shelf_rows, store
from tips.access import Doors
from tips.copying import ShelfKeys
from tips.folding import holds
from tips.inbox import Listing
from tips.shelf import Choice, Standing, place
from tips.workroom import Workroom

MOST_FOUND: Final = 1_000
"""So many of what was found can be paged through; the number of all is said."""

_AT_ONCE: Final = 2
_WAIT_SECONDS: Final = 10.0
_LOOSE_AT_ONCE: Final = 50

IsGone = Callable[[], Awaitable[bool]]


class SearchStopped(PorchlightError):
    """Nobody waits for this search any more: the page went, or the same desk began another."""


@dataclass(frozen=True)
class Found:
    """The first of the tips that hold every term, in the order of the list; how many do; how many nobody looked at."""

    tips: tuple[bytes, ...] = field(repr=False)
    total: int
    waiting: int


class Search:
    """The act. One at a time for a desk, few for a process; one shelf's words are open at once in each."""

    def __init__(self, services: Services, doors: Doors, workroom: Workroom, listing: Listing) -> None:
        self._services = services
        self._doors = doors
        self._workroom = workroom
        self._listing = listing
        self._places = asyncio.Semaphore(_AT_ONCE)
        self._newest: dict[bytes, object] = {}

    async def find(self, signed: Signed, choice: Choice, wanted: tuple[str, ...], is_gone: IsGone) -> Found:
        """What is chosen and holds every one of the folded terms. Its line in the audit says that there was a search.

        Raises DatabaseAway, TooBusy, SearchStopped.
        """
        own = self._newest[signed.session] = object()

        async def is_over() -> bool:
            return await is_gone() or self._newest.get(signed.session) is not own

        try:
            async with asyncio.timeout(_WAIT_SECONDS):
                await self._places.acquire()
        except TimeoutError:
            raise TooBusy("other searches are running") from None
        try:
            await self._services.staff.journal.write("tip.searched", signed.staff_id)
            return await self._walk(signed, choice, wanted, is_over)
        finally:
            self._places.release()
            if self._newest.get(signed.session) is own:
                del self._newest[signed.session]

    async def _walk(self, signed: Signed, choice: Choice, wanted: tuple[str, ...], is_over: IsGone) -> Found:
        sealed = await self._listing.sealed(signed, choice)
        opened = await self._listing.opened(signed, sealed, choice)
        keys = ShelfKeys(signed.compartment_keys("tips"), self._doors.live_peppers)
        found: list[list[Standing]] = []
        loose = list(opened.loose)
        for name, chosen in opened.shelves.items():
            if await is_over():
                raise SearchStopped("nobody waits")
            if not chosen:
                continue
            async with self._services.database.read() as connection:
                whole = await shelf_rows.read_shelf(connection, name)
            if whole is None:
                loose += chosen  # Somebody took the shelf down meanwhile: what stood on it is looked for one by one.
                continue
            found.append(await self._workroom.run(_on_shelf, keys, name, whole, chosen, wanted))
        found.append(await self._among_loose(signed, loose, wanted, is_over))
        first = await self._workroom.run(_first, found)
        return Found(first, sum(len(tips) for tips in found), sealed.waiting)

    async def _among_loose(
        self, signed: Signed, loose: Sequence[Standing], wanted: tuple[str, ...], is_over: IsGone
    ) -> list[Standing]:
        found: list[Standing] = []
        for at in range(0, len(loose), _LOOSE_AT_ONCE):
            if await is_over():
                raise SearchStopped("nobody waits")
            some = {tip.id: tip for tip in loose[at : at + _LOOSE_AT_ONCE]}
            async with self._services.database.read() as connection:
                tips = await store.read_several(connection, some)
                kept = await store.read_parts_of(connection, some)
            held = await self._workroom.run(self._holding, signed, tips, kept, wanted)
            found += [some[tip] for tip in held]
        return sorted(found, key=place)

    def _holding(
        self,
        signed: Signed,
        tips: Sequence[store.SealedTip],
        kept: Mapping[bytes, list[store.SealedPart]],
        wanted: tuple[str, ...],
    ) -> list[bytes]:
        found = []
        for sealed in breathing(tips):
            tip = self._doors.open_for_staff(signed, sealed)
            try:
                if tip is not None and holds(copying.words_of(tip, kept.get(sealed.id, [])), wanted):
                    found.append(sealed.id)
            except VaultError:
                continue
        return found


def _on_shelf(
    keys: ShelfKeys, name: bytes, sealed: SealedShelf, chosen: Collection[Standing], wanted: tuple[str, ...]
) -> list[Standing]:
    whole = keys.whole(name, sealed) or []
    held = {tip.standing.id for tip in breathing(whole) if holds(tip.words, wanted)}
    return [tip for tip in chosen if tip.id in held]


def _first(found: Sequence[Sequence[Standing]]) -> tuple[bytes, ...]:
    return tuple(tip.id for tip in islice(heapq.merge(*found, key=place), MOST_FOUND))
