"""Walks one chat over the house's own sockets on this machine, as a visitor's page and as a desk."""

import asyncio
import json
import re
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Origin, Subprotocol

from chat.apart import Apart
from chat.protocol.kinds import SUBPROTOCOL
from portal.proof.own_line import LineSilent, OwnLine
from portal.web.csrf import YOUNGEST

HEARS_WITHIN_S: Final = 12.0
LANGUAGE: Final = "en"

Frame = dict[str, Any]


class NotThrough(Exception):
    """The walk got lost; the text says on which part of the way, in one dull word."""


class Walk:
    """One way through the house: page, start, line, queue, take, answer, end."""

    def __init__(self, apart: Apart) -> None:
        self._apart = apart
        settings = apart.services.settings
        self._public = OwnLine(settings)
        self._public_origin, self._desk_origin = settings.public_origin, settings.desk_origin
        self._desk_where = OwnLine.place(settings.desk_host, settings.desk_port)

    async def through(self, door: str, hand: str) -> str:
        """Walk once; answers the conversation's id as text. Raises NotThrough."""
        token = await self._starts(door)
        asked, answered = secrets.token_hex(12), secrets.token_hex(12)
        async with self._line(self._public.where, f"/line/{self._apart.name}", self._public_origin, "line") as visitor:
            await _tell(visitor, "Resume", token=token, last=0)
            await _hear(visitor, "welcome", lambda frame: frame["type"] == "Welcome")
            await _tell(visitor, "Say", key=_key(), text=asked)
            await _hear(visitor, "word", lambda frame: frame["type"] == "MessageAccepted")
            path = f"/line/desk/{self._apart.name}"
            async with self._line(self._desk_where, path, self._desk_origin, "desk") as desk:
                conversation = await _take(desk, hand, asked)
                await _tell(desk, "Say", key=_key(), conversation=conversation, text=answered)
                await _hear(visitor, "answer", lambda frame: frame.get("text") == answered)
                await _tell(desk, "Close", key=_key(), conversation=conversation)
                await _hear(visitor, "end", lambda frame: frame["type"] == "ConversationClosed")
        return conversation

    async def _starts(self, door: str) -> str:
        """The page everybody begins on is drawn; then a press of Start on a page like it."""
        path = f"/{LANGUAGE}/talk/{self._apart.name}/{door}"
        try:
            status, _ = await asyncio.to_thread(self._public.ask, "GET", f"/{LANGUAGE}/talk", None)
            if status not in (200, 203):
                raise NotThrough("page")
            status, page = await asyncio.to_thread(self._public.ask, "GET", path, None)
            found = re.search(rb'name="start" value="([^"]+)"', page)
            if found is None:
                raise NotThrough("door")
            await asyncio.sleep(YOUNGEST.total_seconds() + 0.1)
            body = {"start": found[1].decode(), "told": "", "words": ""}
            status, answer = await asyncio.to_thread(self._public.ask, "POST", path, body)
        except LineSilent:
            raise NotThrough("silent") from None
        if status != 200:
            raise NotThrough("start")
        token: str = json.loads(answer)["token"]
        return token

    @asynccontextmanager
    async def _line(self, where: str, path: str, origin: str, part: str) -> AsyncIterator[ClientConnection]:
        try:
            async with connect(
                f"ws://{where}{path}",
                origin=Origin(origin),
                subprotocols=[Subprotocol(SUBPROTOCOL)],
                compression=None,
                proxy=None,
                open_timeout=HEARS_WITHIN_S,
                close_timeout=1,
            ) as line:
                yield line
        except (OSError, WebSocketException, TimeoutError):
            raise NotThrough(part) from None


async def _take(desk: ClientConnection, hand: str, asked: str) -> str:
    """Be ready, see the one who waits, take her, read what she said; answers whom."""
    await _tell(desk, "Resume", csrf=hand)
    await _tell(desk, "Shift", state="ready", knows=True)
    queue = await _hear(desk, "queue", lambda frame: frame["type"] == "QueueSnapshot" and bool(frame["waiting"]))
    conversation: str = queue["waiting"][0]["conversation"]
    await _tell(desk, "Take", key=_key(), conversation=conversation, why="other")
    await _hear(desk, "take", lambda frame: frame.get("text") == asked)
    return conversation


async def _tell(line: ClientConnection, kind: str, **fields: object) -> None:
    await line.send(json.dumps({"type": kind, **fields}))


async def _hear(line: ClientConnection, part: str, is_it: Callable[[Frame], bool]) -> Frame:
    """The first frame that is it; what comes before is nothing to this walk."""
    try:
        async with asyncio.timeout(HEARS_WITHIN_S):
            while True:
                frame: Frame = json.loads(await line.recv())
                if is_it(frame):
                    return frame
    except (TimeoutError, WebSocketException):
        raise NotThrough(part) from None


def _key() -> str:
    return secrets.token_urlsafe(16)
