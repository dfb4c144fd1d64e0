"""Deletes what is kept until a day, once that day is past: what a visitor agreed to, and records of contacts."""

import logging
from collections.abc import Sequence
from typing import Final, Protocol

from portal.errors import PorchlightError

EVERY_MS: Final = 10 * 60_000

_log = logging.getLogger("porchlight.chat.kept")


class Book(Protocol):
    """What keeps rows until a day."""

    async def forget_over(self) -> bool:
        """Delete every row whose last day is past; whether there was one."""

    async def empty_log(self) -> bool:
        """Leave nothing of what was deleted in the database's log and files; False: ask again."""


class KeptSweep:
    """Any process may do it, several at once, and again after a kill."""

    def __init__(self, books: Sequence[Book]) -> None:
        self._books = books
        self._at_ms = 0
        self._owes_an_empty_log: set[int] = set()

    async def sweep(self, now_ms: int) -> None:
        """Every few minutes; with the database away, at a later time."""
        if 0 <= now_ms - self._at_ms < EVERY_MS:  # below: the clock was set back
            return
        self._at_ms = now_ms
        try:
            for number, book in enumerate(self._books):
                await self._sweep(number, book)
        except PorchlightError as error:
            _log.warning("kept_not_swept error=%s", type(error).__name__)

    async def _sweep(self, number: int, book: Book) -> None:
        if await book.forget_over() or number in self._owes_an_empty_log:
            self._owes_an_empty_log.add(number)
            if await book.empty_log():
                self._owes_an_empty_log.discard(number)
