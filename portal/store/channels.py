"""What is published, heard: one subscriber connection per process, shared by every socket in it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any, Final

import hiredis
import msgspec
from redis.asyncio.connection import AbstractConnection
from redis.exceptions import ConnectionError as RedisConnectionError, RedisError

from portal.errors import PorchlightError
from portal.store.placing import Place, let_go

WAIT_TO_CONNECT = 1.0
ASK_EVERY = 10.0
SILENCE_ENDS_AFTER = 25.0
# RESP2: in this mode what is heard arrives as plain answers, in order, one reader.
TOLD: Final[Mapping[str, Any]] = {"protocol": 2, "socket_timeout": None, "socket_connect_timeout": WAIT_TO_CONNECT}
FIRST_PAUSE = 0.01
LONGEST_PAUSE = 0.5

_NOTHING_YET: Final = object()


class Heard(msgspec.Struct, frozen=True):
    """Something was published on ``channel``."""

    channel: bytes
    payload: bytes


class Gap(msgspec.Struct, frozen=True):
    """From here on everything is heard; something may have been missed before. Catch up from the store."""


class ListenerFull(PorchlightError):
    """A listener did not keep up; what it missed must be read from the store by a new one."""

    phrase = "error.busy"
    status = 503


class Listener:
    """One listener's bounded queue. One asks: what is for many would keep four lists and a lock of events.

    Who has a `rouse` is called by it when something is there to take, and waits nowhere.
    """

    __slots__ = ("_asked", "_full", "_heard", "_rouse", "_size", "at_once", "channels")

    def __init__(self, channels: frozenset[bytes], size: int, rouse: Callable[[], None] | None = None) -> None:
        self.channels = channels
        # Asked first where whoever listens waits for the next thing and has read all before it: true when that was all
        # there is to do, so that nobody need be woken for it. Must not raise.
        self.at_once: Callable[[Heard], bool] | None = None
        self._size = size
        self._rouse = rouse
        self._heard: list[Heard | Gap] = []
        self._asked: asyncio.Future[None] | None = None
        self._full = False

    async def next(self) -> Heard | Gap:
        """The next thing heard, waited for. Raises ``ListenerFull`` once more came than the queue holds."""
        while (heard := self.take()) is None:
            self._asked = asyncio.get_running_loop().create_future()
            await self._asked
        return heard

    def take(self) -> Heard | Gap | None:
        """The next thing heard, or None. Raises ``ListenerFull`` likewise."""
        if self._full:
            raise ListenerFull
        return self._heard.pop(0) if self._heard else None

    def put(self, heard: Heard | Gap) -> None:
        """Hand over without waiting; a second Gap beside an unread one says nothing new."""
        if isinstance(heard, Gap) and self._heard and isinstance(self._heard[-1], Gap):
            return
        if len(self._heard) >= self._size:
            self._full = True
            return
        asked = self._asked
        is_waiting = not self._heard and (self._rouse is not None or (asked is not None and not asked.done()))
        if is_waiting and self.at_once is not None and isinstance(heard, Heard) and self.at_once(heard):
            return
        self._heard.append(heard)
        if self._rouse is not None:
            self._rouse()
        elif asked is not None and not asked.done():
            asked.set_result(None)


class Channels:
    """Hears for the whole process and hands on.

    ``run`` holds the connection and makes it again when it breaks. Every time a subscription is confirmed, its
    listeners get a ``Gap``: what was published while nobody listened is in the store, not here.
    """

    def __init__(self, place: Place) -> None:
        self._pool: Any = None if place.kind == "cluster" else place.pool(**TOLD)
        # A primary that stands still is replaced by another, where there is one: then silence is found out sooner.
        self._ask_every, self._silence = (1.0, 3.0) if place.is_many else (ASK_EVERY, SILENCE_ENDS_AFTER)
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
        listener = self.enter(*channels, size=size)
        try:
            yield listener
        finally:
            self.leave(listener)

    def enter(self, *channels: bytes, size: int = 256, rouse: Callable[[], None] | None = None) -> Listener:
        """The same for one who says itself when it is over."""
        listener = Listener(frozenset(channels), size, rouse)
        for channel in listener.channels:
            self._listeners.setdefault(channel, set()).add(listener)
        if listener.channels <= self._confirmed:
            listener.put(Gap())
        self._changed.set()
        return listener

    def leave(self, listener: Listener) -> None:
        """It listens no more."""
        for channel in listener.channels:
            others = self._listeners[channel]
            others.discard(listener)
            if not others:
                del self._listeners[channel]
        self._changed.set()

    async def run(self) -> None:
        """Hear until cancelled. Owned by the app's lifespan."""
        try:
            await self._run()
        finally:
            await let_go(self._pool)

    async def _run(self) -> None:
        pause = FIRST_PAUSE
        while True:
            connection: AbstractConnection = self._pool.make_connection()
            try:
                await connection.connect()  # type: ignore[no-untyped-call]
                pause = FIRST_PAUSE
                await self._hear(connection)
            except (RedisError, OSError, TimeoutError):
                # Broken in the moment it was told to end: that it is to end counts.
                if (task := asyncio.current_task()) is not None and task.cancelling():
                    raise asyncio.CancelledError from None
            finally:
                self._asked.clear()
                self._confirmed.clear()
                with contextlib.suppress(RedisError, OSError, TimeoutError):
                    await connection.disconnect(nowait=True)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _hear(self, connection: AbstractConnection) -> None:
        """Ask for what is wanted, and whether the server lives: its silence ends this, whatever was heard before."""
        ear = Ear(connection, self._take, self._changed)
        self._heard_at = monotonic()
        try:
            while not ear.is_lost and monotonic() - self._heard_at < self._silence:
                self._changed.clear()
                wanted = set(self._listeners)
                leave, enter = self._asked - wanted, wanted - self._asked
                self._asked = wanted
                self._confirmed -= leave
                if leave:
                    ear.say("UNSUBSCRIBE", *leave)
                if enter:
                    ear.say("SUBSCRIBE", *enter)
                try:
                    async with asyncio.timeout(self._ask_every):
                        await self._changed.wait()
                except TimeoutError:
                    ear.say("PING")
        finally:
            ear.leave()

    def _take(self, answer: Any) -> None:
        self._heard_at = monotonic()
        match answer:
            case [b"message", channel, payload]:
                self._tell(channel, payload)
            case [b"subscribe", channel, _]:
                self._confirm(channel)
            case Exception():
                raise answer

    def _tell(self, channel: bytes, payload: bytes) -> None:
        heard = Heard(channel, payload)
        for listener in self._listeners.get(channel, ()):
            listener.put(heard)

    def _confirm(self, channel: bytes) -> None:
        if channel not in self._asked:
            return
        self._confirmed.add(channel)
        for listener in self._listeners.get(channel, ()):
            # Not before all of its channels stand: one Gap, one catching up.
            if listener.channels <= self._confirmed:
                listener.put(Gap())


class Ear(asyncio.Protocol):
    """An open connection, taken over from the library once its greeting is done: what comes is handed on as it comes.

    The library's reader is a task, a stream and a timer around each of them.
    """

    def __init__(self, connection: AbstractConnection, take: Callable[[Any], None], changed: asyncio.Event) -> None:
        if connection._writer is None:
            raise RedisConnectionError("the connection has broken")
        self._take = take
        self._changed = changed
        self._reader = hiredis.Reader(notEnoughData=_NOTHING_YET)
        self._transport = connection._writer.transport
        self._transport.set_protocol(self)
        self.is_lost = self._transport.is_closing()

    def say(self, *command: Any) -> None:
        """Send one command; what it answers is handed on like everything. To nobody where the line is lost."""
        # Lost, and whoever speaks has not looked since: the server's event loop raises for what is written then.
        if self.is_lost or self._transport.is_closing():
            self.is_lost = True
            return
        self._transport.write(hiredis.pack_command(command))

    def leave(self) -> None:
        """Hear nothing more."""
        self.is_lost = True
        self._transport.abort()

    def data_received(self, data: bytes) -> None:
        """Hand on each thing that came."""
        try:
            self._reader.feed(data)
            while not self.is_lost and (answer := self._reader.gets()) is not _NOTHING_YET:
                self._take(answer)
        except (hiredis.HiredisError, RedisError):
            # Something that is no answer to what was asked: begin anew.
            self.leave()
            self._changed.set()

    def connection_lost(self, exc: Exception | None) -> None:
        """The server went away."""
        self.is_lost = True
        self._changed.set()
