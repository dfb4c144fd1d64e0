"""The floor's and Channels' own little language: join, say, heard, taken."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import msgspec

from bench.relay.talk import TEXT, Talk
from bench.relay.wire import OPENS_WITHIN_S, Wire


class Told(msgspec.Struct):
    """Whatever the server tells: that names were joined, that words were taken, or words of the other side."""

    joined: int = 0
    taken: str = ""
    talk: str = ""
    key: str = ""


_told = msgspec.json.Decoder(Told)


class PlainSide:
    """One socket of either side, in one or more conversations."""

    def __init__(self, is_advocate: bool) -> None:
        self._is_advocate = is_advocate
        self._talks: dict[str, Talk] = {}
        self._joined = asyncio.Event()
        self.wire: Wire

    async def join(self, port: int, names: Sequence[str]) -> None:
        """Connect and enter these conversations."""
        self.wire = await Wire.open(port, "/relay", self._hear)
        side = "advocate" if self._is_advocate else "visitor"
        self.wire.say(msgspec.json.encode({"as": side, "join": list(names)}))
        await asyncio.wait_for(self._joined.wait(), OPENS_WITHIN_S)

    def says(self, name: str, key: str) -> None:
        """Words for the other side of this conversation."""
        self.wire.say(b'{"talk":"%b","key":"%b","text":"%b"}' % (name.encode(), key.encode(), TEXT.encode()))

    def hears_for(self, name: str, talk: Talk) -> None:
        """From here on what is heard of this conversation goes there."""
        self._talks[name] = talk

    def _hear(self, _wire: Wire, frame: bytes) -> None:
        told = _told.decode(frame)
        if told.joined:
            self._joined.set()
        elif told.taken:
            self._talks[told.talk].is_accepted(told.taken)
        elif self._is_advocate:
            self._talks[told.talk].advocate_hears(told.key)
        else:
            self._talks[told.talk].visitor_hears(told.key)
