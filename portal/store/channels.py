"""What is published, heard: one subscriber connection per process, shared by every socket in it."""

import asyncio
import contextlib
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Any

from redis.asyncio import ConnectionPool
from redis.asyncio.connection import AbstractConnection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from portal.errors import PorchlightError

WAIT_TO_CONNECT = 1.0
ASK_EVERY = 10.0
SILENCE_ENDS_AFTER = 25.0
FIRST_PAUSE = 0.01
LONGEST_PAUSE = 0.5


@dataclass(frozen=True)
class Heard:
    """Something was published on ``channel``."""

    channel: bytes
    payload: bytes


@dataclass(frozen=True)
class Gap:
    """From here on everything is heard; something may have been missed before. Catch up from the store."""


class ListenerFull(PorchlightError):
    """A listener did not keep up; what it missed must be read from the store by a new one."""

    phrase = "error.busy"
    status = 503


class Listener:
    """One listener's bounded queue."""

    def __init__(self, channels: frozenset[bytes], size: int) -> None:
        self.channels = channels
        self._queue: asyncio.Queue[Heard | Gap] = asyncio.Queue(size)
        self._newest: Heard | Gap | None = None
        self._full = False

    async def next(self) -> Heard | Gap:
        """The next thing heard. Raises ``ListenerFull`` once more came than the queue holds."""
        if self._full:
            raise ListenerFull
        heard = await self._queue.get()
        if heard is self._newest:
            self._newest = None
        return heard

    def put(self, heard: Heard | Gap) -> None:
        """Hand over without waiting; a second Gap beside an unread one says nothing new."""
        if isinstance(heard, Gap) and isinstance(self._newest, Gap):
            return
        try:
            self._queue.put_nowait(heard)
            self._newest = heard
        except asyncio.QueueFull:
            self._full = True


class Channels:
    """Hears for the whole process and hands on.

    ``run`` holds the connection and makes it again when it breaks. Every time a subscription is confirmed, its
    listeners get a ``Gap``: what was published while nobody listened is in the store, not here.
    """

    def __init__(self, url: str) -> None:
        self._pool = ConnectionPool.from_url(
            url,
            # RESP2: in this mode what is heard arrives as plain answers, in order, one reader.
            protocol=2,
            decode_responses=False,
            socket_timeout=None,
            socket_connect_timeout=WAIT_TO_CONNECT,
            retry=Retry(NoBackoff(), 0),
        )
        self._listeners: dict[bytes, set[Listener]] = {}
        self._asked: set[bytes] = set()
        self._confirmed: set[bytes] = set()
        self._changed = asyncio.Event()
        self._heard_at = 0.0

    @asynccontextmanager
    async def listen(self, *channels: bytes, size: int = 256) -> AsyncIterator[Listener]:
        """A listener on ``channels`` for as long as the block lasts.

        The first thing it gives is a ``Gap``, as soon as the subscription stands: read the store then, and
        nothing falls between. With the server away the block is entered all the same and the Gap comes later.
        """
        listener = Listener(frozenset(channels), size)
        for channel in listener.channels:
            self._listeners.setdefault(channel, set()).add(listener)
        if listener.channels <= self._confirmed:
            listener.put(Gap())
        self._changed.set()
        try:
            yield listener
        finally:
            for channel in listener.channels:
                others = self._listeners[channel]
                others.discard(listener)
                if not others:
                    del self._listeners[channel]
            self._changed.set()

    async def run(self) -> None:
        """Hear until cancelled. Owned by the app's lifespan."""
        pause = FIRST_PAUSE
        while True:
            connection: AbstractConnection = self._pool.make_connection()  # type: ignore[no-untyped-call]
            try:
                await connection.connect()  # type: ignore[no-untyped-call]
                pause = FIRST_PAUSE
                await self._hear(connection)
            except (RedisError, OSError, TimeoutError):
                pass
            finally:
                self._asked.clear()
                self._confirmed.clear()
                with contextlib.suppress(RedisError, OSError, TimeoutError):
                    await connection.disconnect(nowait=True)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _hear(self, connection: AbstractConnection) -> None:
        # No task group: one that breaks while it is being cancelled tells only that it broke, and this would never end.
        both = [asyncio.create_task(self._read(connection)), asyncio.create_task(self._write(connection))]
        try:
            first, _ = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in both:
                each.cancel()
            await asyncio.gather(*both, return_exceptions=True)
        for each in first:
            each.result()

    async def _read(self, connection: AbstractConnection) -> None:
        while True:
            answer: Any = await connection.read_response(timeout=math.inf, disconnect_on_error=False)
            self._heard_at = monotonic()
            match answer:
                case [b"message", channel, payload]:
                    heard = Heard(channel, payload)
                    for listener in self._listeners.get(channel, ()):
                        listener.put(heard)
                case [b"subscribe", channel, _]:
                    self._confirm(channel)

    def _confirm(self, channel: bytes) -> None:
        if channel not in self._asked:
            return
        self._confirmed.add(channel)
        for listener in self._listeners.get(channel, ()):
            # Not before all of its channels stand: one Gap, one catching up.
            if listener.channels <= self._confirmed:
                listener.put(Gap())

    async def _write(self, connection: AbstractConnection) -> None:
        """Ask for what is wanted, and whether the server lives: its silence ends this, whatever was heard before."""
        self._heard_at = monotonic()
        while monotonic() - self._heard_at < SILENCE_ENDS_AFTER:
            self._changed.clear()
            wanted = set(self._listeners)
            leave, enter = self._asked - wanted, wanted - self._asked
            self._asked = wanted
            self._confirmed -= leave
            if leave:
                await connection.send_command("UNSUBSCRIBE", *leave, check_health=False)
            if enter:
                await connection.send_command("SUBSCRIBE", *enter, check_health=False)
            try:
                async with asyncio.timeout(ASK_EVERY):
                    await self._changed.wait()
            except TimeoutError:
                await connection.send_command("PING", check_health=False)
