"""Keeps the keys and rows of a house that was just set up, and begins other houses with them."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from portal.services import Services
from portal.settings import Settings

# Read by a process when it starts: theirs stays.
_THEIRS = "start.key"


class KeptHouse:
    """What a set-up left in the folders of its house."""

    def __init__(self, services: Services) -> None:
        self._settings, self._at = _apart(services.settings), services.clock.now()
        self._folder = TemporaryDirectory()
        self._root = Path(self._folder.name)
        shutil.copytree(services.settings.keys_dir, self._root / "keys", ignore=shutil.ignore_patterns(_THEIRS))
        _copy(services.settings.database_path, self._root / "rows")

    def is_of(self, services: Services) -> bool:
        """Whether a set-up of this house would leave the same: it is new, with these settings, at this moment."""
        return self._settings == _apart(services.settings) and self._at == services.clock.now() and is_new(services)

    def put_into(self, services: Services) -> None:
        """Into the folders of a house that is new."""
        shutil.copytree(self._root / "keys", services.settings.keys_dir, dirs_exist_ok=True)
        _copy(self._root / "rows", services.settings.database_path)
        services.opening.forget()


def is_new(services: Services) -> bool:
    """Whether this is a house with a file of rows to which nothing has happened."""
    settings = services.settings
    rows_of_it = {f"{settings.database_path.name}{end}" for end in ("", "-wal", "-shm")}
    there = {each.name for folder in (settings.data_dir, settings.keys_dir) for each in folder.iterdir()}
    if settings.database_place != settings.database_path or there - rows_of_it - {_THEIRS}:
        return False
    with closing(sqlite3.connect(settings.database_path)) as rows:
        # Without the tables in which a search keeps its own book: an empty one has rows too.
        tables = [name for (name,) in rows.execute("SELECT name FROM pragma_table_list WHERE type = 'table'")]
        return not any(
            rows.execute(f'SELECT 1 FROM "{name}" LIMIT 1').fetchone()
            for name in tables
            if name != "alembic_version" and not name.startswith("sqlite_")
        )


def _apart(settings: Settings) -> Settings:
    """Settings without what is another in each test."""
    return replace(settings, data_dir=Path(), keys_dir=Path(), redis_url=None, ember_url=None)


def _copy(kept: Path, to: Path) -> None:
    with closing(sqlite3.connect(kept)) as rows, closing(sqlite3.connect(to)) as own:
        rows.backup(own)
