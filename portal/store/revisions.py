"""Knows which revision of the tables this version works with, and runs the migrations that lead there."""

import re
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parent / "migrations"


class DatabaseNotReady(Exception):
    """The database cannot be brought to this version's shape. The text is a sentence for the person at the terminal."""


def newest_revision() -> str:
    """The revision this version works with: migrations are numbered, one line, the highest is the newest."""
    return max(found[1] for path in FOLDER.glob("versions/*.py") if (found := re.match(r"(\d{4})_", path.name)))


def is_missing(present: str | None, called: str, to: str | None = None) -> bool:
    """Whether a database at this revision lacks something. Raises ``DatabaseNotReady`` for one from the future."""
    newest = to or newest_revision()
    if present is not None and present > newest:
        raise DatabaseNotReady(
            f"The database {called} was made by a newer version of Porchlight ({present}, this one knows {newest})."
        )
    return present != newest


def run_migrations(connection: Any, to: str | None = None) -> None:
    """Run what is missing on an open SQLAlchemy connection (Any: nobody else needs it loaded), inside its transaction.

    Alembic is loaded here: it costs a third of a second, and most starts have nothing to do.
    """
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, to or newest_revision())
