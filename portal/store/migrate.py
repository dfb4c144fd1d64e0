"""Brings the database to the shape this version expects, and leaves nothing open."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from portal.settings import Secret
from portal.store.revisions import FOLDER, DatabaseNotReady, is_missing, newest_revision, run_migrations
from portal.store.sqlite import PRAGMAS

__all__ = ["FOLDER", "DatabaseNotReady", "bring_up_to_date", "newest_revision"]


def bring_up_to_date(place: Path | Secret, to: str | None = None) -> bool:
    """Make the file if there is none, run what is missing. True when something was run. Raises ``DatabaseNotReady``.

    `to`: an older revision to stop at, for the rows of a backup of that time.
    """
    if isinstance(place, Path):
        return _bring_file(place, to)
    # Loaded where it is used: a house with a file needs none of it.
    from portal.store.migrate_server import bring_server

    return asyncio.run(bring_server(place, to))


def _bring_file(path: Path, to: str | None) -> bool:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with closing(sqlite3.connect(path, timeout=10)) as connection:
            for pragma in PRAGMAS:
                connection.execute(pragma)
            present = _revision(connection)
    except sqlite3.Error as error:
        raise DatabaseNotReady(f"The database {path} cannot be used ({type(error).__name__}: {error}).") from None
    if not is_missing(present, str(path), to):
        return False
    _upgrade_file(path, to)
    return True


def _revision(connection: sqlite3.Connection) -> str | None:
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
        return None
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else None


def _upgrade_file(path: Path, to: str | None) -> None:
    from sqlalchemy import create_engine, event
    from sqlalchemy.pool import NullPool

    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        for pragma in PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def _begin(connection: object) -> None:
        # Two servers that start at once: the second waits here and finds the work done.
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # type: ignore[attr-defined]

    with engine.connect() as connection:
        run_migrations(connection, to)
    engine.dispose()
