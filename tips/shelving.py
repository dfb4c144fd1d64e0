"""Puts loose tips on shelves, for a person whose keys are open, a shelf at a time."""

from collections.abc import Mapping, Sequence
from datetime import date

from portal.breathing import breathing
from portal.services import Services
from portal.staff.sessions.session import Signed
from portal.vault.shelves import SealedShelf
from tips import copying, shelf, shelf_rows, store
from tips.access import Doors
from tips.copying import Copied, ShelfKeys
from tips.shelf import Batch, Loose
from tips.shelf_rows import STANDS, Place
from tips.workroom import Workroom

LOOKED_AT_ONCE = 2_000
OPENED_AT_ONCE = 50


class Shelving:
    """The act. Whatever goes wrong in it, tips stay where they are or become loose; none is lost, none shown twice."""

    def __init__(self, services: Services, doors: Doors, workroom: Workroom) -> None:
        self._services = services
        self._doors = doors
        self._workroom = workroom

    async def due(self) -> list[Batch]:
        """What may be put up now, batch by batch. Raises DatabaseAway."""
        today = self._services.clock.now().date()
        async with self._services.database.read() as connection:
            before, todays = await shelf_rows.count_loose(connection, today.isoformat())
            last = await shelf_rows.last_day(connection)
            until = shelf.first_day_to_wait(before, todays, date.fromisoformat(last) if last else None, today)
            if until is None:
                return []
            standing = await shelf_rows.count_standing(connection)
        return await self._workroom.run(shelf.together, await self._loose(until), standing)

    async def put_up(self, signed: Signed, batch: Batch) -> bool:
        """Put one batch up; True when it stands.

        False when a tip of it was changed or erased meanwhile, or another desk was first: then nothing was done. Raises
        DatabaseAway, ChainBroken.
        """
        async with self._services.database.read() as connection:
            seen = await shelf_rows.places(connection, batch.loose, batch.gone)
            before = {name: await shelf_rows.read_shelf(connection, name) for name in batch.gone}
        stood = await self._stood(signed, seen, before)
        if stood is None:
            return False
        opened = await self._opened(signed, [tip for tip, place in seen.items() if place.loose != STANDS])
        stands = await self._workroom.run(copying.fits, [*stood, *opened])
        return await self._exchange(seen, stands, batch.gone)

    async def _loose(self, until: date) -> list[Loose]:
        found: list[Loose] = []
        after = ("", b"")
        while True:
            async with self._services.database.read() as connection:
                rows = await shelf_rows.loose_before(connection, until.isoformat(), after=after, limit=LOOKED_AT_ONCE)
            found += [each for _, each in rows]
            if len(rows) < LOOKED_AT_ONCE:
                return found
            after = (rows[-1][0], rows[-1][1].tip)

    async def _stood(
        self, signed: Signed, seen: Mapping[bytes, Place], before: Mapping[bytes, SealedShelf | None]
    ) -> list[Copied] | None:
        keys = ShelfKeys(signed.compartment_keys("tips"), self._doors.live_peppers)
        stood: list[Copied] = []
        for name, sealed in before.items():
            whole = None if sealed is None else await self._workroom.run(keys.whole, name, sealed)
            if whole is None:
                return None
            stood += [tip for tip in whole if seen.get(tip.standing.id) == Place(name, STANDS)]
        return stood

    async def _opened(self, signed: Signed, tip_ids: Sequence[bytes]) -> list[Copied]:
        opened: list[Copied] = []
        for at in range(0, len(tip_ids), OPENED_AT_ONCE):
            wanted = tip_ids[at : at + OPENED_AT_ONCE]
            async with self._services.database.read() as connection:
                tips = await store.read_several(connection, wanted)
                kept = await store.read_parts_of(connection, wanted)
            opened += await self._workroom.run(self._copied, signed, tips, kept)
        return opened

    def _copied(
        self, signed: Signed, tips: Sequence[store.SealedTip], kept: Mapping[bytes, list[store.SealedPart]]
    ) -> list[Copied]:
        found = []
        for sealed in breathing(tips):
            tip = self._doors.open_for_staff(signed, sealed)
            made = None if tip is None else copying.copied(tip, kept.get(sealed.id, []))
            if made is not None:
                found.append(made)
        return found

    async def _exchange(self, seen: Mapping[bytes, Place], stands: Sequence[Copied], gone: Sequence[bytes]) -> bool:
        if not stands:
            return False
        ledger = await self._services.staff.ledger.current()
        # To the version the tips themselves are sealed to: a shelf lets nobody in whom they do not.
        public = ledger.compartment_version("tips", stands[0].version)
        if public is None:
            return False
        day = self._services.clock.now().date().isoformat()
        new = await self._workroom.run(copying.seal, stands, public, self._doors.newest_pepper, day)
        async with self._services.database.write() as connection:
            return await shelf_rows.put_up(connection, new, seen=seen, gone=gone)
