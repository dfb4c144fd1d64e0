"""Tells every in-process test that keeps rows once more, with its rows on PostgreSQL (`make rows`).

What is about the file itself is not told again; it stands here with its reason.
"""

from __future__ import annotations

import os
from typing import Final

import pytest
from _pytest.terminal import TerminalReporter

WANTED: Final = os.environ.get("HOUSE_ROWS", "")
assert WANTED in {"", "postgresql"}, "HOUSE_ROWS is postgresql, or not set"

# file below tests/ -> test -> why it is told on a file alone.
ABOUT_THE_FILE: Final[dict[str, dict[str, str]]] = {}

_left = {"about the file": 0, "keeps no rows": 0}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out what keeps no rows, and what is about the file."""
    told: list[pytest.Item] = []
    left: list[pytest.Item] = []
    for item in items:
        is_of_file = reason_of(item.nodeid) is not None
        keeps_rows = "rows_on" in getattr(item, "fixturenames", ())
        if keeps_rows:
            _left["about the file"] += is_of_file
        else:
            _left["keeps no rows"] += 1
        (told if keeps_rows and not is_of_file else left).append(item)
    items[:] = told
    config.hook.pytest_deselected(items=left)


def reason_of(nodeid: str) -> str | None:
    """Why this test is about the file; None where it is not."""
    path, _, name = nodeid.partition("::")
    return ABOUT_THE_FILE.get(path.removeprefix("tests/"), {}).get(name.partition("[")[0])


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """How many were left out, and what for."""
    terminalreporter.section("rows on PostgreSQL")
    terminalreporter.line(", ".join(f"{count} {why}" for why, count in _left.items()) + " (left out)")
