"""An open connection on which everything that waits in a turn of the loop goes out together, and is answered in order.

hiredis packs and reads; only the waiting between them is ours. Commands that arrive together share one write to the
store's disk, and what changes something is answered when its replicas have it (`portal.store.copies`).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Final

import hiredis
from redis._parsers import BaseParser
from redis.asyncio.connection import AbstractConnection
from redis.exceptions import ConnectionError as RedisConnectionError, InvalidResponse, TimeoutError as RedisTimeoutError

from portal.store.asked import Asked, Command, nobodys
from portal.store.copies import Copies
from portal.store.placing import Node

MOST_ASKED: Final = 10_000
"""Commands that may wait for an answer at once: far more than all lines of a process ask. Beyond it nobody waits."""

LOOK_AGAIN_S: Final = 0.02

_NOTHING_YET: Final = object()


class Line(asyncio.Protocol):
    """An open connection, taken over from the library once its greeting is done."""

    def __init__(self, connection: AbstractConnection, silence_s: float, copies: Copies | None = None) -> None:
        self._copies = copies
        self._loop = asyncio.get_running_loop()
        self._connection = connection
        self.address = address_of(connection)
        self._silence_s = silence_s
        self._reader = hiredis.Reader(
            protocolError=InvalidResponse, replyError=BaseParser.parse_error, notEnoughData=_NOTHING_YET
        )
        self._asked: deque[Asked] = deque()
        self._unsent: list[bytes] = []
        self._standing: list[Asked] = []
        self._heard_at = 0.0
        self._watching: asyncio.TimerHandle | None = None
        self._asking: asyncio.TimerHandle | None = None
        self.is_broken = False
        if connection._writer is None:
            raise RedisConnectionError("the connection has broken")
        self._transport = connection._writer.transport
        self._transport.set_protocol(self)
        if self._transport.is_closing():
            self.give_up(RedisConnectionError)

    def ask(
        self, commands: Sequence[Command], *, is_one: bool, late: Callable[[Any], None] | None = None
    ) -> asyncio.Future[Any]:
        """Put them on the next packet; answers the future of the last answer, or of the list of all."""
        if self.is_broken:
            raise RedisConnectionError("the connection has broken")
        if len(self._asked) + len(self._standing) + len(commands) > MOST_ASKED:
            raise RedisTimeoutError("too many wait already")
        future: asyncio.Future[Any] = self._loop.create_future()
        packed: list[bytes] = []
        for command in commands:
            packed += self._packed(command)
        # Packed whole before anything is queued: a command that cannot be packed must not shift the answers of others.
        answers: list[Any] | None = None if is_one else []
        before = (nobodys(self._loop) if is_one else Asked(future, answers, False) for _ in commands[1:])
        asked = [*before, Asked(future, answers, True, late)]
        if self._copies is not None:
            self._copies.waits(asked, commands)
        if not self._unsent:
            self._loop.call_soon(self._send)
        self._unsent += packed
        self._standing += asked
        return future

    def _packed(self, command: Command) -> Sequence[bytes]:
        """As it goes to the server. The library does the same an eighth as fast, and knows names of two words."""
        name = command[0]
        if (" " if isinstance(name, str) else b" ") not in name:
            with contextlib.suppress(TypeError):
                return (hiredis.pack_command(tuple(command)),)
        return self._connection.pack_command(*command)

    def give_up(self, why: type[Exception]) -> None:
        """Break it off: everybody who waits is told `why`."""
        if self.is_broken:
            return
        self.is_broken = True
        for timer in (self._watching, self._asking):
            if timer is not None:
                timer.cancel()
        self._transport.abort()
        asked, self._asked = self._asked, deque()
        standing, self._standing = self._standing, []
        self._unsent.clear()
        for each in (*(self._copies.left() if self._copies is not None else ()), *asked, *standing):
            each.fail(why("no answer"))

    @property
    def is_busy(self) -> bool:
        """Whether something that was asked is not answered yet, or not told to whom it concerns."""
        return bool(self._asked or self._standing or (self._copies is not None and self._copies.asks_in_s is not None))

    async def closed(self) -> None:
        """Let the library forget the connection too."""
        with contextlib.suppress(Exception):
            await self._connection.disconnect(nowait=True)

    # What the transport calls

    def data_received(self, data: bytes) -> None:
        """Hand each answer to whoever asked for it."""
        self._heard_at = self._loop.time()
        try:
            self._reader.feed(data)
            while (answer := self._reader.gets()) is not _NOTHING_YET:
                if isinstance(answer, hiredis.PushNotification):
                    continue  # nobody asked for it
                asked = self._asked.popleft()
                if self._copies is None or not self._copies.holds(asked, answer, self._heard_at):
                    asked.take(answer)
            if self._copies is not None:
                self._go_on(self._copies)
        except Exception:
            # Answers that cannot be read, or that nobody asked for: from here on nothing fits together.
            self.give_up(RedisConnectionError)

    def connection_lost(self, exc: Exception | None) -> None:
        """The server went away."""
        self.give_up(RedisConnectionError)

    def _send(self) -> None:
        if self._transport.is_closing():
            self.give_up(RedisConnectionError)  # a turn before one is told so
        if self.is_broken:
            return
        question, marks = b"", list[Asked]()
        if (copies := self._copies) is not None:
            if copies.is_waiting:
                return  # with its answer: else each packet would wait for a slow replica alone, one after another
            if copies.asks_alone or not self._unsent:
                question, marks = copies.alone(self._loop)
                if question:
                    self._transport.write(question)
                    self._expects(marks)
                return
            question, marks = copies.behind(self._loop)
        if not self._unsent:
            return
        unsent, self._unsent = self._unsent, []
        standing, self._standing = self._standing, []
        self._transport.write(b"".join((*unsent, question)))
        self._expects([*standing, *marks])

    def _go_on(self, copies: Copies) -> None:
        """Send what stood back, and ask about what is held: now where somebody waits for it, else in a while."""
        in_s = copies.asks_in_s
        if self._unsent or in_s == 0:
            self._send()
        elif in_s is not None and self._asking is None:
            self._asking = self._loop.call_later(in_s, self._ask_late)

    def _ask_late(self) -> None:
        self._asking = None
        self._send()

    def _expects(self, asked: Sequence[Asked]) -> None:
        """These are answered next, and their silence counts from now."""
        if not self._asked:
            self._heard_at = self._loop.time()
        self._asked.extend(asked)
        if self._watching is None:
            self._watching = self._loop.call_later(self._silence_s, self._watch)

    def _watch(self, has_looked_again: bool = False) -> None:
        self._watching = None
        if not self._asked:
            return
        left = self._heard_at + self._silence_s - self._loop.time()
        if left > 0:
            self._watching = self._loop.call_later(left, self._watch)
        elif has_looked_again:
            self.give_up(RedisTimeoutError)
        else:
            # This process may have stood still itself: timers come first in a turn of the loop, then what waits.
            self._watching = self._loop.call_later(LOOK_AGAIN_S, self._watch, True)


def address_of(connection: Any) -> Node:
    """Where it leads; of a socket's file nobody asks."""
    return getattr(connection, "host", ""), int(getattr(connection, "port", 0))
