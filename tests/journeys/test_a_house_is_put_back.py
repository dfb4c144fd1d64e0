"""A machine is lost with a tip on it and another that was erased; a new one comes up from two files and two sheets."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from tests.support.disk_search import search
from tests.support.house import House
from tests.support.open_house import OpenHouse
from tests.support.reporters import LineReporter
from tests.support.server_process import REPOSITORY

KEPT = "three green lorries behind the weaving mill"
ERASED = "a brass key lies under the millstone"


def _command(house: House, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "server.py", *words],
        cwd=REPOSITORY,
        env=house.environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _told(house: House, *words: str, typed: str = "") -> str:
    running = _command(house, *words)
    out, err = running.communicate(typed, timeout=60)
    assert running.returncode == 0, err
    assert err == ""
    assert not typed or typed.strip() not in out
    return out


def test_from_two_files_and_two_sheets_a_bare_machine_is_the_house(open_house: OpenHouse, tmp_path: Path) -> None:
    lost, backups, admin = open_house.house, tmp_path / "backups", open_house.admin
    with closing(LineReporter(lost)) as first, closing(LineReporter(lost)) as second:
        kept, erased = first.sends_note(KEPT), second.sends_note(ERASED)
        told = _told(lost, "backup", "--to", str(backups))
        second.comes_back(erased)
        second.erases()
    house, keys = sorted(backups.iterdir())
    assert house.name in told
    assert keys.name in told
    assert search([KEPT, ERASED, admin.alias, admin.name], [backups]) == []
    # Taken later; somebody reaches for the older one all the same.
    _told(lost, "backup", "--to", str(backups))

    new, sheet = House(tmp_path / "new"), "\n".join(admin.sheets[1:]) + "\n"
    # Killed again and again on its way, it leaves a whole house or none.
    for after in (0.3, 0.6, 0.9):
        killed = _command(new, "restore", str(house), "--replace")
        assert killed.stdin is not None
        killed.stdin.write(sheet)
        killed.stdin.flush()
        time.sleep(after)
        killed.send_signal(signal.SIGKILL)
        killed.communicate()
    told = _told(new, "restore", str(house), "--replace", typed=sheet)
    assert "stay erased: 1" in told
    assert admin.alias in told
    new.start()
    try:
        with closing(LineReporter(new)) as reporter:
            assert KEPT in reporter.comes_back(kept).words
            assert "does not open a note" in reporter.comes_back(erased).words
        there = admin.at(new).signs_in()
        there.close()
    finally:
        new.stop()


def test_without_the_sheet_nothing_is_put_back(tmp_path: Path) -> None:
    house = House(tmp_path)
    (tmp_path / "x.house").write_bytes(b"\x01\x01\x01" + bytes(16 + 32 + 4))
    running = _command(house, "restore", str(tmp_path / "x.house"))
    out, err = running.communicate("AAAA BBBB\n", timeout=60)
    assert (running.returncode, out) == (2, "")
    assert "damaged" in err or "sheet cannot be read" in err
    assert not house.database.exists()
