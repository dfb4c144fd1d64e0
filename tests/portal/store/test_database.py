"""The database in a file: how it is opened, what an erasure takes along, and what happens when the file is gone."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from portal.store.database import Database, DatabaseAway

CANARY = "canary of the database"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "house.db"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE room (name TEXT PRIMARY KEY, holds TEXT REFERENCES room (name))")
    connection.close()
    return path


@pytest.fixture
async def database(path: Path) -> AsyncIterator[Database]:
    database = Database(path)
    yield database
    await database.close()


async def put(database: Database, name: str) -> None:
    async with database.write() as connection:
        await connection.execute(text("INSERT INTO room (name) VALUES (:name)"), {"name": name})


async def names(database: Database) -> list[str]:
    async with database.read() as connection:
        return list((await connection.execute(text("SELECT name FROM room ORDER BY name"))).scalars())


@pytest.mark.parametrize("way", ["read", "write"])
@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("secure_delete", 1),
        ("busy_timeout", 5000),
        ("temp_store", 2),
        ("trusted_schema", 0),
    ],
)
async def test_every_connection_is_set_to_be_safe(database: Database, way: str, pragma: str, value: object) -> None:
    async with getattr(database, way)() as connection:
        assert (await connection.execute(text(f"PRAGMA {pragma}"))).scalar() == value


async def test_what_was_erased_is_in_no_file_after_a_checkpoint(database: Database, path: Path) -> None:
    for number in range(50):
        await put(database, f"{CANARY} {number}")
    async with database.write() as connection:
        await connection.execute(text("DELETE FROM room"))
    log = path.with_name("house.db-wal")
    assert CANARY.encode() in log.read_bytes(), "the log must hold what the checkpoint is to take away"

    assert await database.checkpoint()

    assert log.stat().st_size == 0
    assert CANARY.encode() not in path.read_bytes()


async def test_a_checkpoint_says_when_a_reader_still_stood_in_the_way(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.store.sqlite.PRAGMAS", ("PRAGMA busy_timeout=50",))
    await put(database, "hall")
    async with database.read() as connection:
        await connection.execute(text("SELECT count(*) FROM room"))
        await put(database, "kitchen")
        async with asyncio.timeout(8):
            assert not await database.checkpoint()

    assert await database.checkpoint()


async def test_a_file_that_is_gone_is_away_and_is_not_made_again(database: Database, path: Path) -> None:
    await put(database, "hall")
    away = path.rename(path.with_name("away.db"))

    with pytest.raises(DatabaseAway):
        await names(database)
    with pytest.raises(DatabaseAway):
        await put(database, "kitchen")
    with pytest.raises(DatabaseAway):
        await database.checkpoint()
    assert not path.exists()

    away.rename(path)
    assert await names(database) == ["hall"]


async def test_another_file_in_its_place_is_opened_anew(database: Database, path: Path) -> None:
    await put(database, "hall")
    await database.checkpoint()
    for old in path.parent.glob("house.db*"):
        old.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE room (name TEXT PRIMARY KEY, holds TEXT)")
    connection.close()

    await put(database, "kitchen")

    assert await names(database) == ["kitchen"]


async def test_a_file_that_is_no_database_is_away(tmp_path: Path) -> None:
    path = tmp_path / "broken.db"
    path.write_bytes(b"not a database at all" * 400)
    database = Database(path)

    with pytest.raises(DatabaseAway) as away:
        await names(database)
    assert "room" not in str(away.value)
    assert away.value.status == 503
    await database.close()
