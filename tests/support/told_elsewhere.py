"""Says at the end of a run on other engines what became of them, and fails one that was not really told there."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from dataclasses import asdict
from typing import Any

import pytest
from _pytest.terminal import TerminalReporter

from tests.support.elsewhere import TALLY, WANTED, strangers

# A run of so many seconds has had a primary killed in it, or something is wrong with whoever kills.
LONG_ENOUGH_S = 120.0
_began = time.monotonic()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """No store that was not started here runs beside a test; and which tests had somebody killed in their middle."""
    killed = TALLY.killed
    try:
        return (yield)
    finally:
        if WANTED:
            if TALLY.killed > killed:
                TALLY.in_the_middle.append(item.nodeid)
            assert strangers() == [], "a house keeps its words in Valkeys of its own"


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A run that put no house elsewhere, or let nobody fail over, has not shown what it was asked for."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["elsewhere"] = asdict(TALLY)  # one of several processes: whoever began them counts for all
    elif WANTED and session.testscollected and _faults(session):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """One of several processes that tell has ended: what became of its stores counts too."""
    for name, count in getattr(node, "workeroutput", {}).get("elsewhere", {}).items():
        setattr(TALLY, name, getattr(TALLY, name) + count)


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """The counts."""
    if not WANTED:
        return
    terminalreporter.section(f"told on {WANTED}")
    for line in _told():
        terminalreporter.line(line)


def _faults(session: pytest.Session) -> bool:
    is_hurt = WANTED != "single" and time.monotonic() - _began > LONG_ENOUGH_S
    return not session.config.option.collectonly and (not TALLY.houses or (is_hurt and not TALLY.chosen))


def _told() -> Iterator[str]:
    yield f"{TALLY.houses} houses on stores of their own elsewhere, {TALLY.servers} starts of servers seen to use them"
    yield f"{TALLY.killed} primaries killed, {TALLY.chosen} times another was chosen within six seconds"
    yield f"in the middle of {len(TALLY.in_the_middle)} tests"
    yield from (f"  {name}" for name in TALLY.in_the_middle)
