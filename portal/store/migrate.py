"""Brings the database file to the shape this version expects, and leaves nothing open."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from portal.store.database import PRAGMAS

FOLDER = Path(__file__).parent / "migrations"


class DatabaseNotReady(Exception):
    """The file cannot be brought to this version's shape. The text is a sentence for the person at the terminal."""


def newest_revision() -> str:
    """The revision this version works with: migrations are numbered, one line, the highest is the newest."""
    return max(found[1] for path in FOLDER.glob("versions/*.py") if (found := re.match(r"(\d{4})_", path.name)))


def bring_up_to_date(path: Path, to: str | None = None) -> bool:
    """Make the file if there is none, run what is missing. True when something was run.

    `to`: an older revision to stop at, for rows of a backup of that time.

    Alembic is loaded only then: it costs a third of a second, and most starts have nothing to do.
    Raises ``DatabaseNotReady``.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with closing(sqlite3.connect(path, timeout=10)) as connection:
            for pragma in PRAGMAS:
                connection.execute(pragma)
            present = _revision(connection)
    except sqlite3.Error as error:
        raise DatabaseNotReady(f"The database {path} cannot be used ({type(error).__name__}: {error}).") from None
    newest = newest_revision()
    wanted = to or newest
    if present == wanted:
        return False
    if present is not None and present > wanted:
        raise DatabaseNotReady(
            f"The database {path} was made by a newer version of Porchlight ({present}, this one knows {newest})."
        )
    _upgrade(path, wanted)
    return True


def _revision(connection: sqlite3.Connection) -> str | None:
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
        return None
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else None


def _upgrade(path: Path, newest: str) -> None:
    from alembic import command
    from alembic.config import Config
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

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, newest)
    engine.dispose()
