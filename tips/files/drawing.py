"""Has pictures drawn anew by a program of its own, one at a time, and waits for it only so long."""

import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Final, cast

from portal.errors import PorchlightError, TooBusy
from tips.files.kinds import (
    DRAWN,
    ENOUGH_TO_TELL,
    MOST_BYTES,
    MOST_DRAWN_BYTES,
    MOVES,
    TOO_LARGE,
    Kind,
    kind_of,
)

# By its name: what decodes pictures is never loaded into a process of the house.
PROGRAM: Final = "tips.files.draw"
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


_NOT_AT_ALL: Final = (-1, b"")
_WHY: Final = {TOO_LARGE: "files.refused.pixels", MOVES: "files.refused.moves"}


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
        if code != DRAWN or kind_of(drawn[:ENOUGH_TO_TELL]) is not Kind.JPEG:
            raise PictureRefused(_WHY.get(code, "files.refused.broken"))
        return drawn


async def _run(pieces: Sequence[bytes]) -> tuple[int, bytes]:
    """How the program ended and what it wrote; not in time, or with too much, counts as not at all."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-B", "-m", PROGRAM, str(os.getpid())),
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
            return _NOT_AT_ALL if drawn is None else (await process.wait(), drawn)
    except TimeoutError:
        return _NOT_AT_ALL
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
