"""Keeps what services are found by, and a file's own index of it; a server keeps its index by itself.

Not by triggers: a file of ours trusts nothing in its schema to write into such an index (PRAGMA trusted_schema).
"""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection, delete, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.directory.tables import words

_OUT: Final = text("INSERT INTO directory_index(directory_index, rowid, signs) VALUES ('delete', :number, :signs)")
_IN: Final = text("INSERT INTO directory_index(rowid, signs) VALUES (:number, :signs)")
_AGAIN: Final = text("INSERT INTO directory_index(directory_index) VALUES ('rebuild')")
_BATCH: Final = 200


async def keep(connection: AsyncConnection, found_by: Iterable[tuple[int, str]]) -> None:
    """By what these services are found from now on: their numbers, and their signs."""
    lines = [{"number": number, "signs": signs} for number, signs in found_by]
    if not lines:
        return
    await forget(connection, [int(str(line["number"])) for line in lines])
    await connection.execute(insert(words), lines)
    if connection.dialect.name == "sqlite":
        await connection.execute(_IN, lines)


async def forget(connection: AsyncConnection, numbers: list[int]) -> None:
    """Find these no more."""
    for at in range(0, len(numbers), _BATCH):
        these = words.c.number.in_(numbers[at : at + _BATCH])
        if connection.dialect.name == "sqlite":
            rows = (await connection.execute(select(words).where(these))).all()
            if rows:
                # Its index forgets what it is told, word for word.
                await connection.execute(_OUT, [{"number": row.number, "signs": row.signs} for row in rows])
        await connection.execute(delete(words).where(these))


def index_again(connection: Connection) -> None:
    """Make a file's index anew from its rows: a backup brings those alone."""
    if connection.dialect.name == "sqlite":
        connection.execute(_AGAIN)
