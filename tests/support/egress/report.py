"""Has the servers that a test starts watched, and reads what they tell."""

from __future__ import annotations

import os
from pathlib import Path

from tests.support.egress.sitecustomize import REPORT

FOLDER = Path(__file__).parent


def watched(report: Path) -> dict[str, str]:
    """What a Python server has to find in its environment to be watched; it tells in the file `report`."""
    return {"PYTHONPATH": str(FOLDER), REPORT: str(report)}


def environment(report: Path, *, home: Path) -> dict[str, str]:
    """A server's whole environment, watched: no more of this machine's own than where its programs are."""
    return {"PATH": os.environ["PATH"], "HOME": str(home), "TMPDIR": str(home), "LC_ALL": "C.UTF-8"} | watched(report)


def told(report: Path) -> list[str]:
    """What the servers that tell in `report` wanted to send to other machines; asked once, it is forgotten."""
    if not report.exists():
        return []
    lines = report.read_text("utf-8").splitlines()
    report.unlink()
    return lines


def hold_in(report: Path) -> None:
    """Fails where a server that tells in `report` spoke to another machine."""
    lines = told(report)
    assert lines == [], f"a server left this machine: {lines}"
