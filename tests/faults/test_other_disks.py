"""Lets the disks beside the data folder fill: the rows' own, PostgreSQL's, the backup's."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.deaths import is_ready, until
from tests.support.house import House, free_port
from tests.support.in_charge import InCharge, a_tip_is_told
from tests.support.open_house import open_house_at
from tests.support.postgres import running_postgres
from tests.support.reporters import LineReporter
from tests.support.server_process import REPOSITORY
from tests.support.small_disk import fill_up, small_disk

pytestmark = [
    pytest.mark.fault,
    pytest.mark.long,
    pytest.mark.timeout(900),
    pytest.mark.skipif(os.geteuid() != 0, reason="only root may make a disk"),
]

BEFORE, DURING, AFTER = "said before it went wrong", "said while it was wrong", "said when it was right again"
OF_THE_DATABASE = "The database answers and takes nothing new|The database does not answer"


def tips_are_refused_and_a_talk_goes_on(
    root: Path, full: Iterator[None], told: dict[str, Any], *, matter: str, words: str
) -> None:
    """The story of both kinds of rows: `full` fills their disk at its first step and makes room at its second."""
    place = f"127.0.0.1:{free_port()}"
    with open_house_at(root, metrics=place, **told) as ready:
        house, she = ready.house, InCharge(ready.house, place, ready.admin)
        reporter = LineReporter(house)
        receipt = reporter.sends_note(BEFORE)
        desk = ready.admin.opens_the_line()
        desk.is_ready()
        with ready.visitor_on_the_line() as visitor:
            visitor.says(BEFORE)
            conversation = desk.takes_next()
            next(full)
            until(lambda: not takes_a_tip(house), within=60)
            visitor.says(DURING)
            desk.says(conversation, "I am still here")
            visitor.hears("I am still here")
            she.is_told(matter, "now", words, readies=is_ready(house))
            next(full)
            until(lambda: takes_a_tip(house), within=60)
            visitor.says(AFTER)
            desk.hears(AFTER)
        she.is_told_no_more(matter)
        assert BEFORE in reporter.comes_back(receipt).words
        after = LineReporter(house)
        assert AFTER in after.comes_back(after.sends_note(AFTER)).words
        for each in (desk, reporter, after):
            each.close()


def takes_a_tip(house: House) -> bool:
    """Whether one is kept just now; where it is not, its sender was told so, with the phone line."""
    return a_tip_is_told(house, f"{DURING} {'x' * 3000}")


def test_the_disk_of_the_rows_file(tmp_path_factory: pytest.TempPathFactory) -> None:
    root, disk = tmp_path_factory.mktemp("h"), tmp_path_factory.mktemp("d") / "rows"

    def full() -> Iterator[None]:
        # Its log holds room from the migrations, which hundreds of tips would fit into.
        with closing(sqlite3.connect(disk / "porchlight.db")) as rows:
            rows.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        fill_up(disk)
        yield
        (disk / "filler").unlink()
        yield

    with small_disk(disk, 128):
        told = {"database_url": f"sqlite:///{disk}/porchlight.db"}
        tips_are_refused_and_a_talk_goes_on(
            root, full(), told, matter="disk", words="The disk of the database file is full"
        )


def test_the_disk_of_postgresql(tmp_path_factory: pytest.TempPathFactory) -> None:
    word = tmp_path_factory.mktemp("word") / "database"
    with (
        running_postgres(wal_recycle="off", min_wal_size="32MB", max_wal_size="64MB") as server,
        on_a_small_disk(server.data, 192, server.stop, server.start),
        server.database() as name,
    ):
        word.write_text(server.url(name) + "\n")

        def full() -> Iterator[None]:
            fill_up(server.data)
            yield
            (server.data / "filler").unlink()
            if not server.lives():  # it may end rather than lose a commit; then somebody starts it again
                server.start()
            yield

        told = {"database_url_file": word}
        root = tmp_path_factory.mktemp("h")
        tips_are_refused_and_a_talk_goes_on(root, full(), told, matter="database", words=OF_THE_DATABASE)


@contextmanager
def on_a_small_disk(folder: Path, mebibytes: int, stop: object, start: object) -> Iterator[None]:
    """A stopped server's files are moved onto a disk of their own, and back."""
    assert callable(stop)
    assert callable(start)
    stop()
    owner, aside = folder.stat(), folder.with_name("aside")
    folder.rename(aside)
    with small_disk(folder, mebibytes):
        os.chown(folder, owner.st_uid, owner.st_gid)
        subprocess.run(["cp", "-a", f"{aside}/.", str(folder)], check=True)
        start()
        try:
            yield
        finally:
            stop()
    folder.rmdir()
    aside.rename(folder)
    start()


def test_the_disk_a_backup_goes_to(tmp_path_factory: pytest.TempPathFactory) -> None:
    """It ends with a sentence and no file that looks whole; the one before it still opens, and the house goes on."""
    place = f"127.0.0.1:{free_port()}"
    disk = tmp_path_factory.mktemp("d") / "backups"
    with small_disk(disk, 64), open_house_at(tmp_path_factory.mktemp("h"), metrics=place) as ready:
        reporter = LineReporter(ready.house)
        receipt = reporter.sends_note(BEFORE)
        assert ordered(ready.house, "backup", "--to", str(disk)).returncode == 0
        first = {file.name: file.read_bytes() for file in disk.iterdir()}
        assert first
        fill_up(disk)

        second = ordered(ready.house, "backup", "--to", str(disk))

        assert second.returncode != 0
        assert "Traceback" not in second.stderr
        assert second.stderr.strip(), "a sentence says why"
        (disk / "filler").unlink()
        assert {file.name: file.read_bytes() for file in disk.iterdir()} == first, "nothing half is left"
        assert BEFORE in reporter.comes_back(receipt).words
        assert is_ready(ready.house)
        assert ordered(ready.house, "backup", "--to", str(disk)).returncode == 0
        reporter.close()


def ordered(house: House, *said: str) -> subprocess.CompletedProcess[str]:
    """One command at the house's machine, as its account."""
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(house.temporary / "ordered")
    return subprocess.run(
        [sys.executable, "server.py", *said],
        cwd=REPOSITORY,
        env=house.environment(),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
