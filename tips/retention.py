"""Erases tips so that neither the file nor its log holds them, and finishes what a kill left half done."""

import asyncio
import logging
from typing import Final

from sqlalchemy import Table

from portal.services import Services
from portal.store.database import DatabaseAway
from tips import store
from tips.files import store as files
from tips.files.tables import tip_file_holds, tip_file_keys
from tips.parts import day_of
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

    async def erase(self, tip_id: bytes) -> None:
        """Remove pictures, keys, words and row in one transaction, then what is left of the keys. Safe to do twice.

        SQLite's write-ahead log is emptied; on PostgreSQL the tables of the keys are written anew, and the words, which
        open for nobody without their key, are left to the server's own cleaning.
        Raises DatabaseAway. A reader of another process may stand in the way for a moment; it is tried for two seconds
        here, and again by the sweep.
        """
        today = day_of(self._services.clock.now())
        async with self._services.database.write() as connection:
            await files.erase_of_tip(connection, tip_id)
            await store.erase(connection, tip_id, today)
        await self.empty_the_log(*KEYS)

    async def sweep(self) -> None:
        """Empty the log at the start, for an erasing a kill came after, and then often. Runs as long as the process."""
        while True:
            try:
                is_empty = await self._services.database.checkpoint(*KEYS, is_sweep=True)
            except DatabaseAway:
                is_empty = False
                _log.warning("tip_sweep_waits")
            await asyncio.sleep(SWEEP_SECONDS if is_empty else SOON_SECONDS)

    async def empty_the_log(self, *tables: Table) -> None:
        """Empty the log of what was deleted, as far as two seconds go; the sweep does the rest. Raises DatabaseAway.

        `tables`: those that on a server are written anew for it; none where what was deleted opens for nobody any more.
        """
        for _ in range(TRIES):
            if await self._services.database.checkpoint(*tables):
                return
            await asyncio.sleep(PAUSE_SECONDS)
        _log.warning("tip_log_not_empty_yet")
