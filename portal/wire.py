"""The HTTP connection as this house serves it: a bound on what comes before the body, and on how long it takes."""

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_HEAD_BYTES = 32 * 1024
HEAD_WITHIN = 15.0


class BoundedHttp(HttpToolsProtocol):
    """uvicorn's protocol with two limits it leaves open: the size of a request's head, and the wait for it.

    Beyond either the connection is cut. Nothing is answered and nothing logged: there is no request yet.
    """

    _head_bytes = 0
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
        if self._head_bytes <= MOST_HEAD_BYTES:
            super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        """Bytes from the line; none are read any more from one that was cut."""
        if self._head_bytes <= MOST_HEAD_BYTES:
            super().data_received(data)

    def _has_room_for(self, size: int) -> bool:
        self._head_bytes += size
        if self._head_bytes > MOST_HEAD_BYTES:
            self.transport.abort()
            return False
        return True

    def _expect_head(self) -> None:
        self._head_came()
        self._head_timer = self.loop.call_later(HEAD_WITHIN, self._cut)

    def _head_came(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _cut(self) -> None:
        if not self.transport.is_closing():
            self.transport.abort()
