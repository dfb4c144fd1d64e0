"""Clears away what a kill or a lost line left of pictures: half ones, and those whose tip is gone."""

import asyncio
import logging
from typing import Final

from portal.errors import Away
from portal.services import Services
from tips.files import store
from tips.files.tables import tip_file_holds
from tips.files.uploads import alive
from tips.retention import Retention

SWEEP_SECONDS: Final = 300.0

_log = logging.getLogger("porchlight.tips")


class Sweep:
    """Looks at the start and then every few minutes."""

    def __init__(self, services: Services, retention: Retention) -> None:
        self._services = services
        self._retention = retention

    async def run(self) -> None:
        """Runs as long as the process."""
        while True:
            try:
                await self.once()
            except Away:
                # With the ember store away nobody can say which pictures are still on their way: none is touched.
                _log.warning("file_sweep_waits")
            await asyncio.sleep(SWEEP_SECONDS)

    async def once(self) -> int:
        """Remove all that is left behind; how many pictures that were. Raises Away."""
        async with self._services.database.read() as connection:
            arriving = await store.arriving(connection)
            lost = await store.left_behind(connection)
        lives = await self._services.embers.get_many([alive(file_id) for file_id in arriving])
        given_up = [file_id for file_id, lived in zip(arriving, lives, strict=True) if lived is None]
        if not given_up and not lost:
            return 0
        async with self._services.database.write() as connection:
            # Asked again: one of them may have been finished meanwhile.
            still = set(await store.arriving(connection)) | set(await store.left_behind(connection))
            gone = still & {*given_up, *lost}
            for file_id in gone:
                await store.erase_file(connection, file_id)
        await self._retention.empty_the_log(tip_file_holds)
        return len(gone)
