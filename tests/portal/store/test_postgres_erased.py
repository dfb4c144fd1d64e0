"""What an erasure takes along on a server, and when it may not be called done."""

from __future__ import annotations

import asyncio

from sqlalchemy import delete, select, text

from portal.ids import random_id
from portal.store.database import Database
from tests.support.postgres import Postgres
from tests.support.server_rows import CANARY, database, keep
from tips.tables import tip_keys, tips

__all__ = ["database"]


async def forget(database: Database) -> None:
    async with database.write() as connection:
        await connection.execute(delete(tip_keys))


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


async def test_with_the_settings_we_name_the_servers_log_lets_go_of_an_erased_key_too(
    database: Database, postgres: Postgres
) -> None:
    def log_bytes() -> bytes:
        return b"".join(path.read_bytes() for path in (postgres.data / "pg_wal").iterdir() if path.is_file())

    postgres.run("ALTER SYSTEM SET wal_recycle = off")
    postgres.run("SELECT pg_reload_conf()")
    await keep(database, b"t")
    await forget(database)
    assert await database.checkpoint(tip_keys)
    assert CANARY in log_bytes(), "the log must hold what is to go"

    for _ in range(2):  # as archive_timeout does, in an hour each
        await keep(database, random_id(), copy=b"another")
        postgres.run("SELECT pg_switch_wal()")
        postgres.run("CHECKPOINT")

    assert CANARY not in log_bytes()
