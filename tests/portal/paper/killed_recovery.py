"""Recovers a house again and again, each time on a copy, and kills it, kill -9, just before another step."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from portal.clock import SystemClock
from portal.paper import holders
from portal.paper.recovering import NewPaper, Recovering
from portal.settings import Settings
from portal.staff.keys.keys_folder import KeysFolder
from portal.staff.keys.ledger import BookPage
from portal.staff.trail import audit
from portal.store.database import Database
from portal.vault.passwords import Pools
from portal.vault.recovery import recovery_keys
from portal.vault.sheets import new_sheets
from tests.portal.paper.lost import CAL, NAMES
from tests.support.rooms import quick

# Each step by what does it and how often that was done before; in the order of a recovery.
STEPS = [
    ("_write", 0),  # the new pepper
    ("_write", 1),  # the new box
    ("_write", 2),  # the new root key: all are there
    ("write", 0),  # the old root's last word
    ("write", 1),  # the new root's first
    ("begin", 0),  # the sheets' rows
    ("line", 0),  # the audit line, last before the commit
    ("raise_head", 0),  # first after the commit
    ("settle", 0),
    ("replace", 0),  # the pepper goes into its place
    ("replace", 1),  # the box
    ("replace", 2),  # the root key
    ("close", 0),
]
OWNERS: dict[str, Any] = {  # Any: classes and modules, whose attributes are exchanged here
    "_write": KeysFolder,
    "write": BookPage,
    "begin": holders,
    "line": audit,
    "raise_head": KeysFolder,
    "settle": KeysFolder,
    "replace": Path,
    "close": Database,
}


FEW = [0, 3, 6, 7, 10]
"""Of these the normal run tells: nothing written, files ready, before and after the commit, files half in place."""


def copies(root: Path, steps: Sequence[int]) -> Iterator[tuple[Path, str, int]]:
    """A folder for each step, the house of `root` in it."""
    for at in steps:
        there = root.parent / f"killed-{at}"
        shutil.copytree(root, there)
        yield there, *STEPS[at]


def recover_until(there: Path, secret: bytes, name: str, times: int) -> None:
    """Run a recovery until just before the step `name` is done for the time numbered `times`, counted from 0."""
    step: Callable[..., Any] = getattr(OWNERS[name], name)
    done = 0

    def counted(*arguments: Any, **named: Any) -> Any:
        nonlocal done
        # Of moves only those that put a prepared file in its place; the others belong to a write.
        counts = name != "replace" or str(arguments[0]).endswith(".next")
        if counts and done == times:
            os.kill(os.getpid(), signal.SIGKILL)
        done += counts
        return step(*arguments, **named)

    setattr(OWNERS[name], name, counted)
    asyncio.run(_recover(there, secret))


async def _recover(there: Path, secret: bytes) -> None:
    settings = Settings(data_dir=there / "data", keys_dir=there / "keys")
    database = Database(settings.database_place)
    recovering = Recovering(database, KeysFolder(settings.keys_dir, settings.data_dir), Pools(work=quick))
    new = NewPaper(recovery_keys(NEXT), new_sheets(NEXT))
    await recovering.recover(recovery_keys(secret), new, NAMES, SystemClock().now(), CAL)
    await database.close()


NEXT = bytes(range(32))
"""The recovery secret of the house after it: the test has to know it."""


def main(root: str, secret: str, *steps: str) -> None:
    """A child for each step, forked from one process that has imported everything."""
    for there, name, times in copies(Path(root), [int(at) for at in steps]):
        child = os.fork()
        if child == 0:
            try:
                recover_until(there, bytes.fromhex(secret), name, times)
            finally:
                os._exit(1)
        _, status = os.waitpid(child, 0)
        if not (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL):
            raise SystemExit(f"{name} {times}: was not killed")


if __name__ == "__main__":
    main(*sys.argv[1:])
