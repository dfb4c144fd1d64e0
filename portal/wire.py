"""A connection as this house serves it: a bound on a request's head, and on the wait for it."""

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from i18n.languages import ENGLISH, find_language
from portal.web.forms import FormUnreadable
from portal.web.sorry import sorry_address

MOST_HEAD_BYTES = 32 * 1024
HEAD_WITHIN = 15.0
DROPS_FOR = 1.0
JUST_CAME_WITHIN = 0.3

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
    _is_last = False
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
            if self._is_last and self.cycle is not None:
                self.cycle.keep_alive = False

    def shutdown(self) -> None:
        """This process ends. Who has just come and said nothing yet is heard first: what she sends is on its way."""
        if self.cycle is None and not self._is_over:
            self._is_last = True
            self.loop.call_later(JUST_CAME_WITHIN, self._let_go)
        else:
            super().shutdown()

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

    def _let_go(self) -> None:
        if self.cycle is None and not self.transport.is_closing():
            self.transport.close()

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
