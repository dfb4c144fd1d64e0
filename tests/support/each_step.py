"""Looks at a database before and after one migration, and writes into it what the version before would write."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, MetaData, Table, create_engine, func, select
from sqlalchemy.dialects import postgresql, sqlite

from portal.store.database import INDEX
from tests.support.rows_of_all_kinds import value

OF_ITSELF = "alembic_version"


@dataclass(frozen=True)
class Stood:
    """What stood in one table: how many rows, and a sum over all of them by the columns it had then."""

    count: int
    total: str


def known(connection: Connection) -> MetaData:
    """The tables as they are there, by the database's own account."""
    found = MetaData()
    found.reflect(connection, only=lambda name, _of: not name.startswith(INDEX) and name != OF_ITSELF)
    return found


def stands(connection: Connection, tables: MetaData) -> dict[str, Stood]:
    """Every row of these tables, told by the columns that `tables` knows."""
    return {table.name: _stood(connection, table) for table in tables.sorted_tables}


def _stood(connection: Connection, table: Table) -> Stood:
    told = sorted(repr(tuple(row)) for row in connection.execute(select(table)))
    return Stood(len(told), hashlib.sha256("\n".join(told).encode()).hexdigest())


def writes(connection: Connection, tables: MetaData, each: int, seed: int) -> int:
    """So many rows more in each of these tables, naming those columns alone; how many rows there are more.

    A row that another one stands in the way of (a number that is there once only) is left out.
    """
    chance = random.Random(seed)
    insert: Any = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    before = _count(connection, tables)
    for table in tables.sorted_tables:
        keys = {
            rule.parent.name: list(connection.execute(select(rule.column)).scalars()) for rule in table.foreign_keys
        }
        rows = [
            {
                column.name: chance.choice(keys[column.name])
                if column.name in keys
                else value(column, chance, seed * 1_000 + at)
                for column in table.columns
            }
            for at in range(each)
        ]
        connection.execute(insert(table).on_conflict_do_nothing(), rows)
    return _count(connection, tables) - before


def _count(connection: Connection, tables: MetaData) -> int:
    return sum(
        connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables.sorted_tables
    )


def carried(source: str, there: Connection) -> int:
    """Copy every row of a file of rows (`source`, its path) into the same tables there; how many."""
    engine = create_engine(f"sqlite:///{source}")
    total = 0
    with engine.connect() as here:
        tables = known(there)
        for table in tables.sorted_tables:
            rows = [dict(row._mapping) for row in here.execute(select(table))]
            if rows:
                there.execute(table.insert(), rows)
            total += len(rows)
    engine.dispose()
    return total
