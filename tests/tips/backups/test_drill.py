"""Types docs/drill.md line by line on another machine, which has of the house two files and two sheets."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.support.guides import Block, blocks
from tests.support.server_process import REPOSITORY
from tests.support.throw_away import SOURCE, ThrowAway, thrown_away

pytestmark = [pytest.mark.long, pytest.mark.timeout(3_600)]

DRILL = REPOSITORY / "docs" / "drill.md"
TIPS = int(os.environ.get("TIPS", "20000"))
# What a person needs who types 64 letters from a paper; the machine needs none of it. Four are typed, two numbers are.
A_SHEET_S = 60.0
MOST_MINUTES = 15.0
NEVER = {"tip_proofs", "tip_rounds", "case_proofs", "figure_late", "figure_slips"}


@dataclass
class Drill:
    """The other machine, what is known of the house, and how long each number of the page took."""

    machine: ThrowAway
    facts: dict[str, Any]
    folder: Path
    took: dict[str, float] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)

    @property
    def sheets(self) -> str:
        """Two of the three, as they are typed."""
        return "\n".join(self.facts["sheets"][1:]) + "\n"

    def types(self, block: Block, typed: str = "") -> str:
        """Every line of one number of the page; what it said."""
        with self.timed(block.heading):
            said = "".join(self.machine.types((line,), typed=typed) for line in block.commands)
        self.said[block.heading] = said
        return said

    @contextmanager
    def timed(self, what: str) -> Iterator[None]:
        """What happens meanwhile is written down under this name."""
        began = time.monotonic()
        yield
        self.took[what] = self.took.get(what, 0.0) + time.monotonic() - began

    def there(self, path: str) -> Path:
        """A file of that machine, as this one sees it."""
        return Path(f"/proc/{self.machine.first}/root{path}")

    def brings(self, name: str, to: str) -> None:
        """The files of one backup, on a stick."""
        with self.timed("copy"):
            shutil.copytree(self.folder / name, self.there(to))

    def rows(self, file: str) -> dict[str, tuple[int, str]]:
        """What stands in a database of that machine."""
        python = f"{SOURCE}/.venv/bin/python"
        told = self.machine.runs(f"{python} -m tests.support.row_digests {file}")
        return {name: (each[0], each[1]) for name, each in json.loads(told).items()}

    def looks(self) -> dict[str, Any]:
        """What the people see in the house that was put back."""
        seen: dict[str, Any] = json.loads(
            self.machine.on_its_lines("tests.support.drill_looks", str(self.folder / "facts.json"))
        )
        return seen


def test_a_person_puts_the_house_back_on_another_machine_in_a_quarter_of_an_hour(tmp_path: Path) -> None:
    lost = tmp_path / "lost"
    subprocess.run(
        [sys.executable, "-m", "tests.support.drilled_house", str(lost), str(TIPS)], cwd=REPOSITORY, check=True
    )
    (tmp_path / "machine").mkdir()
    with thrown_away(tmp_path / "machine") as machine:
        drill = Drill(machine, json.loads((lost / "facts.json").read_text("utf-8")), lost)
        drill.brings("newest", "/srv/backups")
        numbered = {block.heading[:1]: block for block in blocks(DRILL)}
        for number in ("1", "2"):
            assert drill.types(numbered[number]).count("rror") == 0
        assert "Nothing was changed." in drill.types(numbered["3"], drill.sheets)
        _comes_back(drill, drill.types(numbered["4"], drill.sheets))
        assert drill.types(numbered["5"]).endswith("ready\n")
        with drill.timed("6. Look"):
            seen = drill.looks()
        _is_as_it_was(drill, seen)
        _somebody_is_let_in(drill, numbered)
        _the_older_one_brings_back_nothing_erased(drill)
        drill.types(numbered["8"])
        assert not drill.there("/mnt/data").exists()
        assert not drill.there("/srv/backups").exists()
        assert machine.runs("mount | grep -c ' /mnt ' || true").strip() == "0"
    _print(drill)
    by_hand = sum(each for what, each in drill.took.items() if what[:1] in "c123456") + 4 * A_SHEET_S
    assert by_hand / 60 < MOST_MINUTES


def _comes_back(drill: Drill, said: str) -> None:
    """Every row of every table is what it was when the copy was taken, and nothing that must not come back came."""
    rows = drill.rows("/mnt/data/porchlight.db")
    was = {name: tuple(each) for name, each in drill.facts["rows"].items()}
    apart = {name for name in was if was[name] != rows[name]}
    never = {name for name in apart if rows[name][0] == 0}
    # One line more: that it was put back.
    assert apart - never == {"audit_lines"}, {name: (was[name], rows[name]) for name in apart}
    assert rows["audit_lines"][0] == was["audit_lines"][0] + 1
    assert never <= NOT_IN_A_COPY, never
    assert len([name for name in rows if rows[name][0]]) >= 25
    assert "Robin" in said
    for unknown in ("whoever lost a right after that day", "took it back after that day", "Talks are in no backup"):
        assert unknown in said


NOT_IN_A_COPY = {"staff_anew", "staff_invitations", "staff_resets", "tip_shelves", "tip_shelf_keys", *NEVER}


def _is_as_it_was(drill: Drill, seen: dict[str, Any]) -> None:
    assert (seen["by passphrase alone"], seen["signed in"]) == (False, True)
    assert "three green lorries behind the weaving mill" in seen["kept"]
    assert "three green lorries behind the weaving mill" in seen["tip"]
    assert "does not open a note" in seen["erased"]
    assert seen["photo"] == drill.facts["photo"]["sha256"]


def _somebody_is_let_in(drill: Drill, numbered: dict[str, Block]) -> None:
    """Nobody's passphrase is known: two sheets, a new person, three new sheets, and she reads what was there."""
    stop, recover = numbered["7"].commands
    drill.machine.runs(stop)
    name, passphrase = "cal", "nine wet umbrellas in a hall"
    answers = {"sign-in": name, "colleagues see": "Cal", "Who will keep": "Keeper"}
    groups = list[str]()
    asked = ["nsenter", "-t", str(drill.machine.first), "-m", "-p", "-n", "bash", "-euc", recover]
    with (
        drill.timed("7. recover, the typing left out"),
        subprocess.Popen(asked, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running,
    ):
        assert running.stdin is not None
        assert running.stdout is not None
        running.stdin.write(drill.sheets)
        running.stdin.flush()
        for line in running.stdout:
            said = next((answer for question, answer in answers.items() if question in line), None)
            groups += re.findall(r"\b[A-Z2-7]{4}\b", line)
            if "first two letters" in line:
                said = " ".join(group[:2] for group in groups[-16:])
            if said is not None:
                running.stdin.write(f"{said}\n" + (f"{passphrase}\n" * 2 if said == "Cal" else ""))
                running.stdin.flush()
    assert running.returncode == 0
    drill.types(numbered["5"])
    facts = drill.facts | {"name": name, "passphrase": passphrase, "app": ""}
    (drill.folder / "facts.json").write_text(json.dumps(facts), "utf-8")
    seen = drill.looks()
    assert seen["signed in"]
    assert "three green lorries behind the weaving mill" in seen["tip"]


def _the_older_one_brings_back_nothing_erased(drill: Drill) -> None:
    """Somebody reaches for the copy of the day before, with the newer beside it."""
    drill.brings("older", "/srv/older")
    older = drill.facts["older"][0]
    restore = f".venv/bin/python server.py restore --data older --keys older-keys /srv/older/{older}"
    said = drill.machine.runs(
        f"cp /srv/backups/* /srv/older/ && cd /mnt && {restore} && rm -r /srv/older", typed=drill.sheets
    )
    assert "stay erased: 1" in said
    rows = drill.rows("/mnt/older/porchlight.db")
    assert rows["tips"] == tuple(drill.facts["rows"]["tips"])
    assert rows["tip_tombstones"][0] == drill.facts["rows"]["tip_tombstones"][0]


def _print(drill: Drill) -> None:
    """The table of the page."""
    facts = drill.facts
    many = sum(each[0] for each in facts["rows"].values())
    print(f"\n{TIPS:,} tips, {many:,} rows, a house of {facts['house_mib']:.0f} MiB, ", end="")
    print("files of " + " and ".join(f"{size:.0f} MiB" for size in facts["sizes_mib"]), end="; ")
    memory = psutil.virtual_memory().total / 2**30
    print(f"{os.cpu_count()} cores ({platform.machine()}), {memory:.0f} GiB, load {os.getloadavg()[0]:.1f}.")
    print("| what | minutes |\n|---|---|")
    for what, seconds in drill.took.items():
        print(f"| {what} | {seconds / 60:.1f} |")
    print(drill.said["4. Put it back"])
