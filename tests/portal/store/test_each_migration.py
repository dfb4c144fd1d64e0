"""Takes a house of an earlier version up step by step: after each nothing is lost, and the version before can write."""

from __future__ import annotations

import asyncio
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, MetaData, create_engine
from sqlalchemy.ext.asyncio import create_async_engine

from portal.settings import Secret
from portal.store.migrate import FOLDER, bring_up_to_date
from portal.store.postgres import connect
from tests.support.each_step import Stood, carried, known, stands, writes
from tests.support.postgres import Postgres
from tests.support.server_process import REPOSITORY

KEPT = REPOSITORY / "tests" / "golden" / "houses"
VERSIONS = sorted(path.name for path in KEPT.iterdir())
STEPS = sorted(path.name[:4] for path in FOLDER.glob("versions/*.py"))
# Rows of every kind beside those that the kept house's own program wrote.
MADE_UP = 3

Looks = Callable[[Callable[[Connection], Any]], Any]


def kept_rows(version: str, folder: Path) -> Path:
    """The file of rows of this kept house."""
    with tarfile.open(KEPT / version / "house.tar.xz") as packed:
        name = next(each for each in packed.getnames() if each.endswith("porchlight.db"))
        packed.extract(name, folder, filter="data")
    return folder / name


@contextmanager
def file_looks(path: Path) -> Iterator[Looks]:
    engine = create_engine(f"sqlite:///{path}")

    def look(act: Callable[[Connection], Any]) -> Any:
        with engine.begin() as connection:
            return act(connection)

    yield look
    engine.dispose()


@contextmanager
def server_looks(address: Secret) -> Iterator[Looks]:
    async def call() -> object:
        return await connect(address, statement_seconds=60)

    async def done(act: Callable[[Connection], Any]) -> Any:
        engine = create_async_engine("postgresql+asyncpg://", async_creator=call)
        try:
            async with engine.begin() as connection:
                return await connection.run_sync(act)
        finally:
            await engine.dispose()

    yield lambda act: asyncio.run(done(act))


def goes_up(place: Path | Secret, look: Looks, first: str) -> list[str]:
    """Every step from `first` to the newest; what any of them did wrong."""
    wrong: list[str] = []
    look(partial(fills, seed=1))
    for at, step in enumerate([each for each in STEPS if each > first], 2):
        tables, before = look(as_it_stands)
        assert sum(stood.count for stood in before.values()) > len(before)
        bring_up_to_date(place, to=step)
        after = look(partial(stands, tables=tables))
        wrong += [f"{step}: {name}" for name in before if before[name] != after[name]]
        # As the version before writes it; and the new tables are not empty at the next step.
        if not look(partial(writes, tables=tables, each=1, seed=at)):
            wrong.append(f"{step}: the version before cannot write")
        look(partial(fills, seed=at + 500))
    return wrong


def as_it_stands(connection: Connection) -> tuple[MetaData, dict[str, Stood]]:
    found = known(connection)
    return found, stands(connection, found)


def fills(connection: Connection, seed: int) -> int:
    return writes(connection, known(connection), MADE_UP, seed)


def test_each_step_keeps_what_stood_there_and_what_the_version_before_writes(tmp_path: Path) -> None:
    path = kept_rows(VERSIONS[-1], tmp_path)
    with file_looks(path) as look:
        assert goes_up(path, look, VERSIONS[-1]) == []


@pytest.mark.long
@pytest.mark.parametrize("version", ["0001", *VERSIONS])
@pytest.mark.parametrize("engine", ["a file", "a server"])
def test_from_each_version_on_either_engine(tmp_path: Path, postgres: Postgres, version: str, engine: str) -> None:
    """From a kept house, or from the first tables there ever were."""
    rows = kept_rows(version, tmp_path) if version in VERSIONS else tmp_path / "new.db"
    if engine == "a file":
        bring_up_to_date(rows, to=version)
        with file_looks(rows) as look:
            assert goes_up(rows, look, version) == []
        return
    with postgres.database() as name:
        address = postgres.address(name)
        bring_up_to_date(address, to=version)
        with server_looks(address) as look:
            if version in VERSIONS:
                assert look(partial(carried, str(rows))) > 20
            assert goes_up(address, look, version) == []
