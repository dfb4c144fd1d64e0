"""Has a report printed by a program of its own, one at a time, and waits for it only so long."""

import asyncio
import os
import sys
from pathlib import Path
from typing import ClassVar, Final

import msgspec

from portal.errors import PorchlightError, TooBusy
from tips.report.paper import DONE, MOST_PRINTED, MOST_WORDS, Paper

# By its name: what shapes letters is never loaded into a process of the house.
PROGRAM: Final = "tips.report.press"
ROOT: Final = Path(__file__).parents[2]
WITHIN: Final = 40.0
MOST_WAITING: Final = 4


class NotPrinted(PorchlightError):
    """The paper could not be made. The other two files hold the same."""

    phrase: ClassVar[str] = "report.error.not_printed"
    status: ClassVar[int] = 503


class PrintingBusy(TooBusy):
    """More reports wait than this process prints in a while."""

    phrase: ClassVar[str] = "report.error.busy"


class Printing:
    """One printing program at a time for each process of the house; a few may wait for their turn."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._waiting = 0

    async def print(self, paper: Paper) -> bytes:
        """The PDF of these words. Raises NotPrinted, PrintingBusy."""
        words = msgspec.json.encode(paper)
        if len(words) > MOST_WORDS:
            raise NotPrinted("more words than are printed")
        if self._waiting >= MOST_WAITING:
            raise PrintingBusy("reports wait already")
        self._waiting += 1
        try:
            async with self._turn:
                printed = await _run(words)
        finally:
            self._waiting -= 1
        if not printed.startswith(b"%PDF-") or len(printed) > MOST_PRINTED:
            raise NotPrinted("no paper came")
        return printed


async def _run(words: bytes) -> bytes:
    """What the program wrote; nothing where it failed or took too long."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-B", "-m", PROGRAM, str(os.getpid())),
        cwd=ROOT,
        env={},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        # What it complains of may quote what it read.
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(WITHIN):
            printed, _ = await process.communicate(words)
            return printed if process.returncode == DONE else b""
    except TimeoutError:
        return b""
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
