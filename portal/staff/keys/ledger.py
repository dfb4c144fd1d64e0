"""Keeps the book of signed statements: reads it whole at the start, then line by line, and writes new lines."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.errors import PorchlightError
from portal.staff.keys.keys_folder import KeysFolder
from portal.staff.tables import statements
from portal.store.database import Database
from portal.vault.errors import ChainBroken, RolledBack
from portal.vault.statements import NOTHING_SAID, Head, Kind, Ledger, Statement


class BookBroken(ChainBroken):
    """The key book does not match what this house has seen: somebody changed rows. Nothing is sealed or granted."""

    phrase: ClassVar[str] = "desk.error.book"
    status: ClassVar[int] = 503


class NotSetUp(PorchlightError):
    """Nobody has set this house up yet: there is no book, no key and nobody to sign in."""

    phrase: ClassVar[str] = "desk.error.not_set_up"
    status: ClassVar[int] = 503


@dataclass
class BookPage:
    """An open page of the book: the transaction it is written in, and the ledger as it stands on it."""

    connection: AsyncConnection
    ledger: Ledger

    @property
    def latest(self) -> Head:
        """What the next statement has to follow."""
        return self.ledger.latest

    async def write(self, statement: Statement) -> int:
        """Append one signed statement; returns its number.

        Raises ChainBroken, or the kind of it that fits, when it does not verify: nothing is ever written that could
        not be read back.
        """
        self.ledger = self.ledger.follow(statement)
        await self.connection.execute(insert(statements).values(n=statement.number, line=statement.to_row()))
        return statement.number


class StatementBook:
    """The only road from a stored row to a believed public key.

    A row proves nothing: whoever can write the database can write rows. What counts is the chain of signatures that
    begins at the root key outside the database, and the last line ever seen, kept beside that key: a chain that
    became shorter, or another one, is a chain somebody rolled back.
    """

    def __init__(self, database: Database, folder: KeysFolder) -> None:
        self._database = database
        self._folder = folder
        self._ledger: Ledger | None = None
        self._kept = NOTHING_SAID
        self._one_at_a_time = asyncio.Lock()

    @property
    def root_public(self) -> bytes:
        """The root key the book was verified against, 32 bytes; raises NotSetUp before it was read."""
        if self._ledger is None:
            raise NotSetUp("the book was never read")
        return self._ledger.root

    async def current(self) -> Ledger:
        """The verified book, with every line appended since the last call. It is not to be changed by the caller.

        Raises NotSetUp before the first line is written; BookBroken when a line is missing, changed, wrongly signed
        or rolled back; KeysFolderWrong when the root key cannot be read, DatabaseAway when the rows cannot. The
        caller then seals nothing.
        """
        async with self._one_at_a_time:
            async with self._database.read() as connection:
                ledger = await self._read(connection)
            await self._keep_head(ledger.latest)
            return ledger

    @asynccontextmanager
    async def writing(self, root_public: bytes | None = None) -> AsyncIterator[BookPage]:
        """Open a transaction to append statements and the rows they describe; both are kept, or neither.

        `root_public` is for the set-up alone, which begins the book. The head outside the database is raised after
        the commit: a kill in between leaves a book longer than its head, which the next reader verifies and catches
        up with; the other order would look like a rollback.
        """
        async with self._one_at_a_time:
            async with self._database.write() as connection:
                ledger = Ledger(root_public) if root_public is not None else await self._read(connection)
                # The page's ledger goes on alone: when the transaction is rolled back, what was said was never said.
                page = BookPage(connection, ledger)
                yield page
            self._ledger = page.ledger
            await self._keep_head(page.latest)

    async def _read(self, connection: AsyncConnection) -> Ledger:
        try:
            return await self._follow(connection)
        except BookBroken:
            raise
        except ChainBroken as broken:
            raise BookBroken(str(broken)) from broken

    async def _follow(self, connection: AsyncConnection) -> Ledger:
        if self._ledger is None:
            # Read before the first row is: a head that another process raises in between is then not ahead of us.
            root_public, prepared, kept = await asyncio.to_thread(self._outside)
        last: int = (await connection.execute(select(func.coalesce(func.max(statements.c.n), 0)))).scalar_one()
        if self._ledger is None:
            if not last and kept == NOTHING_SAID:
                # Not remembered: the root key may be that of a set-up that was killed, and the next one brings another.
                raise NotSetUp("the book is empty")
            lines = await self._lines(connection, 0)
            is_renewed = prepared is not None and any(prepared in line.keys for line in lines if line.kind is Kind.ROOT)
            self._ledger = Ledger.verify(lines, prepared if prepared and is_renewed else root_public, kept)
            self._kept = kept
            if is_renewed:
                # A recovery was committed and killed before its files were in their place.
                await asyncio.to_thread(self._folder.settle)
        elif last < self._ledger.head:
            raise RolledBack("the key book became shorter")
        elif last > self._ledger.head:
            for statement in await self._lines(connection, self._ledger.head):
                self._ledger = self._ledger.follow(statement)
        return self._ledger

    async def _lines(self, connection: AsyncConnection, after: int) -> list[Statement]:
        found = await connection.execute(
            select(statements.c.line).where(statements.c.n > after).order_by(statements.c.n)
        )
        return [Statement.from_row(line) for line in found.scalars()]

    def _outside(self) -> tuple[bytes, bytes | None, Head]:
        if not self._folder.is_begun():
            raise NotSetUp("there is no root key")
        return self._folder.root_public(), self._folder.prepared_root(), self._folder.head()

    async def _keep_head(self, latest: Head) -> None:
        if latest.number > self._kept.number:
            await asyncio.to_thread(self._folder.raise_head, latest)
            self._kept = latest
