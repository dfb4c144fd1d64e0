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
    from sqlalchemy import create_engine

    # Naming the tables is what puts them into the metadata.
    import portal.opening
    import portal.staff.tables  # noqa: F401
    import tips.tables  # noqa: F401
    from portal.store.database import metadata

    path = tmp_path_factory.mktemp("database") / "empty.db"
    engine = create_engine(f"sqlite:///{path}")
    metadata.create_all(engine)
    engine.dispose()
    return path


@pytest.fixture
def clock() -> StillClock:
    """A clock that moves only when the test says so; the same one `services` holds."""
    from portal.clock import StillClock

    return StillClock(NOON)


def wire(settings: Settings, clock: Clock) -> Services:
    """Every service, wired as the front door wires them; nothing is opened until it is asked for something."""
    from i18n.catalogue import Catalogue
    from portal.opening import Opening
    from portal.services import Services
    from portal.staff.desk import StaffRoom
    from portal.store.channels import Channels
    from portal.store.database import Database
    from portal.store.embers import Embers
    from portal.store.passes import Passes
    from portal.store.valkey import connect
    from portal.vault.passwords import Pools
    from portal.web.assets import Assets
    from portal.web.csrf import StartTokens
    from portal.web.page import Pages

    assert settings.redis_url is not None
    assert settings.ember_url is not None
    durable, ember_client = connect(settings.redis_url.reveal()), connect(settings.ember_url.reveal())
    database = Database(settings.database_path)
    embers = Embers(ember_client)

    async def nobody_is_there() -> None:
        """Availability belongs to the chat; a test that needs it sets it."""

    return Services(
        settings=settings,
        clock=clock,
        database=database,
        durable=durable,
        ember_client=ember_client,
        embers=embers,
        passes=Passes(ember_client),
        channels=Channels(settings.redis_url.reveal()),
        pages=Pages(settings, Catalogue.load(), Assets.load()),
        start_tokens=StartTokens(b"k" * 32, embers, clock),
        pools=Pools(),
        staff=StaffRoom(settings, clock, database, durable, embers),
        opening=Opening(database, settings.phone_line),
        availability=nobody_is_there,
    )


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
