"""One connection on which everything that waits in a turn of the loop goes out together, and is answered in order.

The redis library makes the connection (address, TLS, password, protocol) and names the errors, hiredis packs and reads;
only the waiting between them is ours. A pooled connection, a retry and two timers for every command cost more than all
else a relayed message costs (docs/relay.md), and commands that arrive together share one write to the store's disk.

A caller who is cancelled leaves its answer to be read and dropped: nobody else ever gets it, and nothing is torn down.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Final

import hiredis
from redis._parsers import BaseParser
from redis.asyncio import ConnectionPool
from redis.asyncio.connection import AbstractConnection
from redis.exceptions import (
    ConnectionError as RedisConnectionError,
    InvalidResponse,
    OutOfMemoryError,
    ReadOnlyError,
    TimeoutError as RedisTimeoutError,
)

from portal.store.copies import ABOUT, Asked, Command, Copies
from portal.store.heirs import Heirs, Said
from portal.store.placing import Node

MOST_ASKED: Final = 10_000
"""Commands that may wait for an answer at once: far more than all lines of a process ask. Beyond it nobody waits."""

LOOK_AGAIN_S: Final = 0.02

_NOTHING_YET: Final = object()


class Packed:
    """Asks one server over one connection, made when it is first needed and again when it breaks.

    `silence_s`: how long the server may leave everything unanswered before the connection is given up. `copies`: makes,
    of what the server said of its replicas, whoever holds answers back until those have it. `heirs`: who says which
    server is the primary; a connection to another one is given up.
    """

    def __init__(
        self,
        pool: ConnectionPool,
        silence_s: float,
        *,
        copies: Callable[[bytes | str], Copies] | None = None,
        heirs: Heirs | None = None,
    ) -> None:
        self._pool = pool
        self._silence_s = silence_s
        self._copies = copies
        self._heirs = heirs
        if heirs is not None:
            heirs.on_said = self._hears
        self._line: _Line | None = None
        self._connecting: asyncio.Task[_Line] | None = None
        self._is_closed = False

    @property
    def is_up(self) -> bool:
        """Whether a connection stands, as far as one can know without asking."""
        return self._line is not None and not self._line.is_broken

    async def ask(self, command: Command, late: Callable[[Any], None] | None = None) -> Any:
        """Its answer. Raises what the server answers as an error, and redis' ConnectionError or TimeoutError for none.

        After those two it may or may not have been done. `late`: of a command that answers two things, called with the
        second, what others are to be told, where nobody waits for the answer any more.
        """
        line = self._line
        if line is None or line.is_broken:
            line = await self._connected()
        answer = line.ask((command,), is_one=True, late=late)
        try:
            return await answer
        except asyncio.CancelledError:
            # In the same turn in which the answer came: it has been given to nobody, and nobody holds it any more.
            is_answered = answer.done() and not answer.cancelled() and answer.exception() is None
            if late is not None and is_answered and (told := answer.result()[1]):
                late(told)
            raise
        except ReadOnlyError:
            # This server is no longer the one that writes; the address may lead to another by now.
            line.give_up(RedisConnectionError)
            raise

    async def ask_all(self, commands: Sequence[Command]) -> list[Any]:
        """All their answers, asked without anything between; an error stands in its place, unless it is "not now"."""
        line = self._line
        if line is None or line.is_broken:
            line = await self._connected()
        answers: list[Any] = await line.ask(commands, is_one=False)
        for answer in answers:
            if isinstance(answer, ReadOnlyError):
                line.give_up(RedisConnectionError)
            if isinstance(answer, (ReadOnlyError, OutOfMemoryError, RedisConnectionError)):
                raise answer
        return answers

    async def aclose(self) -> None:
        """Close it for good; whoever still waits, or asks later, is told that there is no answer."""
        self._is_closed = True
        connecting, self._connecting = self._connecting, None
        if connecting is not None:
            connecting.cancel()
            await asyncio.wait([connecting])
        line, self._line = self._line, None
        if line is not None:
            line.give_up(RedisConnectionError)
            await line.closed()

    async def _connected(self) -> _Line:
        if self._is_closed:
            raise RedisTimeoutError("closed")
        # One attempt for everybody who waits; one who gives up does not end it for the others.
        if self._connecting is None:
            self._connecting = asyncio.create_task(self._connect())
            self._connecting.add_done_callback(self._has_connected)
        connecting = self._connecting
        try:
            return await asyncio.shield(connecting)
        except asyncio.CancelledError:
            # Closed: that is no answer, and another server may have one. Who is cancelled herself is told just that.
            if connecting.cancelled() and not ((task := asyncio.current_task()) and task.cancelling()):
                raise RedisConnectionError("closed") from None
            raise

    async def _connect(self) -> _Line:
        if self._line is not None:
            await self._line.closed()
        connection: AbstractConnection = self._pool.make_connection()  # type: ignore[no-untyped-call]
        try:
            await connection.connect()  # type: ignore[no-untyped-call]
            copies = await self._begun(connection, self._copies) if self._copies is not None else None
        except BaseException:
            with contextlib.suppress(Exception):
                await connection.disconnect(nowait=True)
            raise
        self._line = _Line(connection, self._silence_s, copies)
        return self._line

    async def _begun(self, connection: AbstractConnection, copies: Callable[[bytes | str], Copies]) -> Copies:
        await connection.send_command(*ABOUT)
        said = await connection.read_response()
        if self._heirs is not None:
            await self._heirs.look()
            if self._heirs.said is not None and self._heirs.said.primary != _address(connection):
                # It was the primary and has come back before it knows better: what it has, another lacks.
                raise RedisConnectionError("another one is the primary")
        return copies(said)

    def _hears(self, said: Said) -> None:
        line = self._line
        if line is not None and not line.is_broken and said.primary != line.address:
            line.give_up(RedisConnectionError)

    def _has_connected(self, task: asyncio.Task[_Line]) -> None:
        if self._connecting is task:
            self._connecting = None
        if not task.cancelled():
            task.exception()  # seen: whoever still waits is told; the next who asks tries again


class _Line(asyncio.Protocol):
    """An open connection, taken over from the library once its greeting is done."""

    def __init__(self, connection: AbstractConnection, silence_s: float, copies: Copies | None = None) -> None:
        self._copies = copies
        self._loop = asyncio.get_running_loop()
        self._connection = connection
        self.address = _address(connection)
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
        """Put them on the next packet; answers the future of the one answer, or of the list of all."""
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
        asked = [Asked(future, answers, at == len(commands) - 1, late) for at in range(len(commands))]
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


def _address(connection: Any) -> Node:
    """Where it leads; of a socket's file nobody asks."""
    return getattr(connection, "host", ""), int(getattr(connection, "port", 0))
