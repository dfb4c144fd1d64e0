"""Sets a house up once for the whole run, by its own page; the houses after it begin with what that left everywhere."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from portal.services import Services
from portal.settings import Settings

if TYPE_CHECKING:
    from tests.portal.staff.walker import Walker

# Read by a process when it starts: theirs stays.
_THEIRS = "start.key"
_STANDS_BEFORE_HER = ("cookie", "device", "page", "address", "status", "headers")

Held = dict[bytes, tuple[bytes, int]]


@dataclass
class SetUpOnce:
    """What the first set-up left: files and rows in `folder`, what each store holds, and what its person sees."""

    folder: TemporaryDirectory[str]
    settings: Settings
    at: datetime
    stores: list[Held]
    before_her: dict[str, Any]

    def is_of(self, services: Services) -> bool:
        """Whether a set-up of this house would leave the same: its settings, and the moment."""
        return self.settings == _apart(services.settings) and self.at == services.clock.now()

    async def in_place(self, walker: Walker) -> None:
        """Put it into the walker's house, which nobody has set up."""
        services, root = walker.services, Path(self.folder.name)
        shutil.copytree(root / "keys", services.settings.keys_dir, dirs_exist_ok=True)
        with (
            closing(sqlite3.connect(root / "rows")) as kept,
            closing(sqlite3.connect(services.settings.database_path)) as own,
        ):
            kept.backup(own)
        for store, held in zip(_stores(services), self.stores, strict=True):
            for key, (value, lasts_ms) in held.items():
                await store.ask(("RESTORE", key, max(lasts_ms, 0), value))
        services.opening.forget()
        for name, seen in self.before_her.items():
            setattr(walker, name, seen)


async def keep(walker: Walker) -> SetUpOnce:
    """What a walker's set-up has just left."""
    services = walker.services
    folder = TemporaryDirectory()
    root = Path(folder.name)
    shutil.copytree(services.settings.keys_dir, root / "keys", ignore=shutil.ignore_patterns(_THEIRS))
    with (
        closing(sqlite3.connect(services.settings.database_path)) as own,
        closing(sqlite3.connect(root / "rows")) as kept,
    ):
        own.backup(kept)
    return SetUpOnce(
        folder,
        _apart(services.settings),
        services.clock.now(),
        [await _held(store) for store in _stores(services)],
        {name: getattr(walker, name) for name in _STANDS_BEFORE_HER},
    )


def is_new(services: Services) -> bool:
    """Whether this is a house with a file of rows to which nothing has happened."""
    settings = services.settings
    if settings.database_place != settings.database_path or {each.name for each in settings.data_dir.iterdir()} - {
        settings.database_path.name,
        f"{settings.database_path.name}-wal",
        f"{settings.database_path.name}-shm",
    }:
        return False
    with closing(sqlite3.connect(settings.database_path)) as rows:
        tables = [name for (name,) in rows.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return not any(
            rows.execute(f'SELECT 1 FROM "{name}" LIMIT 1').fetchone()
            for name in tables
            if name != "alembic_version" and not name.startswith("sqlite_")
        )


def _apart(settings: Settings) -> Settings:
    """Settings without what is another in each test."""
    return replace(settings, data_dir=Path(), keys_dir=Path(), redis_url=None, ember_url=None)


def _stores(services: Services) -> list[Any]:
    durable = services.durable.asker
    return [getattr(durable, "_asker", durable), services.ember_client.asker]


async def _held(store: Any) -> Held:
    return {key: (await store.ask(("DUMP", key)), await store.ask(("PTTL", key))) async for key in store.every_key()}
