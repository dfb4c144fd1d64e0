"""Puts rows of the tip room into a database and counts them, for the tests of the server that keeps them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

import pytest
from sqlalchemy import insert, select

from portal.settings import Secret
from portal.store.database import Database
from tips.tables import tip_keys, tips

CANARY: Final = b"canary of a key that was erased!"


async def keep(database: Database, tip: bytes, copy: bytes = CANARY) -> None:
    """One tip with its keys."""
    async with database.write() as connection:
        await connection.execute(insert(tips).values(id=tip, day="", status="", receipt="", card=b""))
        await connection.execute(insert(tip_keys).values(tip=tip, words_copy=copy, names_copy=copy))


async def count(database: Database) -> int:
    """How many tips there are."""
    async with database.read() as connection:
        return len((await connection.execute(select(tips.c.id))).all())


@pytest.fixture
async def database(empty_rows: Secret) -> AsyncIterator[Database]:
    """A database of this test's own, as the migrations leave it."""
    database = Database(empty_rows)
    yield database
    await database.close()
