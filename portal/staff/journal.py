"""Writes lines of the audit that stand beside an act, not inside a transaction of its own."""

import logging
from typing import TYPE_CHECKING

from portal.errors import PorchlightError
from portal.staff import audit

if TYPE_CHECKING:
    from portal.clock import Clock
    from portal.store.database import Database

_log = logging.getLogger("porchlight.staff")


class Journal:
    """What was done, by whom, on which day; never to whom."""

    def __init__(self, database: "Database", clock: "Clock") -> None:
        self._database = database
        self._clock = clock

    async def write(self, act: str, staff_id: bytes) -> None:
        """One line. Raises DatabaseAway: for what must not be done without it."""
        async with self._database.write() as connection:
            await audit.line(connection, at=self._clock.now(), act=act, staff_id=staff_id)

    async def write_if_it_can(self, act: str, staff_id: bytes) -> None:
        """One line for what has happened already, and stands whether or not it can be written down."""
        try:
            await self.write(act, staff_id)
        except PorchlightError as error:
            _log.error("not_noted act=%s error=%s", act, type(error).__name__)
