"""Migrations make exactly the tables the rooms name, once, and refuse a file from the future."""

from __future__ import annotations

import importlib
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from portal.store.database import INDEX, metadata
from portal.store.migrate import FOLDER, DatabaseNotReady, bring_up_to_date, newest_revision
from tests.support.source import REPOSITORY


@pytest.fixture(scope="module", autouse=True)
def every_room_is_known() -> None:
    """A table counts from the moment its module is read; told alone, this file would know a few of them."""
    for path in (each for room in ("portal", "tips") for each in (REPOSITORY / room).rglob("*.py")):
        if " = Table(" in path.read_text("utf-8"):
            importlib.import_module(".".join(path.relative_to(REPOSITORY).with_suffix("").parts))


def test_the_migrated_file_has_the_tables_the_rooms_name(tmp_path: Path) -> None:
    path = tmp_path / "data" / "house.db"
    assert bring_up_to_date(path)

    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": True,
                # What the index of words keeps for itself is nobody's room.
                "include_name": lambda name, *_of: not (name or "").startswith(INDEX),
            },
        )
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_the_second_start_has_nothing_to_do(tmp_path: Path) -> None:
    path = tmp_path / "house.db"
    assert bring_up_to_date(path)
    assert not bring_up_to_date(path)


def test_a_start_with_nothing_to_do_does_not_load_alembic(tmp_path: Path) -> None:
    path = tmp_path / "house.db"
    bring_up_to_date(path)
    script = (
        "import sys, pathlib; from portal.store.migrate import bring_up_to_date;"
        f"bring_up_to_date(pathlib.Path({str(path)!r})); sys.exit('alembic' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", script], cwd=REPOSITORY, check=False, timeout=30).returncode == 0


def test_the_number_in_the_name_is_the_revision_and_they_form_one_line() -> None:
    scripts = list(ScriptDirectory(str(FOLDER)).walk_revisions())

    assert [script.revision for script in scripts] == sorted((s.revision for s in scripts), reverse=True)
    assert scripts[0].revision == newest_revision()
    assert [script.down_revision for script in scripts] == [*(s.revision for s in scripts[1:]), None]
    for script in scripts:
        assert Path(script.path).name.startswith(f"{script.revision}_")


def test_a_file_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "house.db"
    bring_up_to_date(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()

    with pytest.raises(DatabaseNotReady, match="newer version"):
        bring_up_to_date(path)


def test_a_file_that_is_no_database_is_refused_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "house.db"
    path.write_bytes(b"something else entirely" * 100)

    with pytest.raises(DatabaseNotReady, match="cannot be used"):
        bring_up_to_date(path)


def test_it_is_safe_from_the_first_moment(tmp_path: Path) -> None:
    path = tmp_path / "data" / "house.db"
    bring_up_to_date(path)

    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
