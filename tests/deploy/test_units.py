"""Holds the units an operator installs to their hardening, to each other and to what the program asks of them."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from portal.settings import read_settings
from portal.supervisor import WORKERS_END_WITHIN
from tests.support.server_process import REPOSITORY
from tests.support.units import UNITS, services, unit

# keys.md, section 4: hardened. The page says what systemd counts (0 is best, 10 is none) and what it counts for it.
PAGE = (UNITS.parent / "systemd.md").read_text("utf-8")
ELSEWHERE = (UNITS.parent / "onion" / "porchlight-onion.service", REPOSITORY / "docs/engine/porchlight-engine.service")
WORST = {name: float(most) for name, most in re.findall(r"(?m)^\| `(porchlight[\w-]*\.service)` \| ([\d.]+) \|", PAGE)}
HARDENED = "# Nothing of the machine but what it needs."
ANALYZE = shutil.which("systemd-analyze")


def hardening(path: Path) -> str:
    text = path.read_text("utf-8")
    return text[text.index(HARDENED) :].split("\n\n")[0].rstrip("\n")


def test_every_service_is_hardened_by_the_same_lines() -> None:
    assert sorted(path.name for path in (*services(), *ELSEWHERE)) == sorted(WORST)
    assert len({hardening(path) for path in services()}) == 1
    assert "NoNewPrivileges=yes" in hardening(services()[0])


@pytest.mark.skipif(ANALYZE is None, reason="systemd is not installed on this machine")
def test_systemd_counts_what_the_page_says() -> None:
    said = subprocess.run(
        [str(ANALYZE), "security", "--offline=true", "--no-pager", *map(str, [*services(), *ELSEWHERE])],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    found = dict(re.findall(r"Overall exposure level for (\S+): ([\d.]+)", said))
    assert set(found) == set(WORST)
    assert {name: level for name, level in found.items() if float(level) > WORST[name]} == {}
    # Each thing that is left is named on the page, and nothing is named that is not left.
    left = set(re.findall(r"(?m)^✗ (\w+)=", said))
    assert left == set(re.findall(r"(?m)^\| `(\w+)` \| [\d.]+", PAGE))


@pytest.mark.skipif(ANALYZE is None, reason="systemd is not installed on this machine")
def test_systemd_reads_every_line(tmp_path: Path) -> None:
    """Copied and led to a program and an account that are here: `verify` looks for both."""
    for path in [*UNITS.glob("porchlight*.*")]:
        text = path.read_text("utf-8").replace("/opt/porchlight/.venv/bin/python", "/bin/true")
        (tmp_path / path.name).write_text(text, "utf-8")
    told = subprocess.run(
        [str(ANALYZE), "verify", "--man=no", *map(str, sorted(tmp_path.glob("*.[st]*[ert]")))],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in told.stderr.splitlines() if str(tmp_path) in line]
    assert ours == []


def test_the_doors_are_those_of_the_settings() -> None:
    stores = {"REDIS_URL_FILE": "", "EMBER_URL_FILE": ""}  # their files are there where the units run
    settings = read_settings(stores, file=UNITS / "porchlight.settings")
    doors = unit("porchlight.socket")["Socket"]["ListenStream"]
    assert doors == [f"127.0.0.1:{settings.port}", f"127.0.0.1:{settings.desk_port}"]
    assert (settings.host, settings.desk_host) == ("127.0.0.1", "127.0.0.1")


def test_each_folder_the_settings_name_is_made_by_a_unit() -> None:
    text = (UNITS / "porchlight.settings").read_text("utf-8")
    made = {
        folder
        for path in services()
        for kind, root in (("StateDirectory", "/var/lib"), ("RuntimeDirectory", "/run"))
        for line in unit(path.name)["Service"].get(kind, [])
        for folder in (f"{root}/{name}" for name in line.split())
    }
    named = [Path(found) for found in re.findall(r"(?m)^[A-Z_]+ = (/\S+)$", text)]
    assert len(named) == 4
    assert [path for path in named if str(path) not in made and str(path.parent) not in made] == []


def test_the_stores_stand_where_the_house_looks_for_them() -> None:
    text = (UNITS / "porchlight.settings").read_text("utf-8")
    for name in ("durable", "ember"):
        service = unit(f"porchlight-{name}.service")["Service"]
        assert f"portal.store.standing {name} --run /run/porchlight-{name}" in service["ExecStart"][0]
        assert f"= /run/porchlight-{name}/{name}.url" in text
        assert service["PrivateNetwork"] == ["yes"]
        # A new address at each start would leave the house with the old one.
        assert service["RuntimeDirectoryPreserve"] == ["restart"]
    assert "--data" not in unit("porchlight-ember.service")["Service"]["ExecStart"][0]
    assert "StateDirectory" not in unit("porchlight-ember.service")["Service"]


def test_the_house_has_the_time_it_takes_to_end_and_says_when_it_is_ready() -> None:
    service = unit("porchlight.service")["Service"]
    assert service["Type"] == ["notify"]
    assert float(service["TimeoutStopSec"][0]) > WORKERS_END_WITHIN + 2 * 2
    assert service["StandardOutput"] == ["null"]  # the code of a new house is printed, and belongs in no journal


def test_the_backup_is_taken_at_one_fixed_minute() -> None:
    timer = unit("porchlight-backup.timer")["Timer"]
    assert re.fullmatch(r"\*-\*-\* \d\d:\d\d:00", timer["OnCalendar"][0])
    assert (timer["RandomizedDelaySec"], timer["AccuracySec"]) == (["0"], ["1s"])


def test_the_drop_ins_set_nothing_the_units_do_not_know() -> None:
    known = set(unit("porchlight.service")["Service"])
    for path in sorted((UNITS / "drop-ins").glob("*.conf")):
        told = unit(f"drop-ins/{path.name}")
        assert set(told) <= {"Service"}
        assert set(told.get("Service", {})) <= known
    assert (REPOSITORY / "docs" / "files.md").exists()
