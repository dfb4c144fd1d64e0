"""Lets consents, decisions and referrals go with what they belong to, and on their last day; a search shows it."""

import contextlib
from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from portal.consent.book import Consents
from portal.consent.held import HeldThings
from portal.consent.tables import consents
from portal.consent.terms import Subject
from portal.directory.referral_tables import referrals
from portal.directory.referrals import Referrals
from portal.duty.book import Duty
from portal.duty.tables import decision_words, decisions
from portal.errors import Away
from portal.records.case_proving import CaseProving
from portal.store.database import Database

TABLES: Final = (consents, decisions, decision_words, referrals)


class Along:
    """One for each process. Every act raises `DatabaseAway` when the database does not answer."""

    def __init__(
        self,
        database: Database,
        books: Sequence[Consents | Duty | Referrals],
        held: HeldThings,
        proving: CaseProving,
    ) -> None:
        self._database = database
        self._books = books
        self._held = held
        self._proving = proving
        # Whether something went with what it belonged to, of which the log was not emptied since.
        self._owes = False

    async def forget(self, connection: AsyncConnection, about: Iterable[Subject]) -> None:
        """Delete what was agreed, decided and made for these things, in the transaction that erases them."""
        things = list(about)
        for book in self._books:
            gone = await book.taken(connection, things)
            await self._proving.erased(connection, gone)
            self._owes |= bool(gone)

    async def forget_over(self) -> bool:
        """Delete whatever's last day is past, unless a hold keeps it; whether the log is to be emptied."""
        was_any = self._owes
        for book in self._books:
            async with self._database.read() as connection:
                if not await book.is_past(connection):
                    continue
            async with self._database.write() as connection:
                gone = await book.over(connection, self._held.among)
                await self._proving.erased(connection, gone)
                was_any |= bool(gone)
        return was_any

    async def held_over(self, connection: AsyncConnection) -> set[bytes]:
        """The rows whose last day is past and that a hold keeps, by their names."""
        found: set[bytes] = set()
        for book in self._books:
            about = await book.past(connection)
            stay = await self._held.among(connection, set(about.values()))
            found |= {row for row, subject in about.items() if subject in stay}
        return found

    async def empty_log(self) -> bool:
        """Leave nothing of what was deleted in the log, then search the files for it; False: ask again."""
        if not await self._database.checkpoint(*TABLES):
            return False
        self._owes = False
        with contextlib.suppress(Away, OSError):
            await self._proving.search()
        return True
