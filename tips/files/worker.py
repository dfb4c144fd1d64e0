"""Runs one program that is fed by strangers, gives it bytes, and waits only so long for what it writes."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Final, cast

WITHIN: Final = 30.0
NOT_AT_ALL: Final = (-1, b"")
_AT_ONCE: Final = 64 * 1024


async def run(command: Sequence[str], pieces: Sequence[bytes], *, folder: Path, most: int) -> tuple[int, bytes]:
    """How the program ended and what it wrote; not in `WITHIN` seconds, or more than `most` bytes, is not at all."""
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        env={},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        # What a decoder complains of may quote what it read.
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(WITHIN):
            wrote = await _through(process, pieces, most)
            return NOT_AT_ALL if wrote is None else (await process.wait(), wrote)
    except TimeoutError:
        return NOT_AT_ALL
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _through(process: asyncio.subprocess.Process, pieces: Sequence[bytes], most: int) -> bytes | None:
    into, out = cast("asyncio.StreamWriter", process.stdin), cast("asyncio.StreamReader", process.stdout)
    try:
        for piece in pieces:
            into.write(piece)
            await into.drain()
    except (BrokenPipeError, ConnectionResetError):
        pass  # It has ended already; its code says why.
    into.close()
    wrote = bytearray()
    while read := await out.read(_AT_ONCE):
        wrote += read
        if len(wrote) > most:
            return None
    return bytes(wrote)
