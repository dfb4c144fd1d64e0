"""A websocket client small enough to stay out of the measurement: text frames, no masking cost, no queue of its own."""

from __future__ import annotations

import asyncio
import base64
import os
from collections.abc import Callable, Mapping
from typing import cast

CONTINUED, TEXT, CLOSE, PING, PONG = 0x0, 0x1, 0x8, 0x9, 0xA
FINAL = 0x80
MASKED = 0x80
OPENS_WITHIN_S = 30.0
# All zeros: what is masked with it stays as it is. A server unmasks it like any other.
MASK = bytes(4)

Hear = Callable[["Wire", bytes], None]


class LineBroke(Exception):
    """The server ended a line that was to stand."""


class Wire(asyncio.Protocol):
    """One open websocket; ``hear`` is called with every text, in order, the first perhaps before ``open`` is back."""

    def __init__(self, hear: Hear, request: bytes) -> None:
        self.hear = hear
        self.broke: str = ""
        self.is_leaving = False
        self._request = request
        self._rest = b""
        self._opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._transport: asyncio.Transport | None = None

    @classmethod
    async def open(cls, port: int, path: str, hear: Hear, headers: Mapping[str, str] | None = None) -> Wire:
        """Shake hands with what listens on ``port`` here. Raises ``LineBroke`` when it refuses."""
        key = base64.b64encode(os.urandom(16)).decode()
        told = {
            "Host": f"127.0.0.1:{port}",
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": key,
            **(headers or {}),
        }
        head = "".join(f"{name}: {text}\r\n" for name, text in told.items())
        request = f"GET {path} HTTP/1.1\r\n{head}\r\n".encode()
        async with asyncio.timeout(OPENS_WITHIN_S):
            _, wire = await asyncio.get_running_loop().create_connection(lambda: cls(hear, request), "127.0.0.1", port)
            await wire._opened
        return wire

    def say(self, text: bytes) -> None:
        """Send one text frame now."""
        self._send(TEXT, text)

    def leave(self) -> None:
        """Close it; nothing more is heard."""
        self.is_leaving = True
        if self._transport is not None:
            self._send(CLOSE, b"\x03\xe8")
            self._transport.close()

    # What asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Connected: ask for the upgrade."""
        # uvloop's transports are no children of asyncio's, only like them.
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(self._request)

    def connection_lost(self, exc: Exception | None) -> None:
        """Remember that it broke, where nobody wanted it to."""
        if not self._opened.done():
            self._opened.set_exception(LineBroke("refused"))
        elif not self.is_leaving and not self.broke:
            self.broke = "cut"

    def data_received(self, data: bytes) -> None:
        """Take the frames apart."""
        data = self._rest + data if self._rest else data
        at, end = (0, len(data)) if self._opened.done() else self._shake_hands(data)
        while end - at >= 2:
            size, start = data[at + 1], at + 2
            if size == 126:
                start += 2
                size = int.from_bytes(data[at + 2 : start], "big")
            elif size == 127:
                start += 8
                size = int.from_bytes(data[at + 2 : start], "big")
            if start > end or start + size > end:
                break
            self._take(data[at], data[start : start + size])
            at = start + size
        self._rest = data[at:]

    def _shake_hands(self, data: bytes) -> tuple[int, int]:
        head, found, _ = data.partition(b"\r\n\r\n")
        if not found:
            return 0, 0
        if not head.startswith(b"HTTP/1.1 101"):
            self._opened.set_exception(LineBroke(head.split(b"\r\n")[0].decode("latin-1")))
            return len(data), len(data)
        if b"sec-websocket-extensions" in head.lower():
            self._opened.set_exception(LineBroke("an extension nobody asked for"))
            return len(data), len(data)
        self._opened.set_result(None)
        return len(head) + 4, len(data)

    def _take(self, first: int, payload: bytes) -> None:
        if first == FINAL | TEXT:
            self.hear(self, payload)
        elif first == FINAL | PING:
            self._send(PONG, payload)
        elif first == FINAL | CLOSE:
            self.broke = f"closed {int.from_bytes(payload[:2], 'big')}"
        elif first & 0x0F in (CONTINUED, TEXT):
            self.broke = "a frame in pieces"

    def _send(self, kind: int, payload: bytes) -> None:
        size = len(payload)
        if size < 126:
            head = bytes((FINAL | kind, MASKED | size))
        else:
            head = bytes((FINAL | kind, MASKED | 126)) + size.to_bytes(2, "big")
        if self._transport is not None:
            self._transport.write(head + MASK + payload)
