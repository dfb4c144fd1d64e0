"""Runs one line: a reader and its works under one owner, each wait limited, nothing waits without a bound.

What is told goes into the connection's own buffer (64 KiB), and who tells waits while that is full: a slow phone holds
up its own feeds and nobody else's. Their queues are bounded too, and a line that takes nothing is closed.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine
from time import monotonic
from typing import Any, Final, Generic, Protocol, TypeVar, cast

from starlette.types import Message
from websockets.frames import CloseCode

from chat.protocol import codec
from chat.protocol.closing import Closing
from chat.protocol.server import Here, Told
from chat.sockets.pulse import Limits, due
from chat.sockets.shares import Crowded, Proven, Seat, Shares
from portal.errors import Away
from portal.line_wire import BoundedLine
from portal.store.channels import ListenerFull
from portal.web.throttle import Pace

FIRST_FRAME_S: Final = 5.0
SILENCE_S: Final = 75.0
# Longer than the 15 seconds between a page's own beats, which are answered: a beat each way would cost a phone twice.
QUIET_S: Final = 20.0
WRITE_S: Final = 20.0  # a phone that takes no byte for so long is gone or too slow to be served
CLOSE_S: Final = 1.0
BURST: Final = 30
EACH_SECOND: Final = 2.0
SAID: Final = (CloseCode.NORMAL_CLOSURE, CloseCode.GOING_AWAY, CloseCode.NO_STATUS_RCVD)

Spoken = TypeVar("Spoken")


class LineClosed(Exception):
    """The line is to be closed with this code."""

    def __init__(self, code: Closing) -> None:
        super().__init__(code.name)
        self.code = code


class LineCut(Exception):
    """The other side is gone; there is nobody to tell. `has_said`: it closed the line itself, as a page does."""

    def __init__(self, *, has_said: bool = False) -> None:
        super().__init__()
        self.has_said = has_said


class Works(Protocol):
    """What is done beside a line, by tasks that come and go."""

    def begin(self, tasks: asyncio.TaskGroup) -> None:
        """From here on."""

    def end(self) -> None:
        """No more."""


class Line(Generic[Spoken]):
    """One open websocket. `read` turns a frame into what this speaker may say."""

    def __init__(self, wire: BoundedLine, read: Callable[[str | bytes], Spoken]) -> None:
        # Past the layers between: nothing of them is about frames.
        self._wire = wire
        self._read = read
        self._pace = Pace(burst=BURST, each_second=EACH_SECOND)
        self._told_at = self._heard_at = monotonic()
        self._telling = 0
        self._taken_at = 0.0
        self._limit: asyncio.Timeout | None = None
        self._ends_with: Closing | None = None
        self.seat: Seat | None = None

    async def live(
        self, shares: Shares, prove: Callable[[Spoken], Awaitable[Proven]], carry: Callable[[], Awaitable[None]]
    ) -> None:
        """The line from its first frame to its end; never raises for what the other side may do.

        `prove` reads the first frame and answers whose line it is; `carry` is everything after. Until it is proven the
        line takes a share of its own.
        """
        try:
            with shares.unproven():
                proven = await prove(await self._first())
            with shares.proven(proven) as self.seat:
                self._pulse = shares.pulse
                await carry()
        except LineClosed as closed:
            await self.close(closed.code)
        except Crowded:
            await self.close(Closing.LATER)
        except LineCut as cut:
            if self.seat is not None and not cut.has_said:
                shares.was_cut(self.seat.name)

    async def tell(self, told: Told) -> None:
        """Hand one frame to the network, waiting while the other side is slow. Raises LineCut."""
        if self.tell_now(told):
            return
        frame = codec.write(told)
        self._told_at = monotonic()
        if not self._telling:
            self._taken_at = self._told_at
        self._telling += 1
        try:
            await self._wire.writable.wait()
            self._wire.put(frame)
        except OSError:
            raise LineCut from None
        finally:
            self._telling -= 1
        self._taken_at = monotonic()

    def tell_now(self, told: Told) -> bool:
        """The same where the network takes it at once; false where it does not, and nothing was told."""
        if self._telling or not self._wire.has_room:
            return False
        try:
            self._wire.put(codec.write(told))
        except OSError:
            return False
        self._told_at = self._taken_at = monotonic()
        return True

    async def serve(
        self,
        hear: Callable[[Spoken], Awaitable[None]],
        *others: Callable[[], Coroutine[Any, Any, None]],
        works: Works | None = None,
    ) -> None:
        """Read, beside `others`, until one of them or the clock ends the line; the first to do so ends all.

        `works` begins tasks beside it as it needs them.

        Raises LineClosed or LineCut, never a group.
        """
        try:
            async with asyncio.timeout(None) as self._limit, asyncio.TaskGroup() as tasks:
                self._pulse.watch(self)
                for other in others:
                    tasks.create_task(other())
                try:
                    if works is not None:
                        works.begin(tasks)
                    while True:
                        await hear(await self._receive())
                finally:
                    if works is not None:
                        works.end()
        except (TimeoutError, BaseExceptionGroup) as error:
            if self._ends_with is not None:
                raise LineClosed(self._ends_with) from None
            raise (_why(error) if isinstance(error, BaseExceptionGroup) else error) from None
        finally:
            self._pulse.leave(self)

    def look(self, now: float) -> None:
        """Close a line that says nothing or takes nothing; say that the server lives where nothing else has said so."""
        match due(
            now,
            Limits(SILENCE_S, WRITE_S, QUIET_S),
            heard_at=self._heard_at,
            told_at=self._told_at,
            waits_since=self._taken_at if self._telling else None,
            has_room=self._wire.has_room,
        ):
            case "silent":
                self._end(Closing.SILENT)
            case "stuck":
                self._end(Closing.LATER)
            case "beat":
                self._told_at = now
                with contextlib.suppress(OSError):  # it is cut: whoever reads it knows
                    self._wire.put(codec.write(Here()))

    def _end(self, code: Closing) -> None:
        if self._ends_with is None and self._limit is not None:
            self._ends_with = code
            self._limit.reschedule(asyncio.get_running_loop().time())

    async def close(self, code: Closing) -> None:
        """Close it; bounded, for the other side may not be there."""
        if not self._wire.is_open:
            return
        try:
            async with asyncio.timeout(CLOSE_S):
                await self._wire.send({"type": "websocket.close", "code": code.value, "reason": code.phrase})
        except (TimeoutError, RuntimeError, OSError):
            return

    async def _first(self) -> Spoken:
        try:
            async with asyncio.timeout(FIRST_FRAME_S):
                return await self._receive()
        except TimeoutError:
            raise LineClosed(Closing.NO_FIRST_FRAME) from None

    async def _receive(self) -> Spoken:
        message = cast(Message, await self._wire.receive())
        self._heard_at = monotonic()
        if message["type"] == "websocket.disconnect":
            raise LineCut(has_said=message.get("code") in SAID)
        # Before the frame is looked at: a flood must not cost us its reading.
        if not self._pace.allows():
            raise LineClosed(Closing.FLOODING)
        text = message.get("text")
        if text is None:
            raise LineClosed(Closing.MALFORMED)
        try:
            return self._read(text)
        except codec.Malformed:
            raise LineClosed(Closing.MALFORMED) from None
        except codec.TooLarge:
            raise LineClosed(Closing.TOO_LARGE) from None


def _why(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """The one reason of a group: our own closing before a cut, a cut before anything else, a fault as it is."""
    flat = _flat(group)
    for kind in (LineClosed, LineCut):
        for error in flat:
            if isinstance(error, kind):
                return error
    for error in flat:
        if isinstance(error, ListenerFull):
            return LineClosed(Closing.LATER)
        if isinstance(error, Away):
            return LineClosed(Closing.AWAY)
    return flat[0]


def _flat(group: BaseExceptionGroup[BaseException]) -> list[BaseException]:
    found: list[BaseException] = []
    for error in group.exceptions:
        found += _flat(error) if isinstance(error, BaseExceptionGroup) else [error]
    return found
