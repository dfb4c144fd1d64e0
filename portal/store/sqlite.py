"""Keeps the rows in a file of this machine: SQLite, one writer at a time, nothing erased left behind."""

import os
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from portal.store.away import DatabaseAway
from portal.store.bounds import BUSY_SECONDS, READERS, WAIT_FOR_THE_PEN

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


class SqliteFile:
    """One process's way to the database file at ``path``.

    The file must exist (the start of the server makes it): a process that finds it gone says so rather than
    make an empty one and acknowledge words into it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.readers = _engine(path, "BEGIN", READERS)
        self.writer = _engine(path, "BEGIN IMMEDIATE", 1)
        self._file: tuple[int, int] | None = None

    async def look(self) -> None:
        """Raise ``DatabaseAway`` when the file is gone.

        A connection to a file that was moved away would still take words, and lose them with it.
        """
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

    def was_silent(self) -> None:
        """Nothing: a file that others write waits no longer for being asked again."""

    def answered(self) -> None:
        """Nothing to remember."""

    async def begin_writing(self, _connection: AsyncConnection) -> None:
        """Nothing more: ``BEGIN IMMEDIATE`` has taken the file's own lock."""

    async def try_disk(self, _connection: AsyncConnection) -> None:
        """Nothing: the file lies on a disk of this machine, whose room is looked at by itself."""

    async def empty(self, *_tables: str, is_sweep: bool = False) -> bool:
        """Move the write-ahead log into the file and empty it; False when a reader still stood in the way."""
        async with self.writer.connect() as connection:
            raw: Any = (await connection.get_raw_connection()).driver_connection
            cursor = await raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy, _pages, _moved = await cursor.fetchone()
            await cursor.close()
            return not busy

    async def close(self) -> None:
        """Give every connection back. The last process to close empties the write-ahead log."""
        await self.readers.dispose()
        await self.writer.dispose()


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
