"""Speaks websocket byte by byte, so that a test can say what no library would: half frames, broken text, wrong bits."""

from __future__ import annotations

import asyncio
import json
import struct
from dataclasses import dataclass, field
from typing import Any, Self

from chat.protocol.kinds import SUBPROTOCOLS
from tests.support.patience import PATIENCE_S

TEXT, BINARY, CONT, CLOSE, PING, PONG = 0x1, 0x2, 0x0, 0x8, 0x9, 0xA
NO_CLOSE = 1006  # the line broke and nobody said why


class NoLine(Exception):
    """The handshake was answered with something else; its status is the first argument, 0 for no answer."""


@dataclass
class Closed:
    """How the other side ended the line."""

    code: int
    reason: str = ""


@dataclass
class RawLine:
    """One line; what was told is kept, `closed` says how it ended."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    told: list[dict[str, Any]] = field(default_factory=list)
    closed: Closed | None = None
    head: bytes = b""  # what the handshake was answered with

    @classmethod
    async def open(cls, port: int, path: str | bytes, origin: str | None, cookie: str = "", more: bytes = b"") -> Self:
        """Shakes hands. `more`: another header line. Raises NoLine."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        raw = path if isinstance(path, bytes) else path.encode()
        head = [
            b"GET " + raw + b" HTTP/1.1",
            b"Host: 127.0.0.1",
            b"Upgrade: websocket",
            b"Connection: Upgrade",
            b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
            b"Sec-WebSocket-Version: 13",
            b"Sec-WebSocket-Protocol: " + ", ".join(SUBPROTOCOLS).encode(),
            *([b"Origin: " + origin.encode()] if origin is not None else []),
            *([b"Cookie: " + cookie.encode()] if cookie else []),
            *([more] if more else []),
        ]
        writer.write(b"\r\n".join(head) + b"\r\n\r\n")
        try:
            async with asyncio.timeout(PATIENCE_S):
                answer = await reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            answer = b""
        status = int(answer.split(b" ", 2)[1]) if answer else 0
        if status != 101:
            writer.transport.abort()
            raise NoLine(status)
        return cls(reader, writer, head=answer)

    def put(
        self,
        payload: str | bytes,
        opcode: int = TEXT,
        *,
        fin: bool = True,
        rsv: int = 0,
        masked: bool = True,
        claimed: int | None = None,
    ) -> None:
        """One frame, or what claims to be one of `claimed` bytes."""
        body = payload if isinstance(payload, bytes) else payload.encode("utf-8", "surrogatepass")
        size = len(body) if claimed is None else claimed
        head = bytes([(0x80 if fin else 0) | (rsv << 4) | opcode])
        bit = 0x80 if masked else 0
        if size < 126:
            head += bytes([bit | size])
        elif size < 1 << 16:
            head += struct.pack("!BH", bit | 126, size)
        else:
            head += struct.pack("!BQ", bit | 127, size)
        # A mask of zeros is a mask: what it covers stays as it is.
        self.writer.write(head + (bytes(4) if masked else b"") + body)

    def say(self, kind: str, **words: Any) -> None:
        self.put(json.dumps({"type": kind, **words}))

    async def hear(self, *kinds: str) -> dict[str, Any] | None:
        """The next fact of one of these names; None when the line ends before it, and `closed` says how."""
        async with asyncio.timeout(PATIENCE_S):
            while self.closed is None:
                fact = await self._next()
                if fact is not None and fact["type"] in kinds:
                    return fact
        return None

    async def ending(self) -> Closed:
        """How the other side ends the line."""
        await self.hear()
        assert self.closed is not None
        return self.closed

    async def _next(self) -> dict[str, Any] | None:
        try:
            first, second = await self.reader.readexactly(2)
            size = second & 0x7F
            if size >= 126:
                size = int.from_bytes(await self.reader.readexactly(2 if size == 126 else 8), "big")
            body = await self.reader.readexactly(size)
        except (asyncio.IncompleteReadError, ConnectionError):
            self.closed = Closed(NO_CLOSE)
            return None
        opcode = first & 0x0F
        if opcode == CLOSE:
            self.closed = Closed(int.from_bytes(body[:2], "big") if body else 1005, body[2:].decode())
        elif opcode == PING:
            self.put(body, PONG)
        elif opcode == TEXT:
            fact: dict[str, Any] = json.loads(body)
            self.told.append(fact)
            return fact
        return None

    def cut(self) -> None:
        """The line breaks without a word."""
        self.writer.transport.abort()

    async def drain(self) -> None:
        """Wait until what was put is on its way; a line that was closed meanwhile takes no more."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self.writer.drain()
        except ConnectionError:
            return
