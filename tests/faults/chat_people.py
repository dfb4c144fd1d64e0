"""Pages that live through kills, as the real ones do: they keep what was not acknowledged and come back."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Protocol

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidHandshake, WebSocketException
from websockets.typing import Origin, Subprotocol

from chat.protocol.kinds import SUBPROTOCOL
from portal.ids import to_text

PAUSES_S = (0.1, 0.2, 0.5, 1.0)
EACH_S = 0.7  # under the line's two frames a second
BEAT_S = 10.0
DEAD_S = 8.0  # as the page: a beat that is not answered means a dead line


class Server(Protocol):
    """Where a page finds one server: a house, or a way to it."""

    @property
    def public(self) -> str: ...
    @property
    def public_line(self) -> str: ...
    @property
    def desk(self) -> str: ...
    @property
    def desk_line(self) -> str: ...


@dataclass
class Shown:
    """What one page shows of one conversation."""

    by_number: dict[int, tuple[str, str]] = field(default_factory=dict)  # number -> author, words
    order: list[int] = field(default_factory=list)
    twice: list[int] = field(default_factory=list)
    taken_back: set[int] = field(default_factory=set)
    came_back: list[int] = field(default_factory=list)  # words that were taken back, told once more
    ahead: dict[int, tuple[str, str]] = field(default_factory=dict)  # its own, accepted before what is below was told
    counted: set[int] = field(default_factory=set)  # its own of this line, known by their number alone

    @property
    def last(self) -> int:
        return self.order[-1] if self.order else 0

    def show(self, seq: int, author: str, text: str) -> None:
        """A page drops what it has; what is wrong is that it came although it was asked from `last` on."""
        if seq in self.taken_back and text:
            self.came_back.append(seq)
        if seq in self.counted:
            # Its own, told whole after a gap of the line.
            self.counted.discard(seq)
            if self.ahead.pop(seq, None) is None:
                return
        if seq in self.by_number:
            self.twice.append(seq)
            return
        self.by_number[seq] = (author, text)
        self.order.append(seq)
        while self.last + 1 in self.ahead:
            seq = self.last + 1
            self.by_number[seq] = self.ahead.pop(seq)
            self.order.append(seq)

    def count(self, seq: int, author: str, text: str) -> None:
        """Its own words have this number; they stand behind everything with a lower one."""
        if seq in self.by_number or seq in self.counted or seq in self.taken_back:
            return
        if seq == self.last + 1:
            self.show(seq, author, text)
        else:
            self.ahead[seq] = (author, text)
        self.counted.add(seq)

    def resume(self) -> int:
        """The number a new line goes on from; what was accepted above it is told over that one."""
        self.counted.clear()
        self.ahead.clear()
        return self.last

    def take_back(self, seq: int) -> None:
        """Off the page with the words; their number stays, and is told as an empty one where it was not shown yet."""
        self.taken_back.add(seq)
        if seq in self.by_number:
            self.by_number[seq] = ("system", "")


@dataclass
class Pending:
    """Words that no server has acknowledged yet."""

    key: str
    text: str
    conversation: str = ""


class Page(ABC):
    """One line that is opened again whenever it ends; subclasses say how it begins and what it hears."""

    def __init__(self, servers: Sequence[Server]) -> None:
        self.servers = servers
        self.at = secrets.randbelow(len(servers))
        self.pending: dict[str, Pending] = {}
        self.accepted: dict[str, tuple[int, str]] = {}  # key -> number, words
        self.accepted_as: dict[str, set[int]] = {}
        self.refused: list[dict[str, Any]] = []
        self.codes: list[int] = []
        self.cut = 0
        self.longest_wait = 0.0
        self._asked_at: dict[str, float] = {}
        self._socket: ClientConnection | None = None
        self._heard_at = monotonic()
        self.is_frozen = False

    async def live(self) -> None:
        """Until cancelled."""
        pause = 0
        while True:
            try:
                async with await self._open() as socket:
                    self._heard_at = monotonic()
                    await self.begin(socket)
                    self._socket = socket
                    pause = 0
                    async with asyncio.TaskGroup() as tasks:
                        beating = tasks.create_task(self._beat(socket))
                        try:
                            async for frame in socket:
                                self._heard_at = monotonic()
                                await self.hear(json.loads(frame))
                        finally:
                            beating.cancel()
            except* (OSError, WebSocketException, InvalidHandshake, TimeoutError):
                pass
            finally:
                if self._socket is not None and self._socket.close_code is not None:
                    self.codes.append(self._socket.close_code)
                self._socket = None
                self.cut += 1
            await asyncio.sleep(PAUSES_S[min(pause, len(PAUSES_S) - 1)])
            pause += 1
            self.at = (self.at + 1) % len(self.servers)

    def stops_reading(self) -> None:
        """The device sleeps: nothing that comes is taken, and no clock of the page runs."""
        self.is_frozen = True
        if self._socket is not None:
            self._socket.transport.pause_reading()

    def reads_again(self) -> None:
        """It wakes; the line it had may be gone."""
        self.is_frozen = False
        self._heard_at = monotonic()
        if self._socket is not None and not self._socket.transport.is_closing():
            self._socket.transport.resume_reading()

    async def say(self, words: Pending) -> None:
        """Keep the words until a server has them, and send them if there is a line."""
        self.pending[words.key] = words
        self._asked_at[words.key] = monotonic()
        await self._send(words)

    def standing(self) -> str:
        """How this page stands, for a test that waits in vain."""
        heard = monotonic() - self._heard_at
        reasons = [fact["reason"] for fact in self.refused[-3:]]
        return (
            f"{type(self).__name__}: {len(self.accepted)} accepted, {len(self.pending)} pending, "
            f"{'a' if self._socket is not None else 'no'} line, heard {heard:.1f} s ago, cut {self.cut} times, "
            f"last codes {self.codes[-3:]}, last refusals {reasons}"
        )

    def counts(self, shown: Shown | None, author: str, fact: dict[str, Any]) -> None:
        """Its own words are told by their number alone."""
        words = self.pending.get(fact["key"])
        if words is not None and shown is not None:
            shown.count(fact["seq"], author, words.text)
        self.was_accepted(fact["key"], fact["seq"])

    def was_accepted(self, key: str, seq: int) -> None:
        self.accepted_as.setdefault(key, set()).add(seq)
        words = self.pending.pop(key, None)
        if words is not None:
            self.accepted[key] = (seq, words.text)
            self.longest_wait = max(self.longest_wait, monotonic() - self._asked_at[key])

    async def resend(self) -> None:
        for words in list(self.pending.values()):
            await self._send(words)

    async def resend_later(self, key: str) -> None:
        await asyncio.sleep(0.5)
        if key in self.pending:
            await self._send(self.pending[key])

    async def _send(self, words: Pending) -> None:
        frame = {"type": "Say", "key": words.key, "text": words.text}
        if words.conversation:
            frame["conversation"] = words.conversation
        if self._socket is not None:
            with contextlib.suppress(OSError, WebSocketException):
                await self._socket.send(json.dumps(frame))

    async def _beat(self, socket: ClientConnection) -> None:
        while True:
            await asyncio.sleep(BEAT_S / 4)
            with contextlib.suppress(OSError, WebSocketException):
                await socket.send('{"type":"Here"}')
            if monotonic() - self._heard_at > DEAD_S and not self.is_frozen:
                socket.transport.abort()

    @abstractmethod
    async def _open(self) -> ClientConnection:
        """Opens one line."""

    @abstractmethod
    async def begin(self, socket: ClientConnection) -> None:
        """Says who is there, and up to where she has read."""

    @abstractmethod
    async def hear(self, fact: dict[str, Any]) -> None:
        """Takes in one fact."""


async def shake(url: str, origin: str, cookie: str = "") -> ClientConnection:
    """A handshake as a browser makes it."""
    return await connect(
        url,
        origin=Origin(origin),
        subprotocols=[Subprotocol(SUBPROTOCOL)],
        additional_headers={"Cookie": cookie} if cookie else None,
        compression=None,
        proxy=None,
        ping_interval=None,
        open_timeout=5,
        close_timeout=0.2,
        max_queue=None,
    )


class VisitorPage(Page):
    """A visitor's page: the token in a variable, the words it shows, the words it still holds."""

    def __init__(self, servers: Sequence[Server], token: str) -> None:
        super().__init__(servers)
        self.token = token
        self.shown = Shown()

    async def _open(self) -> ClientConnection:
        server = self.servers[self.at]
        return await shake(server.public_line, server.public)

    async def begin(self, socket: ClientConnection) -> None:
        await socket.send(json.dumps({"type": "Resume", "token": self.token, "last": self.shown.resume()}))

    async def hear(self, fact: dict[str, Any]) -> None:
        match fact["type"]:
            case "Welcome":
                await self.resend()
            case "MessageAccepted":
                self.counts(self.shown, "visitor", fact)
            case "MessagePosted":
                self.shown.show(fact["seq"], fact["author"], fact["text"])
                if fact["author"] == "visitor":
                    self.was_accepted(fact["key"], fact["seq"])
            case "MessageWithdrawn":
                self.shown.take_back(fact["seq"])
            case "AdvocateJoined":
                self.shown.show(fact["seq"], "system", "joined")
            case "Refused":
                self.refused.append(fact)
                asyncio.get_running_loop().create_task(self.resend_later(fact["key"]))


def new_key() -> str:
    return to_text(secrets.token_bytes(16))
