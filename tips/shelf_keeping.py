"""Puts tips on shelves behind the desk's pages, a little at a time, while she whose keys it takes is signed in."""

import asyncio
import logging
import time
from typing import Final

from portal.errors import PorchlightError
from portal.services import Services
from portal.staff.keys.lending import Lending
from portal.staff.sessions.session import Signed
from tips import shelf_rows
from tips.shelving import Shelving

_log = logging.getLogger("porchlight.tips")

BEGINS_AFTER_SECONDS: Final = 120.0
"""A house one step older may answer for a moment beside this one; what it erases it would leave on a shelf."""

WORKS_FOR_SECONDS: Final = 300.0
PAUSE_SECONDS: Final = 60.0
MEND_AGAIN_SECONDS: Final = 5.0


class ShelfKeeping:
    """One piece of work at a time in a process. Keys are held while it lasts, and no longer than her session stands."""

    def __init__(self, services: Services, shelving: Shelving) -> None:
        self._services = services
        self._shelving = shelving
        self._lending = Lending()

    def offer(self, signed: Signed) -> None:
        """Somebody with the key is here; what is due may be done with it. Returns at once."""
        if signed.compartment_keys("tips"):
            self._lending.offer(signed)

    async def run(self) -> None:
        """Mend what a restore left, then work whenever it is offered. Runs as long as the process."""
        await self._mend()
        await asyncio.sleep(BEGINS_AFTER_SECONDS)
        await self._lending.serve("shelving", self.work, PAUSE_SECONDS)

    async def work(self, signed: Signed) -> None:
        """Put up what is due, resting as long as each batch took. Raises DatabaseAway, ValkeyAway, ChainBroken."""
        ends = time.monotonic() + WORKS_FOR_SECONDS
        for batch in await self._shelving.due():
            began = time.monotonic()
            if began > ends or not await self._services.staff.sessions.stands(signed.session):
                return
            await self._shelving.put_up(signed, batch)
            await asyncio.sleep(time.monotonic() - began)

    async def _mend(self) -> None:
        while True:
            try:
                async with self._services.database.write() as connection:
                    await shelf_rows.mend(connection)
                return
            except PorchlightError as error:
                _log.warning("shelves_not_mended error=%s", type(error).__name__)
                await asyncio.sleep(MEND_AGAIN_SECONDS)
