"""Erases tips so that neither the file nor its log holds them, and finishes what a kill left half done."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Final

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.consent.terms import Kind, Subject
from portal.ids import ID_SIZE
from portal.services import Services
from portal.staff.tables import grants
from portal.store.database import DatabaseAway
from tips import store
from tips.files import store as files
from tips.files.tables import tip_file_holds, tip_file_keys
from tips.parts import day_of
from tips.staying.holds import HoldList
from tips.staying.searching import Searching
from tips.tables import tip_keys, tip_shelf_keys

_log = logging.getLogger("porchlight.tips")

# Whatever lies in these opens something for who holds a grant: on a server they are written anew where one was deleted.
KEYS: Final = (tip_keys, tip_shelf_keys, tip_file_keys, tip_file_holds)
TRIES: Final = 20
PAUSE_SECONDS: Final = 0.1
SWEEP_SECONDS: Final = 600.0
SOON_SECONDS: Final = 5.0


class Retention:
    """The one function that erases, and the sweep that makes sure of it."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self.holds = HoldList(services)
        self.searching = Searching(services)
        services.held.tips = self._held

    async def erase(self, tip_id: bytes) -> None:
        """Remove pictures, keys, words and row in one transaction, then what is left of the keys. Safe to do twice.

        Of a tip that a hold keeps the reporter's way in goes, by the same statements; the rest goes when the hold ends.
        SQLite's write-ahead log is emptied; on PostgreSQL the tables of the keys are written anew, and the words, which
        open for nobody without their key, are left to the server's own cleaning.
        Raises DatabaseAway. A reader of another process may stand in the way for a moment; it is tried for two seconds
        here, and again by the sweep.
        """
        async with self._services.database.write() as connection:
            await self.let_go(connection, [tip_id])
        await self.empty_the_log(*KEYS)

    async def let_go(self, connection: AsyncConnection, tip_ids: Sequence[bytes]) -> int:
        """Erase these inside the caller's transaction, but what holds keep; how many went. The log is the caller's."""
        stay = (await self.holds.read(connection)).stay
        # Asked by the same statements for a tip that a hold keeps: nothing hangs on a name of nobody.
        gone = [Subject(Kind.TIP, bytes(ID_SIZE) if each in stay else each) for each in tip_ids]
        await self._services.along.forget(connection, gone)
        await self.searching.remember(connection, tip_ids)
        await files.erase_of_tips(connection, tip_ids, stay=stay)
        return await store.let_go(connection, tip_ids, day_of(self._services.clock.now()), stay=stay)

    async def _held(self, connection: AsyncConnection) -> frozenset[bytes]:
        return (await self.holds.read(connection)).stay

    async def sweep(self) -> None:
        """Empty the log at the start, for an erasing a kill came after, and then often. Runs as long as the process."""
        while True:
            try:
                is_empty = await self._services.database.checkpoint(*KEYS, grants, is_sweep=True)
            except DatabaseAway:
                is_empty = False
                _log.warning("tip_sweep_waits")
            await asyncio.sleep(SWEEP_SECONDS if is_empty else SOON_SECONDS)

    async def empty_the_log(self, *tables: Table) -> bool:
        """Empty the log of what was deleted, as far as two seconds go; the sweep does the rest. Raises DatabaseAway.

        `tables`: those that on a server are written anew for it; none where what was deleted opens for nobody any more.
        """
        for _ in range(TRIES):
            if await self._services.database.checkpoint(*tables):
                return True
            await asyncio.sleep(PAUSE_SECONDS)
        _log.warning("tip_log_not_empty_yet")
        return False
