"""Moving a house: every row and nothing else, killed anywhere and gone on with, and never into somebody else's rows."""

from __future__ import annotations

import asyncio
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

import tips.moving  # noqa: F401 - names every table
from portal.moving.digests import CannotStand, digest_of
from portal.moving.move import AWAY, Move, NotMoved
from portal.settings import Secret
from portal.store.building import writing
from portal.store.database import Database, metadata
from portal.store.migrate import DatabaseNotReady, bring_up_to_date
from portal.store.migrate_server import HALF_DONE
from server import main
from tests.support.postgres import HOUSE, Postgres
from tests.support.rows_of_all_kinds import fill

EACH = 4


@pytest.fixture
def file(empty_database: Path, tmp_path: Path) -> Path:
    """The file of a house that has worked for a while."""
    path = tmp_path / "data" / "porchlight.db"
    path.parent.mkdir(mode=0o700)
    shutil.copy(empty_database, path)
    fill(path, each=EACH)
    return path


@pytest.fixture
def server(empty_rows: Secret) -> Iterator[Secret]:
    yield empty_rows
    writing(empty_rows, lambda connection: connection.execute(text(f"DROP TABLE IF EXISTS {HALF_DONE}")))


class Cut:
    """Hears how far it is, and ends it after so many rows of a step."""

    def __init__(self, after: int = 10**9, step: str = "Moving") -> None:
        self.left, self.step = after, step
        self.steps: list[str] = []

    def begins(self, step: str, rows: int) -> None:
        self.steps.append(step)

    def row(self) -> None:
        self.left -= self.steps[-1] == self.step
        if self.left < 0:
            raise KeyboardInterrupt


def move(file: Path, server: Secret, telling: Cut | None = None) -> Move:
    made = Move(file, server, telling or Cut())
    asyncio.run(made.run(lambda: None))
    return made


def rows_of(place: Path | Secret) -> dict[str, list[bytes]]:
    """Every row, read by nothing of what is tested but its digest."""

    async def read() -> dict[str, list[bytes]]:
        database = Database(place)
        try:
            async with database.read() as connection:
                return {
                    table.name: sorted(digest_of(list(row)) for row in await connection.execute(table.select()))
                    for table in metadata.sorted_tables
                }
        finally:
            await database.close()

    return asyncio.run(read())


def test_cut_off_anywhere_it_goes_on_until_every_row_of_every_kind_is_there_and_the_file_is_put_aside(
    file: Path, server: Secret, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    was = rows_of(file)
    assert all(was.values()), "a table without a row shows nothing"
    monkeypatch.setattr("portal.moving.move.AT_ONCE", 5)
    for cut in (Cut(0), Cut(2 * EACH + 1), Cut(0, "Reading it back")):
        with pytest.raises(KeyboardInterrupt):
            move(file, server, cut)
        with pytest.raises(DatabaseNotReady, match="half moved"):
            bring_up_to_date(server)
    # As a kill behind the last check leaves it.
    file.rename(file.with_name(file.name + AWAY))
    monkeypatch.setenv("DATABASE_URL", server.reveal())

    assert main(["move", "--data", str(file.parent), "--keys", str(tmp_path / "keys")]) == 0

    assert rows_of(server) == was
    said = capsys.readouterr().out
    assert f"Moved {sum(map(len, was.values())):,} rows" in said
    digests = re.findall(r"in ([0-9a-f]{16})  out ([0-9a-f]{16})", said)
    assert len(digests) == len(was)
    assert all(before == after for before, after in digests)
    assert sorted(path.name for path in file.parent.iterdir()) == [file.name + AWAY, "run"]
    bring_up_to_date(server)  # and a house may start on it


@pytest.mark.parametrize(
    "there",
    [
        "CREATE TABLE of_others (word text)",
        "INSERT INTO chat_switch (id, word, by, mark) VALUES (1, 'open', '', '')",
        f"CREATE TABLE {HALF_DONE} (mark text); INSERT INTO {HALF_DONE} VALUES ('another house')",
    ],
    ids=["somebody else's table", "a house", "another house's half"],
)
def test_a_database_that_holds_anything_else_is_refused(
    file: Path, server: Secret, postgres: Postgres, there: str
) -> None:
    postgres.run(there, HOUSE)
    try:
        with pytest.raises(NotMoved, match="not empty"):
            move(file, server)
    finally:
        postgres.run("DROP TABLE IF EXISTS of_others", HOUSE)


def test_a_house_that_worked_on_meanwhile_is_not_mixed_with_what_was_moved(file: Path, server: Secret) -> None:
    with pytest.raises(KeyboardInterrupt):
        move(file, server, Cut(0, "Reading it back"))
    with closing(sqlite3.connect(file)) as rows, rows:
        rows.execute("UPDATE staff_people SET alias = alias || '!'")

    with pytest.raises(NotMoved, match="has worked since"):
        move(file, server)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE staff_people SET generation = 3000000000", "larger than its column"),
        ("UPDATE staff_people SET alias = 'a' || char(0) || 'b'", "holds the sign NUL"),
    ],
)
def test_what_a_server_cannot_hold_is_said_before_a_row_is_moved(
    file: Path, server: Secret, statement: str, said: str
) -> None:
    with closing(sqlite3.connect(file)) as rows, rows:
        rows.execute(statement)

    with pytest.raises(CannotStand, match=said):
        move(file, server)

    assert not any(rows_of(server).values())


def test_a_row_that_came_out_otherwise_is_found(file: Path, server: Secret, monkeypatch: pytest.MonkeyPatch) -> None:
    def spoil(connection: Connection) -> None:
        connection.execute(text("UPDATE staff_people SET alias = alias || '!'"))

    monkeypatch.setattr("portal.moving.move.count_on", spoil)  # the last act before all is read back

    with pytest.raises(NotMoved, match="does not hold what the file holds, in staff_people"):
        move(file, server)

    assert file.exists()


def test_without_a_server_in_the_settings_nothing_begins(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["move", "--data", str(file.parent), "--keys", str(tmp_path / "keys")]) == 2
    assert "Set DATABASE_URL" in capsys.readouterr().err
