"""Keeps the book of signed statements: reads it whole at the start, then line by line, and writes new lines."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.staff.keys_folder import KeysFolder
from portal.staff.tables import statements
from portal.store.database import Database
from portal.vault.statements import ChainBroken, Ledger, Statement


@dataclass
class BookPage:
    """An open page of the book: the transaction it is written in, and the ledger as it stands on it."""

    connection: AsyncConnection
    ledger: Ledger

    async def write(self, make: Callable[[Ledger], Statement]) -> Statement:
        """Sign and append one statement; `make` gets the ledger it will follow.

        Raises ChainBroken when the statement does not verify: nothing is ever written that could not be read back.
        """
        statement = make(self.ledger)
        self.ledger = self.ledger.follow(statement)
        await self.connection.execute(
            insert(statements).values(n=statement.n, body=statement.body, signature=statement.signature)
        )
        return statement


class StatementBook:
    """The only road from a stored row to a believed public key.

    A row proves nothing: whoever can write the database can write rows. What counts is the chain of signatures that
    begins at the root key outside the database, and the highest number ever seen, kept beside that key: a chain that
    became shorter is a chain somebody rolled back.
    """

    def __init__(self, database: Database, folder: KeysFolder) -> None:
        self._database = database
        self._folder = folder
        self._ledger: Ledger | None = None
        self._kept_head = 0
        self._one_at_a_time = asyncio.Lock()

    async def current(self) -> Ledger:
        """The verified book, with every line appended since the last call.

        Raises ChainBroken when a line is missing, changed, wrongly signed or rolled back, KeysFolderWrong when the
        root key cannot be read, DatabaseAway when the rows cannot. The caller then seals nothing.
        """
        async with self._one_at_a_time:
            async with self._database.read() as connection:
                ledger = await self._read(connection)
            await self._keep_head(ledger)
            return ledger

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[BookPage]:
        """Open a transaction to append statements and the rows they describe; both are kept, or neither.

        The head number outside the database is raised after the commit: a kill in between leaves a book longer than
        its head, which the next reader verifies and catches up with; the other order would look like a rollback.
        """
        async with self._one_at_a_time:
            async with self._database.write() as connection:
                page = BookPage(connection, await self._read(connection))
                yield page
            self._ledger = page.ledger
            await self._keep_head(page.ledger)

    async def _read(self, connection: AsyncConnection) -> Ledger:
        last = await connection.scalar(select(func.max(statements.c.n))) or 0
        known = self._ledger
        if known is None:
            rows = await connection.execute(select(statements).order_by(statements.c.n))
            root_public, head = await asyncio.to_thread(self._outside)
            known = Ledger.verify([_statement(row) for row in rows], root_public, head)
            self._kept_head = head
        elif last < known.head:
            raise ChainBroken("the key book became shorter")
        elif last > known.head:
            rows = await connection.execute(
                select(statements).where(statements.c.n > known.head).order_by(statements.c.n)
            )
            for row in rows:
                known = known.follow(_statement(row))
        self._ledger = known
        return known

    def _outside(self) -> tuple[bytes, int]:
        return self._folder.root_public(), self._folder.head()

    async def _keep_head(self, ledger: Ledger) -> None:
        if ledger.head > self._kept_head:
            await asyncio.to_thread(self._folder.raise_head, ledger.head)
            self._kept_head = ledger.head


def _statement(row: Any) -> Statement:  # Any: a row of the database, typed nowhere before this line
    return Statement(n=row.n, body=row.body, signature=row.signature)
