"""Has a file looked at by the operator's own virus scanner before anything else reads it; without one, lets it by."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Final, Protocol

from tips.files.refusing import PictureRefused

# Scanning takes seconds at the most; a scanner that is stuck must not hold up the reporter's page for ever.
WITHIN: Final = 30.0
_MOST_OF_AN_ANSWER: Final = 1024

_log = logging.getLogger("porchlight.tips")


class Looker(Protocol):
    """Looks at one whole file."""

    async def look(self, pieces: Sequence[bytes]) -> None:
        """Raises PictureRefused where something harmful was found, and where nobody could look."""


class NoLooker:
    """The quiet twin: no scanner is set."""

    async def look(self, pieces: Sequence[bytes]) -> None:
        """Everything goes by."""


class Clamd:
    """ClamAV's server, asked by its own protocol (clamd(8), INSTREAM): the bytes alone, no name and no file.

    What cannot be looked at is refused: a switch that lets things by when it is broken protects from nothing.
    """

    def __init__(self, address: str) -> None:
        self._address = address

    async def look(self, pieces: Sequence[bytes]) -> None:
        """Send all of it and hear the verdict. Raises PictureRefused."""
        try:
            async with asyncio.timeout(WITHIN):
                said = await self._asked(pieces)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            said = b""
        if said == b"stream: OK":
            return
        if said.startswith(b"stream: ") and said.endswith(b" FOUND"):
            raise PictureRefused("files.refused.found")
        # Not what it said: its words could name what they are about.
        _log.error("scanner_away")
        raise PictureRefused("files.away")

    async def _asked(self, pieces: Sequence[bytes]) -> bytes:
        if self._address.startswith("/"):
            reader, writer = await asyncio.open_unix_connection(self._address)
        else:
            host, _, port = self._address.rpartition(":")
            reader, writer = await asyncio.open_connection(host.strip("[]"), int(port))
        try:
            writer.write(b"zINSTREAM\0")
            for piece in pieces:
                writer.write(len(piece).to_bytes(4, "big") + piece)
                await writer.drain()
            writer.write(bytes(4))
            await writer.drain()
            return (await reader.readuntil(b"\0"))[:_MOST_OF_AN_ANSWER].rstrip(b"\0")
        finally:
            writer.close()


def looker(address: str) -> Looker:
    """The scanner behind this address; none where it is empty."""
    return Clamd(address) if address else NoLooker()
