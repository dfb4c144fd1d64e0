"""What a Socket.IO client says over a websocket, as far as this job needs it: events, answers to them, beats."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import count

import msgspec

from bench.relay.talk import TEXT, Talk
from bench.relay.wire import OPENS_WITHIN_S, Wire

PATH = "/socket.io/?EIO=4&transport=websocket"


class Said(msgspec.Struct):
    """Words of the other side."""

    talk: str
    key: str


class Event(msgspec.Struct, array_like=True):
    """One event; with recovery its place in the stream comes last."""

    name: str
    said: Said
    offset: str = ""


_event = msgspec.json.Decoder(Event)


class SocketIoSide:
    """One socket of either side, in one or more conversations."""

    def __init__(self, is_advocate: bool) -> None:
        self._is_advocate = is_advocate
        self._talks: dict[str, Talk] = {}
        self._sent: dict[bytes, tuple[str, str]] = {}
        self._numbers = count(1)
        self._connected = asyncio.Event()
        self._joined = asyncio.Event()
        self.wire: Wire

    async def join(self, port: int, names: Sequence[str]) -> None:
        """Connect and enter these conversations."""
        self.wire = await Wire.open(port, PATH, self._hear)
        await asyncio.wait_for(self._connected.wait(), OPENS_WITHIN_S)
        side = "advocate" if self._is_advocate else "visitor"
        self.wire.say(b"420" + msgspec.json.encode(["join", side, list(names)]))
        await asyncio.wait_for(self._joined.wait(), OPENS_WITHIN_S)

    def says(self, name: str, key: str) -> None:
        """Words for the other side of this conversation; the server answers this very event."""
        number = b"%d" % next(self._numbers)
        self._sent[number] = (name, key)
        self.wire.say(
            b'42%b["say",{"talk":"%b","key":"%b","text":"%b"}]' % (number, name.encode(), key.encode(), TEXT.encode())
        )

    def hears_for(self, name: str, talk: Talk) -> None:
        """From here on what is heard of this conversation goes there."""
        self._talks[name] = talk

    def _hear(self, wire: Wire, frame: bytes) -> None:
        if frame.startswith(b"42"):
            said = _event.decode(frame[2:]).said
            talk = self._talks[said.talk]
            if self._is_advocate:
                talk.advocate_hears(said.key)
            else:
                talk.visitor_hears(said.key)
        elif frame.startswith(b"43"):
            number = frame[2 : frame.index(b"[")]
            if number == b"0":
                self._joined.set()
            else:
                name, key = self._sent.pop(number)
                self._talks[name].is_accepted(key)
        elif frame == b"2":
            wire.say(b"3")
        elif frame.startswith(b"0"):
            wire.say(b"40")
        elif frame.startswith(b"40"):
            self._connected.set()
