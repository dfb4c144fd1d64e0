"""The shipped settings that keep logs short do so: logrotate runs by one, and journald knows the names of the other."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.source import REPOSITORY

SHIPPED = REPOSITORY / "docs" / "deploy" / "logs"
KEPT = 14
# journald.conf(5)
KNOWN = {"SystemMaxUse", "MaxRetentionSec", "MaxFileSec"}


def test_the_journal_is_kept_two_weeks_and_the_page_says_the_same() -> None:
    told = configparser.ConfigParser()
    told.optionxform = str  # type: ignore[assignment,method-assign]  # its way to keep capitals
    told.read(SHIPPED / "journald.conf")

    assert told.sections() == ["Journal"]
    assert set(told["Journal"]) == KNOWN
    assert told["Journal"]["MaxRetentionSec"] == f"{KEPT}day"
    page = (REPOSITORY / "docs" / "seeing.md").read_text("utf-8")
    assert "deploy/logs/journald.conf" in page
    assert "deploy/logs/porchlight.logrotate" in page
    assert "two weeks" in page


@pytest.mark.skipif(shutil.which("logrotate", path="/usr/sbin:/sbin") is None, reason="apt-get install logrotate")
def test_logrotate_keeps_two_weeks_of_a_file_that_is_written_all_the_time(tmp_path: Path) -> None:
    """The house writes on into the same open file; twenty days later fourteen older ones are there, and no more."""
    logs, state = tmp_path / "logs", tmp_path / "state"
    logs.mkdir(mode=0o700)
    text = (SHIPPED / "porchlight.logrotate").read_text("utf-8").replace("/var/log/porchlight", str(logs))
    text = re.sub(r"su porchlight porchlight", "", text)
    told = tmp_path / "told"
    told.write_text(text, "utf-8")
    told.chmod(0o600)
    with (logs / "house.log").open("ab", buffering=0) as house:
        for day in range(KEPT + 6):
            house.write(b"2026-03-04T03:07:00Z WARNING porchlight.operation day=%d\n" % day)
            ran = subprocess.run(
                ["logrotate", "--force", "--state", str(state), str(told)],
                env={"PATH": f"/usr/sbin:{os.environ['PATH']}"},
                capture_output=True,
                text=True,
                check=False,
            )
            assert (ran.returncode, ran.stderr) == (0, "")
        house.write(b"the day after\n")

    assert (logs / "house.log").read_bytes() == b"the day after\n"
    assert len(list(logs.iterdir())) == 1 + KEPT
    assert b"day=19" in (logs / "house.log.1").read_bytes()
    assert b"day=6\n" in (logs / f"house.log.{KEPT}").read_bytes()
