"""Deletes referrals whose last day is past, in any process, again and again."""

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from portal.directory.referrals import Referrals
from portal.errors import PorchlightError

EVERY_S: Final = 600.0

_log = logging.getLogger("porchlight.directory")


class LettingGo:
    """Owes an empty log until the database has emptied it."""

    def __init__(self, book: Referrals, waits: Callable[[], bool] = lambda: False) -> None:
        """`waits`: whether the clock is not to be believed just now."""
        self._book = book
        self._waits = waits
        self._owes = False

    async def run(self) -> None:
        """For as long as the process lives; with the database away, at a later time."""
        while True:
            try:
                if not self._waits():
                    await self.once()
            except PorchlightError as error:
                _log.warning("referrals_not_swept error=%s", type(error).__name__)
            await asyncio.sleep(EVERY_S)

    async def once(self) -> None:
        """What is due now."""
        self._owes = await self._book.forget_over() or self._owes
        if self._owes:
            self._owes = not await self._book.empty_log()
