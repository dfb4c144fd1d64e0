"""Gives a test every service of the house in its own process: real Valkeys, a fresh SQLite file, a still clock."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
import pytest

if TYPE_CHECKING:
    from portal.clock import Clock, StillClock
    from portal.services import Services
    from portal.settings import Settings
    from portal.store.embedded import EmbeddedValkey

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


@dataclass
class Valkeys:
    """The two private stores of this test run."""

    durable: EmbeddedValkey
    ember: EmbeddedValkey


@pytest.fixture(scope="session")
def valkeys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkeys]:
    """Both Valkeys, started once for the whole run (they take 50 ms); `services` empties them before each test."""
    from portal.store.embedded import EmbeddedValkey

    folder = tmp_path_factory.mktemp("valkeys")
    both = Valkeys(
        EmbeddedValkey("durable", run=folder / "run", folder=folder / "durable"),
        EmbeddedValkey("ember", run=folder / "run", folder=None),
    )
    for each in (both.durable, both.ember):
        each.start()
    try:
        for each in (both.durable, both.ember):
            each.wait_until_ready()
        yield both
    finally:
        for each in (both.durable, both.ember):
            each.stop()


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file as the migrations leave it; tests work on copies."""
    from portal.store.migrate import bring_up_to_date

    path = tmp_path_factory.mktemp("database") / "empty.db"
    bring_up_to_date(path)
    return path


@pytest.fixture
def clock() -> StillClock:
    """A clock that moves only when the test says so; the same one `services` holds."""
    from portal.clock import StillClock

    return StillClock(NOON)


def wire(settings: Settings, clock: Clock) -> Services:
    """Every service, as the front door makes them; a phrase that is missing is an error here, never a stand-in."""
    from i18n.catalogue import Catalogue
    from portal.assembly import make_services
    from portal.web.assets import Assets
    from portal.web.page import Pages

    assert settings.redis_url is not None
    assert settings.ember_url is not None
    made = make_services(
        settings, durable_url=settings.redis_url.reveal(), ember_url=settings.ember_url.reveal(), clock=clock
    )
    made.pages = Pages(settings, Catalogue.load(strict=True), Assets.load())
    return made


@pytest.fixture
async def services(
    valkeys: Valkeys, empty_database: Path, clock: StillClock, tmp_path: Path
) -> AsyncIterator[Services]:
    """Every service, on stores that hold nothing yet."""
    from portal.settings import Secret, Settings

    settings = Settings(
        data_dir=tmp_path / "data",
        keys_dir=tmp_path / "keys",
        redis_url=Secret(valkeys.durable.url),
        ember_url=Secret(valkeys.ember.url),
    )
    settings.data_dir.mkdir()
    settings.keys_dir.mkdir(mode=0o700)
    shutil.copy(empty_database, settings.database_path)
    made = wire(settings, clock)
    for client in (made.durable, made.ember_client):
        keys = [key async for key in client.scan_iter(count=1000)]
        if keys:
            await client.delete(*keys)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(made.channels.run)
        try:
            yield made
        finally:
            tasks.cancel_scope.cancel()
    await made.pools.close()
    await made.database.close()
    await made.durable.aclose()
    await made.ember_client.aclose()
