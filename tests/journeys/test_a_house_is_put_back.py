"""A machine is lost with a tip on it and another that was erased; a new one comes up from two files and two sheets."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from tests.support.desk_people import DeskPerson
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
    # Nobody's passphrase is left either: two sheets let somebody in, with keys of her own.
    cal = DeskPerson(new, "Cal", "cal", "nine wet umbrellas in a hall")
    papers = _recovers(new, admin.sheets[1:], cal)
    assert len(set(papers)) == 3
    new.start()
    try:
        with closing(LineReporter(new)) as reporter:
            assert KEPT in reporter.comes_back(kept).words
            assert "does not open a note" in reporter.comes_back(erased).words
        # She opens what was written before the loss; the passphrases of before, where somebody has one, still fit.
        cal.signs_in()
        cal.reader.opens("/desk/tips")
        # The house is one for many tests: others have left tips in it.
        tips = [link for link in cal.reader.page.links if re.fullmatch(r"/desk/tips/[\w-]{22}", link)]
        assert any(KEPT in cal.reader.opens(tip).words for tip in tips)
        for person in (cal, admin.at(new).signs_in()):
            person.close()
    finally:
        new.stop()


def _recovers(house: House, sheets: list[str], person: DeskPerson) -> list[str]:
    """`recover --let-in`, as somebody types it who writes down what she is shown; the three new sheets."""
    answers = {"sign-in": person.name, "colleagues see": person.alias, "Who will keep": "Keeper"}
    papers, groups = list[str](), list[str]()
    with _command(house, "recover", "--let-in") as running:
        assert running.stdin is not None
        assert running.stdout is not None
        running.stdin.write("".join(f"{sheet}\n" for sheet in sheets))
        running.stdin.flush()
        for line in running.stdout:
            said = next((answer for asked, answer in answers.items() if asked in line), None)
            groups += re.findall(r"\b[A-Z2-7]{4}\b", line)
            if "first two letters" in line:
                papers.append(" ".join(groups[-16:]))
                said = " ".join(group[:2] for group in groups[-16:])
            if said is not None:
                # Her passphrase, twice, is asked for without a line of its own.
                running.stdin.write(f"{said}\n" + (f"{person.passphrase}\n" * 2 if said == person.alias else ""))
                running.stdin.flush()
    assert running.returncode == 0
    return papers


def test_without_the_sheet_nothing_is_put_back(tmp_path: Path) -> None:
    house = House(tmp_path)
    (tmp_path / "x.house").write_bytes(b"\x01\x01\x01" + bytes(16 + 32 + 4))
    running = _command(house, "restore", str(tmp_path / "x.house"))
    out, err = running.communicate("AAAA BBBB\n", timeout=60)
    assert (running.returncode, "AAAA" in out) == (2, False)
    assert "damaged" in err or "A sheet has 64 letters" in err
    assert not house.database.exists()
