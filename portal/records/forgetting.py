"""Deletes what is kept until a day, once that day is past, in the rooms behind the desk's pages."""

import logging
from collections.abc import Sequence
from typing import Protocol

from portal.errors import PorchlightError

_log = logging.getLogger("porchlight.records")


class Book(Protocol):
    """What keeps rows until a day."""

    async def forget_over(self) -> bool:
        """Delete every row whose last day is past; whether there was one."""

    async def empty_log(self) -> bool:
        """Leave nothing of what was deleted in the database's log and files; False: ask again."""


class Forgetting:
    """Any process may do it, several at once, and again after a kill."""

    def __init__(self, books: Sequence[Book]) -> None:
        self._books = books
        # From the start: a kill may have come between a deleting and the emptying.
        self._owes = set(range(len(books)))

    async def once(self) -> None:
        """Every book; with the database away, at a later time."""
        try:
            for number, book in enumerate(self._books):
                if await book.forget_over():
                    self._owes.add(number)
                if number in self._owes and await book.empty_log():
                    self._owes.discard(number)
        except PorchlightError as error:
            _log.warning("not_forgotten error=%s", type(error).__name__)
