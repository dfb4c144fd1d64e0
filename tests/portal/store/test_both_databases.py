"""What a commit promises, on a file and on a server alike."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Column, ForeignKey, MetaData, String, Table, text
from sqlalchemy.exc import IntegrityError

from portal.settings import Secret
from portal.store.database import Database
from portal.store.once import insert_once
from tests.portal.store.test_database import names, put
from tests.support.postgres import Postgres

ROOM = "CREATE TABLE room (name TEXT PRIMARY KEY, holds TEXT REFERENCES room (name))"
room = Table("room", MetaData(), Column("name", String, primary_key=True), Column("holds", ForeignKey("room.name")))


@pytest.fixture(params=["a file", "a server"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path | Secret]:
    """Where the rows are, with one table."""
    if request.param == "a file":
        with closing(sqlite3.connect(tmp_path / "house.db")) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute(ROOM)
        yield tmp_path / "house.db"
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.database() as name:
        server.run(ROOM, name)
        yield server.address(name)


@pytest.fixture
async def database(place: Path | Secret) -> AsyncIterator[Database]:
    database = Database(place)
    yield database
    await database.close()


async def test_what_was_written_is_there_and_what_broke_is_not(database: Database) -> None:
    await put(database, "hall")

    async def break_off() -> None:
        async with database.write() as connection:
            await connection.execute(text("INSERT INTO room (name) VALUES ('attic')"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await break_off()

    assert await names(database) == ["hall"]


async def test_a_broken_rule_of_a_table_stays_what_it_is(database: Database) -> None:
    await put(database, "hall")
    with pytest.raises(IntegrityError):
        await put(database, "hall")

    async def point_nowhere() -> None:
        async with database.write() as connection:
            await connection.execute(text("INSERT INTO room VALUES ('a', 'no such room')"))

    with pytest.raises(IntegrityError):
        await point_nowhere()

    await put(database, "kitchen")


async def test_writers_of_one_process_wait_for_each_other_and_none_is_lost(database: Database) -> None:
    async def count_one() -> None:
        async with database.write() as connection:
            seen = (await connection.execute(text("SELECT count(*) FROM room"))).scalar()
            await asyncio.sleep(0)
            await connection.execute(text("INSERT INTO room (name) VALUES (:name)"), {"name": f"{seen:03}"})

    await asyncio.gather(*(count_one() for _ in range(30)))

    assert await names(database) == [f"{number:03}" for number in range(30)]


async def test_two_processes_worth_of_writers_never_see_a_stale_number(
    place: Path | Secret, database: Database
) -> None:
    other = Database(place)

    async def count_one(which: Database) -> None:
        async with which.write() as connection:
            seen = (await connection.execute(text("SELECT count(*) FROM room"))).scalar()
            await connection.execute(text("INSERT INTO room (name) VALUES (:name)"), {"name": f"{seen:03}"})

    await asyncio.gather(*(count_one(which) for _ in range(10) for which in (database, other)))
    await other.close()

    assert await names(database) == [f"{number:03}" for number in range(20)]


async def test_a_reader_sees_one_moment_and_holds_nobody_up(database: Database) -> None:
    async with database.read() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM room"))).scalar() == 0
        await put(database, "hall")
        assert (await connection.execute(text("SELECT count(*) FROM room"))).scalar() == 0

    assert await names(database) == ["hall"]


async def test_a_write_that_is_cancelled_leaves_the_pen_to_the_next(database: Database) -> None:
    entered = asyncio.Event()

    async def hold_the_pen() -> None:
        async with database.write() as connection:
            await connection.execute(text("INSERT INTO room (name) VALUES ('half')"))
            entered.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(hold_the_pen())
    await entered.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    await put(database, "whole")
    assert await names(database) == ["whole"]


async def test_what_is_there_is_not_written_again_and_breaks_nothing(database: Database) -> None:
    async with database.write() as connection:
        assert await insert_once(connection, room, name="hall")
        assert not await insert_once(connection, room, name="hall", holds="hall")
        assert await insert_once(connection, room, name="attic", holds="hall")

    assert await names(database) == ["attic", "hall"]
