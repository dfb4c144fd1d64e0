"""Migrations on a server make the same tables, once however many start, and refuse what would lose words."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.ext.asyncio import create_async_engine

import portal.alerts.tables
import portal.doors_book
import portal.opening
import portal.records.tables
import portal.staff.tables  # noqa: F401
import tips.files.tables
import tips.staying.tables
import tips.tables  # noqa: F401
from portal.settings import Secret
from portal.store.database import INDEX, metadata
from portal.store.migrate import DatabaseNotReady, bring_up_to_date
from portal.store.postgres import connect
from tests.support.postgres import Postgres
from tests.support.source import REPOSITORY


@pytest.fixture
def name(postgres: Postgres) -> Iterator[str]:
    """A database nobody has touched."""
    with postgres.database() as name:
        yield name


async def test_the_migrated_database_has_the_tables_the_rooms_name(empty_rows: Secret) -> None:
    async def call() -> object:
        return await connect(empty_rows, statement_seconds=5)

    engine = create_async_engine("postgresql+asyncpg://", async_creator=call)
    async with engine.connect() as connection:
        compared = {
            "compare_type": True,
            "compare_server_default": True,
            # Over an expression, which SQLAlchemy's names of columns cannot say.
            "include_name": lambda name, *_of: not (name or "").startswith(INDEX),
        }

        def differences(open_connection: object) -> object:
            context = MigrationContext.configure(open_connection, opts=compared)  # type: ignore[arg-type]
            return compare_metadata(context, metadata)

        assert await connection.run_sync(differences) == []
    await engine.dispose()


def test_the_second_start_has_nothing_to_do(postgres: Postgres, name: str) -> None:
    assert bring_up_to_date(postgres.address(name))
    assert not bring_up_to_date(postgres.address(name))


def test_of_three_that_start_at_once_one_migrates(postgres: Postgres, name: str) -> None:
    script = (
        "import sys; from portal.settings import Secret; from portal.store.migrate import bring_up_to_date;"
        "print(bring_up_to_date(Secret(sys.stdin.read())))"
    )
    told = {"cwd": REPOSITORY, "stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    started = [subprocess.Popen([sys.executable, "-c", script], **told) for _ in range(3)]  # type: ignore[call-overload]
    for process in started:
        process.stdin.write(postgres.url(name))
        process.stdin.close()
    said = [process.stdout.read().strip() for process in started]
    assert [process.wait(30) for process in started] == [0, 0, 0]
    for process in started:
        process.stdout.close()

    assert sorted(said) == ["False", "False", "True"]


def test_a_database_of_a_newer_version_is_refused(postgres: Postgres, name: str) -> None:
    bring_up_to_date(postgres.address(name))
    postgres.run("UPDATE alembic_version SET version_num = '9999'", name)

    with pytest.raises(DatabaseNotReady, match="newer version"):
        bring_up_to_date(postgres.address(name))


def test_a_server_that_is_not_there_is_refused_with_a_sentence(postgres: Postgres) -> None:
    nobody = Secret(postgres.url("template1").replace(str(postgres.folder), "/nowhere"))
    with pytest.raises(DatabaseNotReady, match="cannot be used") as refused:
        bring_up_to_date(nobody)

    assert postgres.password not in str(refused.value)


def test_a_wrong_password_is_refused_with_a_sentence_that_does_not_repeat_it(postgres: Postgres) -> None:
    wrong = Secret(postgres.url("template1").replace(postgres.password, "canary-wrong"))
    with pytest.raises(DatabaseNotReady, match="InvalidPasswordError") as refused:
        bring_up_to_date(wrong)

    assert "canary" not in str(refused.value)


def test_a_database_that_cannot_hold_every_script_is_refused(postgres: Postgres) -> None:
    postgres.run("CREATE DATABASE narrow TEMPLATE template0 ENCODING 'LATIN1'")
    try:
        with pytest.raises(DatabaseNotReady, match="UTF8"):
            bring_up_to_date(postgres.address("narrow"))
    finally:
        postgres.run("DROP DATABASE narrow")


def test_a_server_that_does_not_wait_for_its_disk_is_refused(postgres: Postgres, name: str) -> None:
    postgres.run("ALTER SYSTEM SET fsync = off")
    postgres.run("SELECT pg_reload_conf()")

    def start_again_and_again() -> None:
        for _ in range(200):  # the server hears of it a moment later
            bring_up_to_date(postgres.address(name))

    try:
        with pytest.raises(DatabaseNotReady, match="fsync"):
            start_again_and_again()
    finally:
        postgres.run("ALTER SYSTEM RESET fsync")
        postgres.run("SELECT pg_reload_conf()")
