"""Sends forms at their times, whether or not those before were answered, and looks afterwards what became of each."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from portal.assembly import start_key
from portal.clock import StillClock
from portal.store.embers import Embers
from portal.web.csrf import StartTokens
from tests.support.server_process import House
from tips.crowd.lanes import OF_ONE_SECOND, Lane

# More than may stand in line, so that what is turned away is so by the house and not by us.
LINES: Final = 1_600
LOOKED_AT_ONCE: Final = 8
WORDS: Final = (
    "A white van comes each evening at six. Four women get out, and the door behind the laundry is locked. " * 3
)


@dataclass(frozen=True)
class Form:
    """A form that is sent `at_s` seconds after the beginning, in the lane it belongs to."""

    at_s: float
    lane: Lane
    body: bytes


@dataclass
class Sent:
    """What came of a form: how long its answer took since it was to be sent, and since it was; and where it led."""

    lane: Lane
    took_ms: float
    answered_ms: float
    to: str
    is_kept: bool = False


class Tokens:
    """Start tokens as pages of a house carried them: those of calm forms no more from one second than people open."""

    def __init__(self, house: House) -> None:
        self._key = start_key(house.keys)
        self._first = datetime.now(UTC) - timedelta(seconds=60)
        self._calm = 0

    def one(self, lane: Lane) -> str:
        """A token for a form of this lane."""
        at = datetime.now(UTC) - timedelta(seconds=5)
        if lane is Lane.CALM:
            at = self._first - timedelta(seconds=self._calm // OF_ONE_SECOND)
            self._calm += 1
        return StartTokens(self._key, Embers(None), StillClock(at)).make()  # type: ignore[arg-type]  # only made here


def form(tokens: Tokens, at_s: float, lane: Lane) -> Form:
    """A form of the length people write."""
    fields = {"k": tokens.one(lane), "words": WORDS, "place": "Mill Road", "about": "3", "keep": "2"}
    return Form(at_s, lane, urlencode(fields | ({"soon": "1"} if lane is Lane.NOW else {})).encode())


async def send(house: House, forms: Sequence[Form], lines: int = LINES) -> list[Sent]:
    """Send every form at its time over lines that stay open; over one line each waits for the answer before it."""
    waiting: asyncio.Queue[Form | None] = asyncio.Queue()
    sent: list[Sent] = []
    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(lines):
            group.create_task(_line(house, waiting, began, sent))
        for each in forms:
            await asyncio.sleep(max(0.0, began + each.at_s - time.perf_counter()))
            waiting.put_nowait(each)
        for _ in range(lines):
            waiting.put_nowait(None)
    return sent


async def look(house: House, sent: Sequence[Sent]) -> None:
    """Open what each was led to, and note what became of it."""
    left = iter(sent)
    async with asyncio.TaskGroup() as group:
        for _ in range(LOOKED_AT_ONCE):
            group.create_task(_look(house, left))


class Line:
    """One line to the house; where the house has hung up because nobody used it for a while, it is opened anew."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._open: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def asks(self, request: bytes) -> tuple[bytes, bytes]:
        """Head and body of the answer. Raises OSError, IncompleteReadError where a new line gives none either."""
        is_new = self._open is None
        if self._open is None:
            self._open = await asyncio.open_connection("127.0.0.1", self._house.port)
        reader, writer = self._open
        try:
            writer.write(request)
            return await _answer(reader)
        except (OSError, asyncio.IncompleteReadError):
            self.close()
            if is_new:
                raise
            return await self.asks(request)

    def close(self) -> None:
        """Hang up."""
        if self._open is not None:
            self._open[1].close()
            self._open = None


async def _line(house: House, waiting: asyncio.Queue[Form | None], began: float, sent: list[Sent]) -> None:
    line = Line(house)
    while (each := await waiting.get()) is not None:
        written = time.perf_counter()
        head, _ = await line.asks(
            b"POST /en/note HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%b"
            % (len(each.body), each.body)
        )
        assert head.startswith(b"HTTP/1.1 303"), head[:60]
        to = head.lower().split(b"location: ")[1]
        where = head[len(head) - len(to) :].split(b"\r\n")[0].decode()
        now = time.perf_counter()
        sent.append(Sent(each.lane, (now - began - each.at_s) * 1000, (now - written) * 1000, where))
    line.close()


async def _look(house: House, left: Iterator[Sent]) -> None:
    line = Line(house)
    for each in left:  # one iterator for all who look
        _, page = await line.asks(b"GET %b HTTP/1.1\r\nHost: x\r\n\r\n" % each.to.encode())
        each.is_kept = b"/note/" in each.to.encode() and b'name="words"' not in page
    line.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    length = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    return head, await reader.readexactly(int(length[0].split(b":")[1])) if length else b""
