"""A line's connection as this house serves it: past the layers between, with bounds of its own, and a hard end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import weakref
from collections.abc import Awaitable, Callable
from typing import Any, cast

from starlette.types import Receive, Scope, Send
from uvicorn._types import ASGIReceiveEvent
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.frames import CloseCode, Frame
from websockets.protocol import State

from portal.flag import Flag
from portal.keepalive import Keepalive
from portal.web.throttle import Pace

LINE_GONE_WITHIN = 5.0
MOST_PIECES = 64  # of one frame: 16 KiB in packets of the smallest kind
SIGNS_AT_ONCE = 30  # pings and pongs of a line; a browser sends a pong each twenty seconds
SIGNS_EACH_SECOND = 1.0
DROPS_FOR = 1.0
WIRE = "porchlight.wire"
BROKE = 1011

_log = logging.getLogger("porchlight.line_wire")
_keepalives: weakref.WeakKeyDictionary[ServerState, Keepalive] = weakref.WeakKeyDictionary()


class Events:
    """What a line's application has not asked for yet, in order. One asks; a queue for many keeps four lists."""

    __slots__ = ("_asked", "_events")

    def __init__(self) -> None:
        self._events: list[ASGIReceiveEvent] = []
        self._asked: asyncio.Future[None] | None = None

    def put_nowait(self, event: ASGIReceiveEvent) -> None:
        """One more."""
        self._events.append(event)
        if self._asked is not None and not self._asked.done():
            self._asked.set_result(None)

    async def get(self) -> ASGIReceiveEvent:
        """The oldest, waited for."""
        while not self._events:
            self._asked = asyncio.get_running_loop().create_future()
            await self._asked
        return self._events.pop(0)

    def qsize(self) -> int:
        """How many wait."""
        return len(self._events)

    def empty(self) -> bool:
        """Whether none waits."""
        return not self._events


class BoundedLine(WebSocketsSansIOProtocol):
    """uvicorn's websocket with bounds of its own, and silent about what strangers send.

    Once the room has closed a line, the connection is gone soon after: a phone that takes no byte would keep it, and
    what waits in it, for as long as it likes, for a close is only another few bytes behind those it does not take.
    Every ping is owed an answer, and a frame may come in any number of empty pieces: neither is bounded by the size of
    a frame or by what the room counts, and both pile up in memory. Text that is none is closed without a line in
    the log, which would be a way to fill it.

    A room that serves a line finds this under `WIRE` in its scope: `receive` and `put` go past the layers between.
    What it leaves to `carry_on` is served when all those layers have come back, so that an open line does not keep
    them, nor its handshake, for hours. Frames are the library's to read and to write: nothing of a stranger's bytes is
    taken apart here.
    """

    _gone_timer: asyncio.TimerHandle | None = None
    _is_refused = False
    is_heard = False
    _carried: Callable[[], Awaitable[None]] | None = None

    def __init__(self, *, server_state: ServerState, **named: Any) -> None:
        super().__init__(server_state=server_state, **named)
        if server_state not in _keepalives:
            _keepalives[server_state] = Keepalive(self.loop)
        self._keepalive = _keepalives[server_state]
        self.queue = Events()  # type: ignore[assignment]  # of it only these three are called
        self.writable = Flag(is_up=True)  # type: ignore[assignment]
        self._signs = Pace(burst=SIGNS_AT_ONCE, each_second=SIGNS_EACH_SECOND)

    async def run_asgi(self) -> None:
        """Serve the line; after its end the other side has a moment for the closing."""
        cast("dict[str, Any]", self.scope)["extensions"][WIRE] = self
        app = self.app

        async def serve(scope: Scope, receive: Receive, send: Send) -> None:
            await app(scope, receive, send)
            del scope, receive, send
            if self._carried is not None:
                await self._carry()

        self.app = serve
        await super().run_asgi()
        self.app = app
        self._gone_timer = self.loop.call_later(LINE_GONE_WITHIN, self.transport.abort)

    def carry_on(self, line: Callable[[], Awaitable[None]]) -> None:
        """Serve this once the application has come back."""
        self._carried = line

    async def _carry(self) -> None:
        line, self._carried = self._carried, None
        if line is None:
            return
        # The library's reader of frames goes on where the one of the handshake stood, and holds it for as long.
        self.request.headers.clear()
        forgotten = cast(Any, None)
        self.scope, self.request, self.response = forgotten, forgotten, forgotten
        try:
            await line()
        except Exception:
            # Logged here, by place: the server's own way would write the exception's text.
            _log.exception("socket_broke")
            with contextlib.suppress(Exception):
                await self.send({"type": "websocket.close", "code": BROKE, "reason": ""})

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone."""
        if self._gone_timer is not None:
            self._gone_timer.cancel()
        if self.handshake_complete and self.conn.close_rcvd is None:
            # The library says 1005 of it, which is also what a page says that closes without a word.
            self.queue.put_nowait({"type": "websocket.disconnect", "code": CloseCode.ABNORMAL_CLOSURE})
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Bytes from the line; none are looked at any more once it is being closed for what it sent."""
        if self.transport.is_closing() or self._is_refused:
            return
        is_shaken = self.handshake_complete
        self.is_heard = True
        super().data_received(data)
        # A handshake nobody can read (one with a body) is answered by nothing, and nothing else would ever end it.
        if not is_shaken and self.conn.handshake_exc is not None and not self.handshake_initiated:
            self.transport.abort()

    @property
    def has_room(self) -> bool:
        """Whether the other side takes what is sent: what is put now is not only laid on a heap."""
        return self.writable.is_set()

    @property
    def is_open(self) -> bool:
        """Whether there is anything to close."""
        return not self.disconnected and not self.close_sent

    def put(self, said: bytes) -> None:
        """Send one text frame; all that is put in one turn of the loop leaves together. Raises ClientDisconnected."""
        if not self.is_open or self.conn.state is not State.OPEN:
            raise ClientDisconnected
        self.conn.send_text(said)
        self.transport.write(b"".join(self.conn.data_to_send()))

    # Keepalive: the library's two timers for each line give way to one clock for all

    @property
    def is_read(self) -> bool:
        """Whether frames are taken from the network now; not while the room has not asked for the last one."""
        return not self.read_paused

    def start_keepalive(self) -> None:
        """The handshake is done."""
        self._keepalive.add(self)

    def stop_keepalive(self) -> None:
        """It is over."""
        self._keepalive.remove(self)

    def ask(self) -> None:
        """Send a ping."""
        if self.is_open and not self.transport.is_closing():
            self.conn.send_ping(b"")
            self.transport.write(b"".join(self.conn.data_to_send()))

    def give_up(self) -> None:
        """No sign came."""
        self.keepalive_timeout()

    def handle_ping(self) -> None:
        """A ping; its answer is made already, and goes out."""
        if self._signs.allows():
            super().handle_ping()
        else:
            self._refuse(CloseCode.POLICY_VIOLATION)

    def handle_pong(self, event: Frame) -> None:
        """A pong, asked for or not."""
        if self._signs.allows():
            super().handle_pong(event)
        else:
            self._refuse(CloseCode.POLICY_VIOLATION)

    def handle_cont(self, event: Frame) -> None:
        """A piece of a frame."""
        if len(self.frames) < MOST_PIECES:
            super().handle_cont(event)
        else:
            self._refuse(CloseCode.POLICY_VIOLATION)

    def send_receive_event_to_app(self) -> None:
        """A frame is whole."""
        if self.curr_msg_data_type == "text":
            try:
                b"".join(self.frames).decode()
            except UnicodeDecodeError:
                self._refuse(CloseCode.INVALID_DATA)
                return
        super().send_receive_event_to_app()

    def handle_parser_exception(self) -> None:
        """Close the line for what it sent, and read and drop the rest for a moment.

        A connection that is closed over bytes nobody read is reset, and the other side never learns why.
        """
        closed = self.conn.close_sent
        if self._is_refused:
            return
        if closed is None:
            self.transport.close()
            return
        self._is_refused = self.close_sent = True
        self.queue.put_nowait({"type": "websocket.disconnect", "code": closed.code, "reason": closed.reason})
        self.transport.write(b"".join(self.conn.data_to_send()))
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()
        self.close_timer = self.loop.call_later(DROPS_FOR, self.transport.close)

    def _refuse(self, code: CloseCode) -> None:
        """Close the line for what no page sends. What was not sent yet is not sent any more."""
        if self.close_sent or self.transport.is_closing():
            return
        self.frames = []
        self.conn.send_close(code)
        self.handle_parser_exception()
