"""The database on a server: what is asked of every line, how long anything waits, and what an erasure takes along."""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select, text
from sqlalchemy.exc import IntegrityError

from portal.settings import Secret
from portal.staff import audit
from portal.staff.tables import audit as audit_lines, invitations
from portal.store.away import judged
from portal.store.database import Database, DatabaseAway
from portal.store.postgres import THE_PEN
from tests.support.postgres import Postgres, running_postgres
from tips.tables import tip_keys, tips

CANARY = b"canary of a key that was erased!"


@pytest.fixture
async def database(empty_rows: Secret) -> AsyncIterator[Database]:
    database = Database(empty_rows)
    yield database
    await database.close()


async def keep(database: Database, tip: bytes, copy: bytes = CANARY) -> None:
    async with database.write() as connection:
        await connection.execute(insert(tips).values(id=tip, day="", status="", receipt="", card=b""))
        await connection.execute(insert(tip_keys).values(tip=tip, words_copy=copy, names_copy=copy))


async def forget(database: Database) -> None:
    async with database.write() as connection:
        await connection.execute(delete(tip_keys))


async def count(database: Database) -> int:
    async with database.read() as connection:
        return len((await connection.execute(select(tips.c.id))).all())


@pytest.mark.parametrize(
    ("way", "isolation", "is_readonly"), [("read", "repeatable read", "on"), ("write", "read committed", "off")]
)
async def test_every_line_is_set_to_be_safe(database: Database, way: str, isolation: str, is_readonly: str) -> None:
    expected = {
        "transaction_isolation": isolation,
        "transaction_read_only": is_readonly,
        "synchronous_commit": "on",
        "lock_timeout": "5s",
        "statement_timeout": "6s",
        "idle_in_transaction_session_timeout": "10s",
    }
    async with getattr(database, way)() as connection:
        for name, value in expected.items():
            assert (await connection.execute(text(f"SHOW {name}"))).scalar() == value


async def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(DatabaseAway):
        async with database.read() as connection:
            await connection.execute(insert(tips).values(id=b"t", day="", status="", receipt="", card=b""))


async def test_what_only_grows_is_neither_changed_nor_taken_away(database: Database) -> None:
    async with database.write() as connection:
        await audit.line(connection, at=datetime(2026, 3, 4, tzinfo=UTC), act="tip.opened", staff_id=b"s")
    for statement in ("UPDATE audit_lines SET act = 'x'", "DELETE FROM audit_lines", "TRUNCATE audit_lines"):
        with pytest.raises(IntegrityError, match="append-only"):
            async with database.write() as connection:
                await connection.execute(text(statement))


async def test_lines_of_the_audit_have_no_gap_where_an_act_was_rolled_back(database: Database) -> None:
    async def note(act: str) -> None:
        async with database.write() as connection:
            await audit.line(connection, at=datetime(2026, 3, 4, tzinfo=UTC), act=act, staff_id=b"s")
            if act == "broken":
                raise RuntimeError

    await note("first")
    with pytest.raises(RuntimeError):
        await note("broken")
    await note("second")

    async with database.read() as connection:
        assert (await connection.execute(select(audit_lines.c.n).order_by(audit_lines.c.n))).scalars().all() == [1, 2]


async def test_a_day_after_2038_is_kept(database: Database) -> None:
    ends = int(datetime(2041, 1, 1, tzinfo=UTC).timestamp())
    row = {"find": b"f", "role": "", "alias": "", "languages": "", "tongue": "", "invited_by": b"", "mark": b""}
    async with database.write() as connection:
        await connection.execute(insert(invitations).values(**row, ends=ends))

    async with database.read() as connection:
        assert (await connection.execute(select(invitations.c.ends))).scalar() == ends


async def test_an_erased_key_is_in_no_file_of_its_table(database: Database, postgres: Postgres) -> None:
    for number in range(20):
        await keep(database, bytes([number]))
    await forget(database)
    name = str(await database_name(database))
    postgres.run("CHECKPOINT")
    assert CANARY in table_bytes(postgres, name), "the file must hold what is to be taken away"
    postgres.run("VACUUM tip_keys", name)
    postgres.run("CHECKPOINT")

    assert await database.checkpoint(tip_keys)

    postgres.run("CHECKPOINT")
    assert CANARY not in table_bytes(postgres, name)


async def database_name(database: Database) -> object:
    async with database.read() as connection:
        return (await connection.execute(text("SELECT current_database()"))).scalar()


def table_bytes(postgres: Postgres, name: str) -> bytes:
    base = postgres.data / "base" / postgres.run(f"SELECT oid FROM pg_database WHERE datname = '{name}'")
    return b"".join(path.read_bytes() for path in sorted(base.iterdir()) if path.is_file())


async def test_a_key_that_somebody_still_sees_is_not_called_erased(database: Database) -> None:
    await keep(database, b"t")
    async with database.read() as connection:
        await connection.execute(select(tips.c.id))
        await forget(database)
        assert not await database.checkpoint(tip_keys)

    assert await database.checkpoint(tip_keys)


async def test_a_table_that_is_being_read_is_asked_for_again_and_holds_nobody_up(database: Database) -> None:
    async with database.read() as connection:
        await connection.execute(select(tip_keys.c.tip))
        async with asyncio.timeout(2):
            assert not await database.checkpoint(tip_keys)


async def test_a_sweep_writes_a_table_anew_only_where_something_was_deleted(database: Database) -> None:
    async def file() -> object:
        async with database.read() as connection:
            return (await connection.execute(text("SELECT pg_relation_filenode('tip_keys')"))).scalar()

    first = await file()
    assert await database.checkpoint(tip_keys, is_sweep=True)
    second = await file()
    assert await database.checkpoint(tip_keys, is_sweep=True)
    assert first != second == await file()

    await keep(database, b"t")
    await forget(database)
    async with database.write() as connection:  # what the statistics know, they know a moment later
        await connection.execute(text("SELECT pg_stat_force_next_flush()"))
    assert await database.checkpoint(tip_keys, is_sweep=True)
    assert second != await file()


async def test_a_writer_that_waits_too_long_gives_up_and_the_next_one_writes(
    database: Database, empty_rows: Secret, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.store.postgres.BUSY_SECONDS", 1)
    other = Database(empty_rows)
    async with other.write():
        began = time.monotonic()
        with pytest.raises(DatabaseAway, match="55P03"):
            await keep(database, b"t")
        assert 0.9 < time.monotonic() - began < 4
    await other.close()

    await keep(database, b"t")
    assert await count(database) == 1


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


async def test_two_processes_write_at_once_and_no_number_is_given_twice(database: Database, empty_rows: Secret) -> None:
    spawned = multiprocessing.get_context("spawn")
    both = [spawned.Process(target=write_lines, args=(empty_rows.reveal(), name)) for name in ("a", "b")]
    for process in both:
        process.start()
    for process in both:
        await asyncio.to_thread(process.join, 30)
        assert process.exitcode == 0

    async with database.read() as connection:
        rows = (await connection.execute(select(audit_lines.c.n, audit_lines.c.act).order_by(audit_lines.c.n))).all()
    assert [row.n for row in rows] == list(range(1, 101))
    assert sorted(row.act for row in rows) == ["a"] * 50 + ["b"] * 50


def write_lines(url: str, act: str) -> None:
    async def write() -> None:
        database = Database(Secret(url))
        for _ in range(50):
            async with database.write() as connection:
                await audit.line(connection, at=datetime(2026, 3, 4, tzinfo=UTC), act=act, staff_id=b"s")
        await database.close()

    asyncio.run(write())


async def test_a_broken_rule_is_told_without_what_it_is_about(database: Database) -> None:
    await keep(database, b"t")
    with pytest.raises(IntegrityError) as broken:
        await keep(database, b"t", copy=b"canary")

    assert "canary" not in str(broken.value)
    assert "canary" not in str(judged(broken.value))


@pytest.fixture
def mortal() -> Iterator[tuple[Postgres, Secret]]:
    """A server of this test's own, to be hurt, with one migrated database."""
    from portal.store.migrate import bring_up_to_date

    with running_postgres() as server, server.database() as name:
        bring_up_to_date(server.address(name))
        yield server, server.address(name)


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


async def test_a_password_that_is_wrong_is_told_to_nobody(postgres: Postgres, tmp_path: Path) -> None:
    wrong = Secret(postgres.url("template1").replace(postgres.password, "canary-wrong"))
    with pytest.raises(DatabaseAway) as refused:
        await count(Database(wrong))

    assert "canary" not in str(refused.value)


def test_the_pen_is_a_number_the_server_can_hold() -> None:
    assert 0 < THE_PEN < 2**63
