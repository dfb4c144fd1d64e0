"""Rows on their way between a database and a backup, whichever database it is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Table, column, func, insert, select, table
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.store.database import metadata

BATCH_BYTES: Final = 256 * 1024
MOST_ROWS: Final = 500


class Begins(msgspec.Struct, frozen=True, array_like=True):
    """The first piece of every backup: the shape its rows have, and the day they were read."""

    revision: str
    day: str


class Batch(msgspec.Struct, frozen=True, array_like=True):
    """Some rows of one table, values in the order of `columns`."""

    table: str
    columns: list[str]
    rows: list[list[Any]]


_batches: Final = msgspec.msgpack.Decoder(Batch)
_begins: Final = msgspec.msgpack.Decoder(Begins)


def begins(piece: bytes) -> Begins:
    """The first piece. Raises msgspec.ValidationError."""
    return _begins.decode(piece)


def encode(piece: Begins | Batch) -> bytes:
    """The bytes of one piece."""
    return msgspec.msgpack.encode(piece)


async def count(connection: AsyncConnection, tables: Iterable[Table]) -> int:
    """How many rows there are in these tables."""
    return sum([await connection.scalar(select(func.count()).select_from(each)) or 0 for each in tables])


async def read(connection: AsyncConnection, tables: Iterable[Table]) -> AsyncIterator[tuple[bytes, int]]:
    """Every row of these tables as pieces, a batch at a time, never a whole table in memory; each with its rows."""
    for each in tables:
        # SQLAlchemy's names are a kind of text of their own, which is written by nothing else.
        name, columns = str.__str__(each.name), [str.__str__(one.name) for one in each.columns]
        rows: list[list[Any]] = []
        size = 0
        async with connection.stream(select(each)) as found:
            async for row in found:
                rows.append(list(row))
                size += sum(len(value) for value in row if isinstance(value, bytes | str))
                if size > BATCH_BYTES or len(rows) >= MOST_ROWS:
                    yield encode(Batch(name, columns, rows)), len(rows)
                    rows, size = [], 0
        if rows:
            yield encode(Batch(name, columns, rows)), len(rows)


def batch(piece: bytes) -> Batch:
    """A later piece. Raises msgspec.ValidationError."""
    return _batches.decode(piece)


def write(connection: Connection, found: Batch) -> None:
    """Put a batch into the table it came from, by the names of that day: the table may have grown since.

    Rows that point at a row that is not there are left out: keys taken later than the house know tips it does not.
    """
    known = metadata.tables[found.table]
    kept = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
    for rule in known.foreign_keys:
        name = rule.parent.name
        asked = [row[name] for row in kept if row[name] is not None]
        there = set(connection.execute(select(rule.column).where(rule.column.in_(asked))).scalars())
        kept = [row for row in kept if row[name] is None or row[name] in there]
    if kept:
        # Typed as this version has them, without its defaults: what was not written then is filled by a migration.
        named = table(found.table, *(column(name, known.c[name].type) for name in found.columns))
        connection.execute(insert(named), kept)
