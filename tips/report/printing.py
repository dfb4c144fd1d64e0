"""Has a report printed by a program of its own, one at a time, and waits for it only so long."""

import asyncio
import os
import sys
from pathlib import Path
from typing import ClassVar, Final

import msgspec

from portal.errors import PorchlightError, TooBusy
from tips.files.worker import run
from tips.report.paper import DONE, MOST_PRINTED, MOST_WORDS, Paper

# By its name: what shapes letters is never loaded into a process of the house.
PROGRAM: Final = "tips.report.press"
ROOT: Final = Path(__file__).parents[2]
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
                code, printed = await run(_command(), [words], folder=ROOT, most=MOST_PRINTED)
        finally:
            self._waiting -= 1
        if code != DONE or not printed.startswith(b"%PDF-"):
            raise NotPrinted("no paper came")
        return printed


def _command() -> tuple[str, ...]:
    return (sys.executable, "-B", "-m", PROGRAM, str(os.getpid()))
