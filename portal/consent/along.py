"""Lets consents and decisions go with what they belong to, and on their own last day; a search shows they are gone."""

from collections.abc import Iterable
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from portal.consent.book import Consents
from portal.consent.held import HeldThings
from portal.consent.tables import consents
from portal.consent.terms import Subject
from portal.duty.book import Duty
from portal.duty.tables import decision_words, decisions
from portal.records.case_proving import CaseProving
from portal.store.database import Database

TABLES: Final = (consents, decisions, decision_words)


class Along:
    """One for each process. Every act raises `DatabaseAway` when the database does not answer."""

    def __init__(
        self, database: Database, consents: Consents, duty: Duty, held: HeldThings, proving: CaseProving
    ) -> None:
        self._database = database
        self._consents = consents
        self._duty = duty
        self._held = held
        self._proving = proving

    async def forget(self, connection: AsyncConnection, about: Iterable[Subject]) -> None:
        """Delete what was agreed and decided about these things, in the transaction that erases them."""
        things = list(about)
        for book in (self._consents, self._duty):
            gone = await book.taken(connection, things)
            await self._proving.erased(connection, gone)

    async def forget_over(self) -> bool:
        """Delete whatever's last day is past, unless a hold keeps it; whether there was any."""
        was_any = False
        for book in (self._consents, self._duty):
            async with self._database.read() as connection:
                if not await book.past(connection):
                    continue
            async with self._database.write() as connection:
                gone = await book.over(connection, self._held.among)
                await self._proving.erased(connection, gone)
                was_any |= bool(gone)
        return was_any

    async def held_over(self, connection: AsyncConnection) -> set[bytes]:
        """The rows whose last day is past and that a hold keeps, by their names."""
        found: set[bytes] = set()
        for book in (self._consents, self._duty):
            about = await book.past(connection)
            stay = await self._held.among(connection, set(about.values()))
            found |= {row for row, subject in about.items() if subject in stay}
        return found

    async def empty_log(self) -> bool:
        """Leave nothing of what was deleted in the database's log and files; False: ask again."""
        return await self._database.checkpoint(*TABLES)
