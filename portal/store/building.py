"""Makes the place for a database that is put back: a file beside the one that stands, or an empty one on a server."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from sqlalchemy import Connection, func, inspect, select

from portal.settings import Secret
from portal.store.database import metadata
from portal.store.revisions import DatabaseNotReady
from portal.store.sqlite import SqliteFile

if TYPE_CHECKING:
    from portal.store.postgres import PostgresServer

T = TypeVar("T")
_SIDE_FILES: Final = ("-wal", "-shm", "-journal")
_HOUSE: Final = "site_facts"


@contextmanager
def building(
    place: Path | Secret, *, replaces: bool, marks: str
) -> Iterator[tuple[Path | Secret, list[tuple[bytes, str]]]]:
    """Where to build, and what the house that stands there has erased; moved in when the block ends well.

    Raises DatabaseNotReady where a house stands that may not go.
    """
    if isinstance(place, Secret):
        if writing(place, _has_house):
            raise DatabaseNotReady("On that server stands a house already: name an empty database in DATABASE_URL.")
        yield place, []
        return
    if place.exists() and not replaces:
        raise DatabaseNotReady(f"There is a house in {place.parent}: add --replace to put the backup in its place.")
    made = place.with_name(f"{place.name}.restoring")
    _forget(made)
    try:
        yield made, erased_here(place, marks) if place.exists() else []
        for end in _SIDE_FILES:
            place.with_name(place.name + end).unlink(missing_ok=True)
        made.replace(place)
    finally:
        _forget(made)


def writing(place: Path | Secret, act: Callable[[Connection], T]) -> T:
    """Run an act in one transaction of a writer of its own."""

    async def run() -> T:
        home = _home(place)
        try:
            async with home.writer.connect() as connection, connection.begin():
                await home.begin_writing(connection)
                return await connection.run_sync(act)
        finally:
            await home.close()

    return asyncio.run(run())


def count_on(connection: Connection) -> None:
    """Let a server go on counting behind rows that came with numbers of their own; a file does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for each in metadata.sorted_tables:
        number = each.autoincrement_column
        if number is not None and number.autoincrement is True:
            last = connection.scalar(select(func.max(number)))
            if last is not None:
                sequence = func.pg_get_serial_sequence(each.name, number.name)
                connection.execute(select(func.setval(sequence, last)))


def _home(place: Path | Secret) -> SqliteFile | PostgresServer:
    if isinstance(place, Path):
        return SqliteFile(place)
    from portal.store.postgres import PostgresServer

    return PostgresServer(place)


def _has_house(connection: Connection) -> bool:
    if not inspect(connection).has_table(_HOUSE):
        return False
    return connection.exec_driver_sql(f"SELECT 1 FROM {_HOUSE}").first() is not None  # noqa: S608 - a name of ours


def erased_here(path: Path, marks: str, name: str = "tip") -> list[tuple[bytes, str]]:
    """What the house that stands here has erased, by a table of ours and its column of names.

    Empties its write-ahead log, which must not meet another file.
    """
    return _asked(path, marks, f"SELECT {name}, day FROM {marks}")  # noqa: S608 - a room's own names


def acted_here(path: Path, audit: str, act: str) -> set[bytes]:
    """Whatever the audit of the house that stands here says this was done to."""
    found = _asked(path, audit, f"SELECT subject, day FROM {audit} WHERE act = ?", act)  # noqa: S608 - as above
    return {subject for subject, _ in found if subject}


def _asked(path: Path, table: str, statement: str, *values: str) -> list[tuple[bytes, str]]:
    try:
        with closing(sqlite3.connect(path, timeout=10)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            there = connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone()
            return connection.execute(statement, values).fetchall() if there else []
    except sqlite3.DatabaseError:
        raise DatabaseNotReady(
            f"What {path} has erased cannot be read: the file is damaged. Move it away to go on without it."
        ) from None


def _forget(path: Path) -> None:
    for end in ("", *_SIDE_FILES):
        path.with_name(path.name + end).unlink(missing_ok=True)
