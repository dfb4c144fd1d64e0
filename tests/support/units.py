"""Reads systemd's unit files as far as these tests need them: which lines stand in which section, in order."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from tests.support.server_process import REPOSITORY

UNITS = REPOSITORY / "docs" / "deploy" / "systemd"

Section = dict[str, list[str]]


def unit(name: str) -> dict[str, Section]:
    """The sections of one unit: every name with what it is set to, one entry for each line."""
    sections: dict[str, Section] = defaultdict(lambda: defaultdict(list))
    section = ""
    for line in (UNITS / name).read_text("utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif "=" in line and not line.startswith("#"):
            what, _, value = line.partition("=")
            sections[section][what].append(value)
    return {name: dict(lines) for name, lines in sections.items()}


def services() -> list[Path]:
    """Every service we ship for the house itself."""
    return sorted(UNITS.glob("*.service"))
