"""Gives a test every service of the house in its own process: real Valkeys, a fresh SQLite file, a still clock."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import CodeType
from typing import TYPE_CHECKING, Any, cast

import anyio
import pytest
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

if TYPE_CHECKING:
    from i18n.catalogue import Catalogue
    from portal.clock import Clock, StillClock
    from portal.services import Services
    from portal.settings import Secret, Settings
    from portal.store.embedded import EmbeddedValkey
    from portal.vault.passwords import Parameters
    from portal.web.assets import Assets
    from portal.web.page import Pages

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


@dataclass
class Valkeys:
    """The two stores of this test run: private ones, or what a run on other engines was asked for."""

    durable: EmbeddedValkey
    ember: EmbeddedValkey


@pytest.fixture(scope="session")
def valkeys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkeys]:
    """Both Valkeys, started once for the whole run (they take 50 ms); `services` empties them before each test."""
    from portal.store.embedded import EmbeddedValkey

    if os.environ.get("HOUSE_ENGINES"):
        from tests.support.elsewhere import WANTED, stores

        with ExitStack() as held:
            found = stores(WANTED, held, hurt=False)
            # Whoever asks for more of them than an address is about a store's own files, and no journey.
            yield Valkeys(cast("EmbeddedValkey", found.durable), cast("EmbeddedValkey", found.ember))
        return
    folder = tmp_path_factory.mktemp("valkeys")
    durable = EmbeddedValkey("durable", run=folder / "run", folder=folder / "durable")
    ember = EmbeddedValkey("ember", run=folder / "run", folder=None)
    for each in (durable, ember):
        each.start()
    try:
        for each in (durable, ember):
            each.wait_until_ready()
        yield Valkeys(durable, ember)
    finally:
        for each in (durable, ember):
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
    from portal.assembly import make_services
    from portal.vault.passwords import Pools

    assert settings.redis_url is not None
    assert settings.ember_url is not None
    made = make_services(
        settings,
        durable_url=settings.redis_url.reveal(),
        ember_url=settings.ember_url.reveal(),
        clock=clock,
        pages=pages_of(settings),
    )
    made.pools = Pools(work=quick)
    _share_compiled(made)
    return made


def _share_compiled(services: Services) -> None:
    """Lets every file of rows use the statements that another has compiled: the tables are the same in each."""
    from portal.store.sqlite import SqliteFile

    rows = services.database._rows
    if isinstance(rows, SqliteFile):
        for engine in (rows.readers.sync_engine, rows.writer.sync_engine):
            # What was compiled is kept by its dialect too. That one is of use once its own engine has connected.
            known = STATEMENTS.get("dialect")
            if known is not None and known.server_version_info is not None:
                engine.dialect = known
            else:
                STATEMENTS["dialect"] = engine.dialect
            engine.update_execution_options(compiled_cache=STATEMENTS.setdefault("compiled", {}))


def quick(parameters: Parameters, secret: bytes, salt: bytes) -> bytes:
    """Other bytes for every other password, salt and cost, as Argon2 gives them, without the quarter of a second.

    What these tests hold is who asks for such bytes and what becomes of them. Argon2 itself is held in
    `tests/portal/vault`, and every test with a server of its own runs the real one.
    """
    from portal.vault.passwords import HASH_BYTES, SALT_BYTES

    assert len(salt) >= SALT_BYTES
    return hashlib.blake2b(parameters.encode() + salt + secret, digest_size=HASH_BYTES).digest()


@cache
def words_and_files() -> tuple[Catalogue, Assets]:
    """What is read from the repository and never changes while tests run."""
    from i18n.catalogue import Catalogue
    from portal.web.assets import Assets

    return Catalogue.load(strict=True), Assets.load()


def pages_of(settings: Settings) -> Pages:
    """The pages of a house with these settings; their templates are compiled once for the whole run."""
    from portal.web.page import Pages

    pages = Pages(settings, *words_and_files())
    pages._environment.bytecode_cache = COMPILED
    return pages


class Compiled(BytecodeCache):
    """Keeps compiled templates in memory; one whose text is another now is compiled again."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, CodeType | None]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        checksum, code = self._kept.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = (bucket.checksum, bucket.code)


COMPILED = Compiled()
STATEMENTS: dict[str, Any] = {}


@pytest.fixture
def rows_on(request: pytest.FixtureRequest) -> Secret | None:
    """The server that keeps the rows of `services`; None: a file does. `tests/postgres`, `make rows`: another."""
    is_wanted = os.environ.get("HOUSE_ROWS") or os.environ.get("HOUSE_ENGINES")
    server: Secret | None = request.getfixturevalue("empty_rows") if is_wanted else None
    return server


@pytest.fixture
async def services(
    valkeys: Valkeys, empty_database: Path, clock: StillClock, tmp_path: Path, rows_on: Secret | None
) -> AsyncIterator[Services]:
    """Every service, on stores that hold nothing yet."""
    from portal.settings import Secret, Settings
    from tests.support.one_slot import OneSlot

    settings = Settings(
        data_dir=tmp_path / "data",
        keys_dir=tmp_path / "keys",
        redis_url=Secret(valkeys.durable.url),
        ember_url=Secret(valkeys.ember.url),
        database_url=rows_on,
        # What these tests are about begins behind the door; the second proof has houses of its own.
        second_proof=(),
    )
    settings.data_dir.mkdir()
    settings.keys_dir.mkdir(mode=0o700)
    if rows_on is None:
        shutil.copy(empty_database, settings.database_path)
    async with running(wire(settings, clock)) as made:
        # Whatever any of these tests asks of the durable store, a Cluster could be asked.
        made.durable.asker = OneSlot(made.durable.asker)
        for client in (made.durable, made.ember_client):
            keys = [key async for key in client.asker.every_key()]
            if keys:
                await client.delete(*keys)
        yield made


@asynccontextmanager
async def running(made: Services) -> AsyncIterator[Services]:
    """The services of one process while it lives: hears what is published, and leaves nothing open however it ends."""
    try:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(made.channels.run)
            try:
                yield made
            finally:
                tasks.cancel_scope.cancel()
    finally:
        await made.pools.close()
        await made.database.close()
        await made.durable.aclose()
        await made.ember_client.aclose()
