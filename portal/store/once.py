"""Inserts a row unless one with its key is there, in the words of whichever database is asked."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

# Any: each has an Insert of its own, with the same words.
_INSERT: Final[Mapping[str, Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


async def insert_once(connection: AsyncConnection, table: Table, **values: Any) -> bool:
    """Keep one row, inside the caller's transaction; Any: columns have different types.

    False, and nothing changed, when a row with the same primary key, or the same value where only one may have it, is
    kept already. No IntegrityError is raised for it, which on PostgreSQL would end the transaction.
    """
    row = _INSERT[connection.dialect.name](table).values(**values)
    return bool((await connection.execute(row.on_conflict_do_nothing())).rowcount)
