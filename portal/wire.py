"""The connections as this house serves them: a bound on a request's head, and on how long a closed line lingers."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode, Frame

from i18n.languages import ENGLISH, find_language
from portal.web.forms import FormUnreadable
from portal.web.sorry import sorry_address
from portal.web.throttle import Pace

LINE_GONE_WITHIN = 5.0
MOST_HEAD_BYTES = 32 * 1024
HEAD_WITHIN = 15.0
DROPS_FOR = 1.0
MOST_PIECES = 64  # of one frame: 16 KiB in packets of the smallest kind
SIGNS_AT_ONCE = 30  # pings and pongs of a line; a browser sends a pong each twenty seconds
SIGNS_EACH_SECOND = 1.0

_SEE_OTHER = (
    b"HTTP/1.1 303 See Other\r\nlocation: %b\r\ncache-control: no-store\r\nreferrer-policy: no-referrer\r\n"
    b"content-length: 0\r\nconnection: close\r\n\r\n"
)


class BoundedHttp(HttpToolsProtocol):
    """uvicorn's protocol with two limits it leaves open: the size of a request's head, and the wait for it.

    Beyond either the connection is cut. Nothing is answered and nothing logged: there is no request yet. Only who
    posts is answered 303, here too, and what still comes is read and dropped for a moment: a browser writes what it
    posted into its files when it gets another answer, or none.
    """

    _head_bytes = 0
    _is_over = False
    _head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A connection begins; its first head has to come in time."""
        super().connection_made(transport)
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone."""
        self._head_came()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """A head begins, the first or the next one of this connection."""
        self._head_bytes = 0
        self._expect_head()
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """A piece of the address."""
        if self._has_room_for(len(url)):
            super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header."""
        if self._has_room_for(len(name) + len(value) + 4):
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is whole."""
        self._head_came()
        if not self._is_over:
            super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        """Bytes from the line; none are read any more from one that is over."""
        if not self._is_over:
            super().data_received(data)

    def send_400_response(self, msg: str) -> None:
        """Nobody can read this request."""
        if self._is_post():
            self._end()
        else:
            super().send_400_response(msg)

    def _has_room_for(self, size: int) -> bool:
        self._head_bytes += size
        if self._head_bytes > MOST_HEAD_BYTES:
            self._end()
        return not self._is_over

    def _expect_head(self) -> None:
        self._head_came()
        self._head_timer = self.loop.call_later(HEAD_WITHIN, self._cut)

    def _head_came(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _cut(self) -> None:
        if not self.transport.is_closing():
            self._end()

    def _end(self) -> None:
        """Cut the line; who was posting is first told where to go on."""
        if self._is_over:
            return
        self._is_over = True
        if not self._is_post() or (self.cycle and self.cycle.response_started and not self.cycle.response_complete):
            self.transport.abort()
            return
        self._head_came()
        tag = getattr(self, "url", b"")[1:10].split(b"/")[0].decode("latin-1")
        address = sorry_address((find_language(tag) or ENGLISH).tag, FormUnreadable)
        self.transport.write(_SEE_OTHER % address.encode())
        self.loop.call_later(DROPS_FOR, self.transport.abort)

    def _is_post(self) -> bool:
        return self.parser is not None and self.parser.get_method() == b"POST"


class BoundedLine(WebSocketsSansIOProtocol):
    """uvicorn's websocket with bounds of its own, and silent about what strangers send.

    Once the room has closed a line, the connection is gone soon after: a phone that takes no byte would keep it, and
    what waits in it, for as long as it likes, for a close is only another few bytes behind those it does not take.
    Every ping is owed an answer, and a frame may come in any number of empty pieces: neither is bounded by the size of
    a frame or by what the room counts, and both pile up in memory. Text that is none is closed without a line in
    the log, which would be a way to fill it.
    """

    _gone_timer: asyncio.TimerHandle | None = None

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._signs = Pace(burst=SIGNS_AT_ONCE, each_second=SIGNS_EACH_SECOND)

    async def run_asgi(self) -> None:
        """Serve the line; after its end the other side has a moment for the closing."""
        await super().run_asgi()
        self._gone_timer = self.loop.call_later(LINE_GONE_WITHIN, self.transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone."""
        if self._gone_timer is not None:
            self._gone_timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Bytes from the line; none are looked at any more once it is being closed for what it sent.

        A handshake nobody can read (one with a body) is answered by nothing, and nothing else would ever end it.
        """
        if self.transport.is_closing():
            return
        super().data_received(data)
        if self.conn.handshake_exc is not None and not self.handshake_initiated:
            self.transport.abort()

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

    def _refuse(self, code: CloseCode) -> None:
        """Close the line for what no page sends. What was not sent yet is not sent any more."""
        if self.close_sent or self.transport.is_closing():
            return
        self.frames = []
        self.conn.send_close(code)
        self.handle_parser_exception()
