"""Has what comes in made anew by a program of its own: pictures drawn, recordings and documents stripped."""

import asyncio
import os
import sys
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

from tips.files.kinds import (
    DRAWN,
    ENOUGH_TO_TELL,
    MOST_BYTES,
    MOST_DRAWN_BYTES,
    MOVES,
    TOO_LARGE,
    Kind,
    Sort,
    kind_of,
)
from tips.files.refusing import DrawingBusy, PictureRefused
from tips.files.stripping import Stripping
from tips.files.worker import run

# By its name: what decodes pictures is never loaded into a process of the house.
PROGRAM: Final = "tips.files.draw"
ROOT: Final = Path(__file__).parents[2]
MOST_WAITING: Final = 6


_WHY: Final = {TOO_LARGE: "files.refused.pixels", MOVES: "files.refused.moves"}
_WHY_PAPER: Final = {TOO_LARGE: "files.refused.pages"}


class Drawing:
    """One program at a time for each process of the house; a few may wait for their turn."""

    def __init__(self, stripping: Stripping) -> None:
        self._stripping = stripping
        self._turn = asyncio.Lock()
        self._waiting = 0

    async def draw(self, pieces: Sequence[bytes], takes: Collection[Sort] = (Sort.PHOTO,)) -> tuple[Kind, bytes]:
        """What these bytes are, and what is kept of them: a JPEG of a picture's pixels, or what stripping left.

        Raises PictureRefused when it is none of the kinds that are taken or cannot be made anew within the bounds,
        DrawingBusy.
        """
        kind = kind_of(b"".join(pieces[:1])[:ENOUGH_TO_TELL])
        if kind is None or kind.sort not in takes:
            raise PictureRefused("files.refused.kind")
        if sum(len(piece) for piece in pieces) > MOST_BYTES:
            raise PictureRefused("files.refused.large")
        if self._waiting >= MOST_WAITING:
            raise DrawingBusy("pictures wait already")
        self._waiting += 1
        try:
            async with self._turn:
                code, made = await self._made(kind, pieces)
        finally:
            self._waiting -= 1
        comes_out = Kind.JPEG if kind.sort is Sort.PHOTO else kind
        if code != DRAWN or not _is_a(comes_out, made):
            raise PictureRefused((_WHY_PAPER if kind.sort is Sort.PAPER else _WHY).get(code, "files.refused.broken"))
        return kind, made

    async def _made(self, kind: Kind, pieces: Sequence[bytes]) -> tuple[int, bytes]:
        if kind.sort is not Sort.PHOTO:
            return await self._stripping.strip(kind, pieces)
        command = (sys.executable, "-B", "-m", PROGRAM, str(os.getpid()))
        return await run(command, pieces, folder=ROOT, most=MOST_DRAWN_BYTES)


def _is_a(kind: Kind, made: bytes) -> bool:
    """By its content again: what a program wrote is no more believed than what a stranger sent."""
    return kind_of(made[:ENOUGH_TO_TELL]) is kind
