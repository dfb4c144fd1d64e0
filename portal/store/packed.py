"""Asks one server over one connection: made when it is first needed, made again when it breaks, given up in time.

The redis library makes the connection (address, TLS, password, protocol) and names the errors. A pooled connection, a
retry and two timers for every command cost more than all else a relayed message costs (docs/relay.md).

A caller who is cancelled leaves its answer to be read and dropped: nobody else ever gets it, and nothing is torn down.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from typing import Any

from redis.asyncio import ConnectionPool
from redis.asyncio.connection import AbstractConnection
from redis.exceptions import (
    ConnectionError as RedisConnectionError,
    OutOfMemoryError,
    ReadOnlyError,
    TimeoutError as RedisTimeoutError,
)

from portal.store.asked import Command
from portal.store.copies import ABOUT, Copies
from portal.store.heirs import Heirs, Said
from portal.store.line import Line, address_of


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
        self._line: Line | None = None
        self._connecting: asyncio.Task[Line] | None = None
        self._is_closed = False

    @property
    def is_up(self) -> bool:
        """Whether a connection stands, as far as one can know without asking."""
        return self._line is not None and not self._line.is_broken

    @property
    def is_busy(self) -> bool:
        """Whether something that was asked is not answered yet, or not told to whom it concerns."""
        return self.is_up and self._line is not None and self._line.is_busy

    async def ask(
        self, command: Command, late: Callable[[Any], None] | None = None, *, before: Sequence[Command] = ()
    ) -> Any:
        """Its answer. Raises what the server answers as an error, and redis' ConnectionError or TimeoutError for none.

        After those two it may or may not have been done. `late`: of a command that answers two things, called with the
        second, what others are to be told, where nobody waits for the answer any more. `before`: said right before it,
        whatever is answered.
        """
        line = self._line
        if line is None or line.is_broken:
            line = await self._connected()
        answer = line.ask((*before, command), is_one=True, late=late)
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
        if not commands:
            return []
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

    async def _connected(self) -> Line:
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

    async def _connect(self) -> Line:
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
        self._line = Line(connection, self._silence_s, copies)
        return self._line

    async def _begun(self, connection: AbstractConnection, copies: Callable[[bytes | str], Copies]) -> Copies:
        await connection.send_command(*ABOUT)
        said = await connection.read_response()
        if self._heirs is not None:
            await self._heirs.look()
            if self._heirs.said is not None and self._heirs.said.primary != address_of(connection):
                # It was the primary and has come back before it knows better: what it has, another lacks.
                raise RedisConnectionError("another one is the primary")
        return copies(said)

    def _hears(self, said: Said) -> None:
        line = self._line
        if line is not None and not line.is_broken and said.primary != line.address:
            line.give_up(RedisConnectionError)

    def _has_connected(self, task: asyncio.Task[Line]) -> None:
        if self._connecting is task:
            self._connecting = None
        if not task.cancelled():
            task.exception()  # seen: whoever still waits is told; the next who asks tries again
