"""Tries names and passphrases at the desk's door, many at once, and measures a talk that goes on beside it."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from threading import Thread
from urllib.parse import urlencode

from tests.support.desk_people import DeskLine
from tests.support.line_people import LineVisitor

PATIENCE_S = 60.0
# No faster than a line may be spoken on: two frames a second.
PAUSE_S = 0.52


class Storm(Thread):
    """So many tries over so many lines, in a thread of its own: half of them a name that is there, half none."""

    def __init__(self, port: int, name: str, *, tries: int, lines: int) -> None:
        super().__init__(name="storm", daemon=True)
        self._port, self._name, self._tries, self._lines = port, name, tries, lines
        self.answers: Counter[str] = Counter()
        self.lasted_s = 0.0

    def run(self) -> None:
        """All of them; a line that breaks is opened anew."""
        began = time.monotonic()
        asyncio.run(self._all())
        self.lasted_s = time.monotonic() - began

    async def _all(self) -> None:
        numbers = iter(range(self._tries))
        await asyncio.gather(*(self._one_line(numbers) for _ in range(self._lines)))

    async def _one_line(self, numbers: object) -> None:
        reader = writer = None
        for number in numbers:  # type: ignore[attr-defined]  # one iterator, shared by all lines
            try:
                async with asyncio.timeout(PATIENCE_S):
                    if writer is None or reader is None:
                        reader, writer = await asyncio.open_connection("localhost", self._port)
                    writer.write(self._request(number))
                    self.answers[await _answer(reader)] += 1
            except (OSError, asyncio.IncompleteReadError, TimeoutError) as error:
                self.answers[type(error).__name__] += 1
                if writer is not None:
                    writer.transport.abort()
                reader = writer = None
        if writer is not None:
            writer.close()

    def _request(self, number: int) -> bytes:
        name = self._name if number % 2 else f"nobody{number}"
        body = urlencode({"name": name, "passphrase": f"some long passphrase {number}", "code": "123456"}).encode()
        head = [
            "POST /desk/signin HTTP/1.1",
            f"Host: localhost:{self._port}",
            f"Origin: http://localhost:{self._port}",
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}",
        ]
        return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def said(desk: DeskLine, visitor: LineVisitor, conversation: str, rounds: int) -> list[float]:
    """So many messages each way: the milliseconds from said to heard by the other, each."""
    took = []
    for number in range(rounds):
        text = f"line {time.monotonic_ns()} {number}"
        for says, hears in (
            (lambda words: desk.says(conversation, words), visitor.hears),
            (visitor.says, desk.hears),
        ):
            began = time.perf_counter()
            says(text)
            hears(text)
            took.append((time.perf_counter() - began) * 1000)
            text += " and back"
        time.sleep(PAUSE_S)
    return took


def p99(times: list[float]) -> float:
    """The time that one in a hundred takes longer than."""
    return sorted(times)[min(len(times) - 1, int(len(times) * 0.99))]


async def _answer(reader: asyncio.StreamReader) -> str:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    length = next((line for line in head.split("\r\n") if line.lower().startswith("content-length:")), ":0")
    await reader.readexactly(int(length.partition(":")[2]))
    return head.split(" ", 2)[1]
