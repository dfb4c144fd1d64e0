"""Servers and processes that are killed or stand still: nothing acknowledged is lost, nobody waits for ever."""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import anyio
import pytest
from sqlalchemy import insert, select

from portal.settings import Secret
from portal.staff.tables import audit as audit_lines
from portal.staff.trail import audit
from portal.staff.trail.audit_chain import walk_from
from portal.store.database import Database, DatabaseAway
from portal.vault.statement import NOTHING_SAID
from tests.portal.vault.fixed import fixed_key
from tests.support.chained import chained, keys_at
from tests.support.postgres import Postgres
from tests.support.server_rows import count, database, keep
from tips.tables import tip_keys, tips

__all__ = ["database"]


def hold_the_pen(url: str, is_held: multiprocessing.synchronize.Event) -> None:
    async def hold() -> None:
        async with Database(Secret(url)).write() as connection:
            await connection.execute(insert(tips).values(id=b"half", day="", status="", receipt="", card=b""))
            is_held.set()
            await asyncio.sleep(60)

    asyncio.run(hold())


async def test_a_process_that_is_killed_while_it_writes_leaves_the_pen_and_half_a_word_of_nothing(
    database: Database, empty_rows: Secret
) -> None:
    spawned = multiprocessing.get_context("spawn")
    is_held = spawned.Event()
    process = spawned.Process(target=hold_the_pen, args=(empty_rows.reveal(), is_held))
    process.start()
    try:
        assert await asyncio.to_thread(is_held.wait, 20)
    finally:
        process.kill()
        process.join()

    async with asyncio.timeout(3):
        await keep(database, b"t")
    assert await count(database) == 1


async def test_two_processes_write_at_once_into_one_chain_and_no_number_is_given_twice(
    database: Database, empty_rows: Secret, tmp_path: Path
) -> None:
    keys, acts = keys_at(tmp_path / "keys"), ("tip.opened", "tip.closed")
    spawned = multiprocessing.get_context("spawn")
    both = [spawned.Process(target=write_lines, args=(empty_rows.reveal(), keys, act)) for act in acts]
    for process in both:
        process.start()
    for process in both:
        await asyncio.to_thread(process.join, 30)
        assert process.exitcode == 0

    async with database.read() as connection:
        rows = (await connection.execute(select(audit_lines.c.n, audit_lines.c.act).order_by(audit_lines.c.n))).all()
        walk = await walk_from(connection, NOTHING_SAID, {1: fixed_key("pepper")})
    assert [row.n for row in rows] == list(range(1, 101))
    assert sorted(row.act for row in rows) == sorted(acts * 50)
    assert (walk.breaks, walk.head.number) == ([], 100)


def write_lines(url: str, keys: Path, act: str) -> None:
    async def write() -> None:
        database = chained(Database(Secret(url)), keys)
        for _ in range(50):
            async with database.write() as connection:
                await audit.line(connection, at=datetime(2026, 3, 4, tzinfo=UTC), act=act, staff_id=b"s")
        await database.close()

    asyncio.run(write())


async def test_a_server_that_is_killed_keeps_what_it_took_and_is_back_by_itself(
    mortal: tuple[Postgres, Secret],
) -> None:
    server, address = mortal
    database = Database(address)
    for number in range(20):
        await keep(database, bytes([number]))
    server.kill()
    with pytest.raises(DatabaseAway):
        await count(database)
    with pytest.raises(DatabaseAway):
        await keep(database, b"t")
    with pytest.raises(DatabaseAway):
        await database.checkpoint(tip_keys)

    server.start()

    assert await count(database) == 20
    await keep(database, b"t")
    await database.close()


async def test_a_server_that_was_restarted_meanwhile_is_noticed_before_anybody_is_told(
    mortal: tuple[Postgres, Secret],
) -> None:
    server, address = mortal
    database = Database(address)
    await keep(database, b"t")
    await count(database)
    await asyncio.to_thread(server.kill)
    await asyncio.to_thread(server.start)

    assert await count(database) == 1
    await keep(database, b"u")
    await database.close()


async def test_a_server_that_stands_still_is_away_in_bounded_time(
    mortal: tuple[Postgres, Secret], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.store.postgres.STATEMENT_SECONDS", 1)
    monkeypatch.setattr("portal.store.postgres.CONNECT_SECONDS", 1.0)
    monkeypatch.setattr("portal.store.postgres.SILENCE_SECONDS", 0.3)
    server, address = mortal
    database = Database(address)
    await keep(database, b"t")
    with stopped(server):
        began = time.monotonic()
        with pytest.raises(DatabaseAway):
            await keep(database, b"u")
        with pytest.raises(DatabaseAway):
            await count(database)
        assert time.monotonic() - began < 9

    await anyio.sleep(0.4)  # so long the silence is remembered
    assert await count(database) == 1
    await keep(database, b"v")
    await database.close()


@contextmanager
def stopped(server: Postgres) -> Iterator[None]:
    processes = server.processes()
    for process in processes:
        process.suspend()
    try:
        yield
    finally:
        for process in processes:
            process.resume()
