"""The database: rows that must be remembered, read by many and written by one at a time."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData, event
from sqlalchemy.exc import DBAPIError, IntegrityError, TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from portal.errors import Away

READERS = 4
BUSY_SECONDS = 5
WAIT_FOR_THE_PEN = 8.0

# FULL: every commit is on the disk before it is acknowledged, also through a power cut.
# secure_delete: a deleted row's bytes are overwritten, not left in free pages.
# temp_store: sorting a large answer must not put rows into a temporary file.
PRAGMAS = (
    f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA trusted_schema=OFF",
)

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


class DatabaseAway(Away):
    """The database did not answer, is locked for too long, or its file is no longer where it was."""


class Database:
    """One process's way to the database file at ``path``.

    The file must exist (the start of the server makes it): a process that finds it gone says so rather than
    make an empty one and acknowledge words into it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._pen = asyncio.Lock()
        self._readers = _engine(path, "BEGIN", READERS)
        self._writer = _engine(path, "BEGIN IMMEDIATE", 1)
        self._file: tuple[int, int] | None = None

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection that sees one moment of the database. Raises ``DatabaseAway``."""
        await self._look_for_the_file()
        try:
            async with self._readers.connect() as connection:
                yield connection
        except (DBAPIError, PoolTimeout, OSError) as error:
            raise _judged(error) from None

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A connection inside ``BEGIN IMMEDIATE``: committed when the block ends, rolled back when it raises.

        One writer per process, in order of asking; other processes wait on the file's own lock. Raises
        ``DatabaseAway``; a broken rule of a table stays SQLAlchemy's ``IntegrityError``.
        """
        await self._take_the_pen()
        try:
            await self._look_for_the_file()
            async with self._writer.connect() as connection, connection.begin():
                yield connection
        except (DBAPIError, PoolTimeout, OSError) as error:
            raise _judged(error) from None
        finally:
            self._pen.release()

    async def checkpoint(self) -> bool:
        """Move the write-ahead log into the file and empty it, so that what was erased is in neither.

        True when the log is empty; False when a reader still stood in the way, and it is to be asked again.
        Raises ``DatabaseAway``.
        """
        await self._take_the_pen()
        try:
            await self._look_for_the_file()
            async with self._writer.connect() as connection:
                raw: Any = (await connection.get_raw_connection()).driver_connection
                cursor = await raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                busy, _pages, _moved = await cursor.fetchone()
                await cursor.close()
                return not busy
        except (DBAPIError, PoolTimeout, OSError) as error:
            raise _judged(error) from None
        finally:
            self._pen.release()

    async def close(self) -> None:
        """Give every connection back. The last process to close empties the write-ahead log."""
        await self._readers.dispose()
        await self._writer.dispose()

    async def _take_the_pen(self) -> None:
        try:
            async with asyncio.timeout(WAIT_FOR_THE_PEN):
                await self._pen.acquire()
        except TimeoutError:
            raise DatabaseAway("the writer is busy") from None

    async def _look_for_the_file(self) -> None:
        """A connection to a file that was moved away would still take words, and lose them with it."""
        try:
            now = os.stat(self.path)
        except OSError:
            raise DatabaseAway("the file is not there") from None
        identity = (now.st_dev, now.st_ino)
        if self._file is None:
            self._file = identity
        elif self._file != identity:
            self._file = identity
            await self.close()


def _engine(path: Path, begin: str, connections: int) -> AsyncEngine:
    engine = create_async_engine(
        f"sqlite+aiosqlite:///file:{path}?mode=rw&uri=true",
        poolclass=AsyncAdaptedQueuePool,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=WAIT_FOR_THE_PEN,
        # A statement's values would otherwise stand in an error's text, and from there in a log.
        hide_parameters=True,
        connect_args={"timeout": BUSY_SECONDS},
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        # The driver must not begin transactions by itself: which kind is ours to say.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in PRAGMAS:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _judged(error: Exception) -> Exception:
    if isinstance(error, IntegrityError):
        return error
    if isinstance(error, DBAPIError):
        # Only the kind: a driver's text may quote a statement.
        return DatabaseAway(type(error.orig).__name__)
    return DatabaseAway(type(error).__name__)
