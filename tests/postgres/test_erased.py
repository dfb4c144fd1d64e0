"""What a room erases on a server takes every table of keys along, and what needs no table moves none."""

from __future__ import annotations

from sqlalchemy import text

from portal.store.database import Database
from tests.tips.conftest import TipHouse, house
from tests.tips.test_filing import file
from tips.retention import KEYS

__all__ = ["house"]


async def files_of_keys(database: Database) -> list[int]:
    """Which files hold the tables of keys now."""
    async with database.read() as connection:
        asked = text("SELECT pg_relation_filenode(CAST(:name AS regclass))")
        return [(await connection.execute(asked, {"name": table.name})).scalar_one() for table in KEYS]


async def test_an_erasing_writes_every_table_of_keys_anew(house: TipHouse) -> None:
    filing = (await file(house, wants_number=False)).filing
    before = await files_of_keys(house.services.database)

    await house.retention.erase(filing.tip)

    after = await files_of_keys(house.services.database)
    assert [was == now for was, now in zip(before, after, strict=True)] == [False] * len(KEYS)


async def test_what_opens_for_nobody_any_more_moves_no_table(house: TipHouse) -> None:
    before = await files_of_keys(house.services.database)

    await house.retention.empty_the_log()

    assert await files_of_keys(house.services.database) == before
