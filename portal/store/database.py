"""The database: rows that must be remembered, read by many and written by one at a time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, Protocol

from sqlalchemy import MetaData, Table
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.pool import QueuePool

from portal.settings import Secret
from portal.store.away import SILENCE, DatabaseAway, judged
from portal.store.bounds import READERS, WAIT_FOR_THE_PEN
from portal.store.sqlite import SqliteFile

__all__ = ["INDEX", "Database", "DatabaseAway", "metadata", "page_of"]

_PAGE: Final = "page"

# What a database keeps for itself to find words by: its own tables, made again from rows that stand elsewhere.
INDEX: Final = "directory_index"

metadata = MetaData(
    # Named rules, so that a migration on any database can find them again.
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Rows(Protocol):
    """What the database needs of wherever its rows are."""

    readers: AsyncEngine
    writer: AsyncEngine

    async def look(self) -> None:
        """Raise ``DatabaseAway`` where it can be seen that nobody would answer."""

    def was_silent(self) -> None:
        """A question got no answer in time."""

    def answered(self) -> None:
        """One did."""

    async def begin_writing(self, connection: AsyncConnection) -> None:
        """Make sure that nobody else writes before this transaction ends; nothing was read in it yet."""

    async def try_disk(self, connection: AsyncConnection) -> None:
        """Have something written that nobody keeps, so that a disk without room says so."""

    async def empty(self, *tables: str, is_sweep: bool = False) -> bool:
        """Leave nothing of what was deleted from ``tables``, as far as it can be done from here. False: ask again.

        ``is_sweep``: only where something was deleted since this process did it last.
        """

    async def close(self) -> None:
        """Give every connection back."""


class Beside(Protocol):
    """Whoever goes along with every writing transaction of a process."""

    def begins(self) -> object:
        """What it hands to a transaction that begins: a page of its own, found again by `page_of`."""

    def was_kept(self, page: object) -> None:
        """The transaction of this page was committed."""


def page_of(connection: AsyncConnection) -> object:
    """The page of whoever goes along with the transaction on this connection; None where nobody does."""
    return connection.info.get(_PAGE)


class Database:
    """One process's way to the rows: a file's path, or the address of a PostgreSQL server.

    `beside` goes along with each writing transaction.
    """

    def __init__(self, place: Path | Secret) -> None:
        self.beside: Beside | None = None
        self._pen = asyncio.Lock()
        self._rows: Rows = SqliteFile(place) if isinstance(place, Path) else _server(place)

    @property
    def is_busy(self) -> bool:
        """Whether every line this process reads by is taken: the next reader waits."""
        pool = self._rows.readers.pool
        return isinstance(pool, QueuePool) and pool.checkedout() >= READERS

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection that sees one moment of the database. Raises ``DatabaseAway``."""
        await self._rows.look()
        try:
            async with self._rows.readers.connect() as connection:
                yield connection
            self._rows.answered()
        except SILENCE as error:
            raise self._judged(error) from None

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A connection that is alone in writing: committed when the block ends, rolled back when it raises.

        One writer at a time in the whole house, in order of asking within a process. So what was read in here stays
        true until the commit, and rooms may look before they write. Raises ``DatabaseAway``; a broken rule of a table
        stays SQLAlchemy's ``IntegrityError``.
        """
        await self._take_the_pen()
        try:
            await self._rows.look()
            async with self._rows.writer.connect() as connection, connection.begin():
                await self._rows.begin_writing(connection)
                page = connection.info[_PAGE] = self.beside and self.beside.begins()
                yield connection
            if self.beside is not None:
                self.beside.was_kept(page)
            self._rows.answered()
        except SILENCE as error:
            raise self._judged(error) from None
        finally:
            self._pen.release()

    async def try_writing(self) -> None:
        """Take the pen as a writer does and put it down again; nothing is kept of it. Raises ``DatabaseAway``."""
        async with self.write() as connection:
            await self._rows.try_disk(connection)

    async def checkpoint(self, *tables: Table, is_sweep: bool = False) -> bool:
        """Leave nothing of what was erased from ``tables``.

        On SQLite the write-ahead log is moved into the file and emptied, whatever the tables. On PostgreSQL the tables
        are written anew, in a sweep only where something was deleted; docs/processes.md says what that server keeps
        all the same. True when it is done; False when somebody still read: ask again. Raises ``DatabaseAway``.
        """
        await self._take_the_pen()
        try:
            await self._rows.look()
            return await self._rows.empty(*(table.name for table in tables), is_sweep=is_sweep)
        except SILENCE as error:
            raise judged(error) from None
        finally:
            self._pen.release()

    async def close(self) -> None:
        """Give every connection back."""
        await self._rows.close()

    def _judged(self, error: Exception) -> Exception:
        if isinstance(error, TimeoutError | PoolTimeout):
            self._rows.was_silent()
        return judged(error)

    async def _take_the_pen(self) -> None:
        try:
            async with asyncio.timeout(WAIT_FOR_THE_PEN):
                await self._pen.acquire()
        except TimeoutError:
            raise DatabaseAway("the writer is busy") from None


def _server(address: Secret) -> Rows:
    # Loaded where it is used: a house with a file needs none of it.
    from portal.store.postgres import PostgresServer

    return PostgresServer(address)
