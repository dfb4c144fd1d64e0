"""Fills every table of a house with rows of every kind a column can hold, for whoever carries rows elsewhere."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, create_engine, insert, select
from sqlalchemy.engine import Connection
from sqlalchemy.types import JSON

from portal.store.database import metadata

TEXTS = ("", "été", "مساعدة", "a'b\"c\\d", "x" * 40)


def fill(path: Path, *, each: int, seed: int = 7, many: Mapping[str, int] | None = None) -> int:
    """`each` rows in every table (`many`: other numbers for some); how many there are now."""
    chance = random.Random(seed)
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        total = 0
        for table in metadata.sorted_tables:
            wanted = (many or {}).get(table.name, each)
            keys = {rule.parent.name: _there(connection, rule.column) for rule in table.foreign_keys}
            only = list(table.primary_key.columns)
            found: dict[tuple[Any, ...], dict[str, Any]] = {}
            for at in range(wanted):
                row = {
                    column.name: chance.choice(keys[column.name]) if column.name in keys else value(column, chance, at)
                    for column in table.columns
                }
                found.setdefault(tuple(row[column.name] for column in only) or (at,), row)
            total += connection.execute(insert(table).prefix_with("OR IGNORE"), list(found.values())).rowcount
    engine.dispose()
    return total


def value(column: Column[Any], chance: random.Random, at: int) -> Any:
    """Something this column can hold."""
    kind = column.type.dialect_impl(_SQLITE)
    if column.nullable and chance.random() < 0.3:
        return None
    if isinstance(column.type, JSON):
        return [at, {"a": [None, True, "é"]}]
    if isinstance(kind, Boolean):
        return chance.random() < 0.5
    if isinstance(column.type, BigInteger):
        return chance.choice((at, 2**40 + at, -(2**62)))
    if isinstance(kind, Integer):
        return at if column.primary_key else chance.choice((at, 2**31 - 1, -(2**31)))
    if isinstance(kind, LargeBinary):
        size = getattr(column.type, "length", None) or chance.choice((0, 1, 300))
        return (
            chance.choice((bytes(size), b"\0" + chance.randbytes(max(0, size - 1))))
            if at % 5 == 0
            else chance.randbytes(size)
        )
    text = f"{at:06d}" if column.primary_key else chance.choice(TEXTS)
    return text[: getattr(column.type, "length", None) or 40]


def _there(connection: Connection, column: Column[Any]) -> list[Any]:
    return list(connection.execute(select(column)).scalars())


_SQLITE = create_engine("sqlite://").dialect
