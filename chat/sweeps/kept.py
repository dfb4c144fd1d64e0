"""Deletes what was kept by agreement once its last day is past."""

import logging
from typing import Final

from portal.errors import PorchlightError
from portal.records.entries import Entries

EVERY_MS: Final = 10 * 60_000

_log = logging.getLogger("porchlight.chat.kept")


class KeptSweep:
    """Any process may do it, several at once, and again after a kill."""

    def __init__(self, entries: Entries) -> None:
        self._entries = entries
        self._at_ms = 0
        self._owes_an_empty_log = False

    async def sweep(self, now_ms: int) -> None:
        """Every few minutes; with the database away, at a later time."""
        if now_ms - self._at_ms < EVERY_MS:
            return
        self._at_ms = now_ms
        try:
            if await self._entries.forget_over() or self._owes_an_empty_log:
                self._owes_an_empty_log = True
                self._owes_an_empty_log = not await self._entries.empty_log()
        except PorchlightError as error:
            _log.warning("kept_not_swept error=%s", type(error).__name__)
