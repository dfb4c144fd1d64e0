"""Where alerts arrive in tests: a real mail server and a real hook on loopback, which remember what came."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field


@dataclass
class Post:
    """What came, in order: to whom, and every word of it."""

    url: str = ""
    came: list[tuple[str, str]] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    is_willing: bool = True
    hangs: bool = False

    @property
    def to(self) -> list[str]:
        """Whom the ones that came were for."""
        return [to for to, _ in self.came]


@contextlib.asynccontextmanager
async def a_hook() -> AsyncIterator[Post]:
    """A webhook that takes JSON."""
    post = Post()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            body = await reader.readexactly(length)
            if post.hangs:
                await reader.read()  # until the other side gives up
            if post.is_willing:
                post.raw.append(head + body)
                told = json.loads(body)
                post.came.append((told.pop("to"), told.pop("words")))
                assert not told
            writer.write(b"HTTP/1.1 %b\r\nContent-Length: 0\r\n\r\n" % (b"200 OK" if post.is_willing else b"503 No"))
            await writer.drain()

    async with _listening(serve) as port:
        post.url = f"http://127.0.0.1:{port}/alert"
        yield post


@contextlib.asynccontextmanager
async def a_mail_server() -> AsyncIterator[Post]:
    """A mail server that takes letters from anybody."""
    post = Post()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            to = ""
            writer.write(b"220 mail\r\n")
            while line := await reader.readline():
                word = line[:4].upper().strip()
                if word == b"RCPT":
                    to = line.split(b"<")[1].split(b">")[0].decode()
                answer = b"250 ok\r\n"
                if word == b"DATA":
                    if not post.is_willing:
                        writer.write(b"451 later\r\n")
                        continue
                    writer.write(b"354 go on\r\n")
                    letter = await reader.readuntil(b"\r\n.\r\n")
                    post.raw.append(letter)
                    head, _, body = letter[:-5].partition(b"\r\n\r\n")
                    subject = next(each for each in head.split(b"\r\n") if each.startswith(b"Subject: "))
                    assert subject[9:].decode() == body.decode().strip(), "the subject says what the letter says"
                    post.came.append((to, body.decode().strip()))
                if word == b"QUIT":
                    break
                writer.write(answer)

    async with _listening(serve) as port:
        post.url = f"smtp://127.0.0.1:{port}?from=desk@lantern.example"
        yield post


@contextlib.asynccontextmanager
async def _listening(
    serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> AsyncIterator[int]:
    done = asyncio.Event()
    done.set()
    open_now = 0

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal open_now
        open_now += 1
        done.clear()
        try:
            await serve(reader, writer)
        finally:
            writer.transport.abort()
            open_now -= 1
            if not open_now:
                done.set()

    server = await asyncio.start_server(one, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await done.wait()
