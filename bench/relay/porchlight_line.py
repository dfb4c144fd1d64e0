"""The two ends of our own line, written from its protocol page: a visitor's page and an advocate's desk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import msgspec

from bench.relay.talk import TEXT, Talk, new_key
from bench.relay.wire import OPENS_WITHIN_S, Wire

HERE = b'{"type":"Here"}'
SUBPROTOCOL = {"Sec-WebSocket-Protocol": "line.6"}  # of the pages of today, which count their own words by the answer
FRAME = 512
# A frame of 200 bytes of words is filled up to the step above it, as the protocol asks of every client.
_BARE_VISITOR = b'{"type":"Say","key":"%b","text":"%b","pad":"%b"}'
_BARE_DESK = b'{"type":"Say","conversation":"%b","key":"%b","text":"%b","pad":"%b"}'
_KEY = b"k" * 22
_WORDS = TEXT.encode()
_VISITOR_PAD = b"0" * (FRAME - len(_BARE_VISITOR % (_KEY, _WORDS, b"")))
_DESK_PAD = b"0" * (FRAME - len(_BARE_DESK % (_KEY, _KEY, _WORDS, b"")))


class Waiting(msgspec.Struct):
    """One row of the queue."""

    conversation: str


class Told(msgspec.Struct):
    """What this job reads of the frames; the rest is passed over."""

    type: str
    key: str = ""
    conversation: str = ""
    author: str = ""
    text: str = ""
    card: object = ""  # of a message its name; a whole card where a talk is opened
    seq: int = 0
    of: int = 0
    waiting: tuple[Waiting, ...] = ()


_told = msgspec.json.Decoder(Told)


class VisitorEnd:
    """One visitor's page."""

    def __init__(self, first_words: str) -> None:
        self.first_words = first_words
        self.talk: Talk | None = None
        self._first_key = new_key()
        self._is_kept = asyncio.Event()
        self._tapped: set[str] = set()
        self.allowed = 0  # questions whether a machine may translate, answered yes and kept
        self.wire: Wire

    async def come(self, port: int, origin: str, token: str) -> None:
        """Open the line by the tab token and say the first words; back once they are kept."""
        self.wire = await Wire.open(port, "/line/talk", self._hear, {"Origin": origin, **SUBPROTOCOL})
        self.wire.say(msgspec.json.encode({"type": "Resume", "token": token, "last": 0}))
        self.wire.say(msgspec.json.encode({"type": "Say", "key": self._first_key, "text": self.first_words}))
        await asyncio.wait_for(self._is_kept.wait(), OPENS_WITHIN_S)

    def says(self, key: str) -> None:
        """Her words."""
        self.wire.say(_BARE_VISITOR % (key.encode(), _WORDS, _VISITOR_PAD))

    def _hear(self, _wire: Wire, frame: bytes) -> None:
        told = _told.decode(frame)
        if told.type == "MessagePosted":
            if told.card:
                self._taps(told)
            elif told.author == "advocate" and self.talk is not None:
                self.talk.visitor_hears(told.key)
        elif told.type == "MessageAccepted":
            if told.key == self._first_key:
                self._is_kept.set()
            elif told.key in self._tapped:
                self.allowed += 1
            elif self.talk is not None:
                self.talk.is_accepted(told.key)
        elif told.type == "Refused" and self.talk is not None:
            self.talk.surprises += 1

    def _taps(self, asked: Told) -> None:
        key = new_key()
        self._tapped.add(key)
        self.wire.say(msgspec.json.encode({"type": "Tap", "key": key, "seq": asked.seq, "choice": "machineyes"}))


class DeskEnd:
    """One advocate's desk; takes conversations out of the queue while it has room."""

    def __init__(self, room: int, claimed: set[str], taken: Callable[[DeskEnd, str, str], None]) -> None:
        self.room = room
        self._claimed = claimed
        self._taken = taken
        self._talks: dict[str, Talk] = {}
        self._is_ready = asyncio.Event()
        self.wire: Wire

    async def come(self, port: int, origin: str, cookie: str, csrf: str) -> None:
        """Open the line by the session, and be ready."""
        headers = {"Origin": origin, "Cookie": cookie, **SUBPROTOCOL}
        self.wire = await Wire.open(port, "/line/desk", self._hear, headers)
        self.wire.say(msgspec.json.encode({"type": "Resume", "csrf": csrf, "talks": []}))
        self.wire.say(msgspec.json.encode({"type": "Ready", "ready": True}))
        await asyncio.wait_for(self._is_ready.wait(), OPENS_WITHIN_S)

    def _take(self, told: Told) -> None:
        for row in told.waiting:
            if self.room and row.conversation not in self._claimed:
                self.room -= 1
                self._claimed.add(row.conversation)
                self.wire.say(msgspec.json.encode({"type": "Take", "key": new_key(), "conversation": row.conversation}))

    def says(self, conversation: str, key: str) -> None:
        """Her words."""
        self.wire.say(_BARE_DESK % (conversation.encode(), key.encode(), _WORDS, _DESK_PAD))

    def hears_for(self, conversation: str, talk: Talk) -> None:
        """From here on what is heard of this conversation goes there."""
        self._talks[conversation] = talk

    def _hear(self, _wire: Wire, frame: bytes) -> None:
        told = _told.decode(frame)
        talk = self._talks.get(told.conversation)
        if told.type == "MessagePosted":
            if told.author == "visitor" and not told.of:
                if talk is None:
                    self._taken(self, told.conversation, told.text)
                else:
                    talk.advocate_hears(told.key)
        elif told.type == "MessageAccepted":
            if talk is not None:
                talk.is_accepted(told.key)
        elif told.type == "QueueSnapshot":
            self._is_ready.set()
            self._take(told)
        elif told.type in ("Refused", "ConversationErased"):
            if talk is not None:
                talk.surprises += 1
            elif told.conversation in self._claimed:
                self._claimed.discard(told.conversation)
                self.room += 1
