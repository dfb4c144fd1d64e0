"""Has pictures drawn anew by a program of its own, one at a time, and waits for it only so long."""

import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Final, cast

from portal.errors import PorchlightError, TooBusy
from tips.files import draw
from tips.files.kinds import ENOUGH_TO_TELL, MOST_BYTES, MOST_DRAWN_BYTES, Kind, kind_of

ROOT: Final = Path(__file__).parents[2]
WITHIN: Final = 30.0
MOST_WAITING: Final = 6
_AT_ONCE: Final = 64 * 1024


class PictureRefused(PorchlightError):
    """A file that is not taken; `phrase` says why, to whoever sent it."""

    status: ClassVar[int] = 422

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class DrawingBusy(TooBusy):
    """More pictures wait than this process draws in a while."""

    phrase: ClassVar[str] = "files.busy"


_WHY: Final = {draw.TOO_LARGE: "files.refused.pixels", draw.MOVES: "files.refused.moves"}


class Drawing:
    """One drawing program at a time for each process of the house; a few may wait for their turn."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._waiting = 0

    async def draw(self, pieces: Sequence[bytes]) -> bytes:
        """The picture of these bytes as a JPEG of its pixels alone.

        Raises PictureRefused when it is none of our kinds or cannot be drawn within the bounds, DrawingBusy.
        """
        beginning = b"".join(pieces[:1])[:ENOUGH_TO_TELL]
        if kind_of(beginning) is None:
            raise PictureRefused("files.refused.kind")
        if sum(len(piece) for piece in pieces) > MOST_BYTES:
            raise PictureRefused("files.refused.large")
        if self._waiting >= MOST_WAITING:
            raise DrawingBusy("pictures wait already")
        self._waiting += 1
        try:
            async with self._turn:
                code, drawn = await _run(pieces)
        finally:
            self._waiting -= 1
        if code != draw.DRAWN or kind_of(drawn[:ENOUGH_TO_TELL]) is not Kind.JPEG:
            raise PictureRefused(_WHY.get(code, "files.refused.broken"))
        return drawn


async def _run(pieces: Sequence[bytes]) -> tuple[int, bytes]:
    """How the program ended and what it wrote; 124 when it did not end in time or wrote too much."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-B", "-m", draw.__name__, str(os.getpid())),
        cwd=ROOT,
        env={},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        # What a decoder complains of may quote what it read.
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(WITHIN):
            drawn = await _through(process, pieces)
            return (124, b"") if drawn is None else (await process.wait(), drawn)
    except TimeoutError:
        return 124, b""
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _through(process: asyncio.subprocess.Process, pieces: Sequence[bytes]) -> bytes | None:
    into, out = cast("asyncio.StreamWriter", process.stdin), cast("asyncio.StreamReader", process.stdout)
    try:
        for piece in pieces:
            into.write(piece)
            await into.drain()
    except (BrokenPipeError, ConnectionResetError):
        pass  # It has ended already; its code says why.
    into.close()
    drawn = bytearray()
    while read := await out.read(_AT_ONCE):
        drawn += read
        if len(drawn) > MOST_DRAWN_BYTES:
            return None
    return bytes(drawn)
