"""Serves the chat's real application on loopback, as two processes would, and speaks to it as pages do."""

from __future__ import annotations

import asyncio
import json
import secrets
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from typing import Any, Self

import anyio
import pytest
import uvicorn
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

import chat.routes
from chat.availability import availability
from chat.protocol.kinds import SUBPROTOCOL
from portal.app import FrontDoor
from portal.ids import to_text
from portal.line_wire import BoundedLine
from portal.operation.moments import ClockWatch
from portal.services import Services
from portal.staff.sessions.session import COOKIE
from portal.wire import BoundedHttp
from portal.worker import MOST_FRAME_BYTES
from tests.chat.conftest import ChatHouse
from tests.support.patience import PATIENCE_S
from tests.support.rooms import wire


def new_key() -> str:
    return to_text(secrets.token_bytes(16))


@dataclass
class Spoken:
    """One open line; everything heard is kept in order."""

    socket: ClientConnection
    passed: list[dict[str, Any]] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)

    async def say(self, kind: str, **words: Any) -> None:
        if kind == "Say":
            self.said[words["key"]] = words["text"]
        await self.socket.send(json.dumps({"type": kind, **words}, ensure_ascii=False))

    async def hear(self, *kinds: str, within: float = PATIENCE_S, **matching: Any) -> dict[str, Any]:
        """The next fact of one of these names whose fields match; others are passed over and kept."""

        def fits(fact: dict[str, Any]) -> bool:
            return fact["type"] in kinds and all(fact.get(name) == value for name, value in matching.items())

        try:
            async with asyncio.timeout(within):
                while True:
                    fact: dict[str, Any] = json.loads(await self.socket.recv())
                    fact.pop("pad", None)
                    self.passed.append(fact)
                    if fits(fact):
                        return fact
        except TimeoutError:
            heard = [each["type"] for each in self.passed]
            raise AssertionError(f"waited {within} s for {kinds} {matching}; heard {heard}") from None

    async def closing(self, within: float = PATIENCE_S) -> int:
        """The code the line is closed with."""
        try:
            async with asyncio.timeout(within):
                while True:
                    self.passed.append(json.loads(await self.socket.recv()))
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd is not None else 1006

    async def says(self, text: str, **where: str) -> int:
        key = new_key()
        await self.say("Say", key=key, text=text, **where)
        return int((await self.hear("MessageAccepted", key=key))["seq"])

    def posted(self) -> list[tuple[int, str]]:
        """Every numbered fact in the order it came: number and words. Its own words it counts by their answer."""
        numbered = ("MessagePosted", "AdvocateJoined", "ConversationClosed")
        shown: list[tuple[int, str]] = []
        counted: set[str] = set()
        for each in self.passed:
            key = each.get("key", "")
            if key in counted and key in self.said:
                continue
            if each["type"] in numbered:
                shown.append((each["seq"], each.get("text", each["type"])))
            elif each["type"] == "MessageAccepted" and key in self.said:
                shown.append((each["seq"], self.said[key]))
            else:
                continue
            counted.add(key)
        return shown

    def cut(self) -> None:
        """The line breaks without a word, as in a tunnel."""
        self.socket.transport.abort()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.socket.close()


@dataclass
class Process:
    """One server process of the house."""

    services: Services
    house: ChatHouse
    server: uvicorn.Server

    async def line(
        self, face: str, *, origin: str | None = "own", subprotocol: str | Sequence[str] = SUBPROTOCOL, **more: Any
    ) -> Spoken:
        """A websocket to one face; refused handshakes raise what `websockets` raises."""
        settings = self.services.settings
        own, port = (
            (settings.public_origin, settings.port)
            if face in ("talk", "walk", "room")
            else (settings.desk_origin, settings.desk_port)
        )
        asked = own if origin == "own" else origin
        offered = [subprotocol] if isinstance(subprotocol, str) else subprotocol
        return Spoken(
            await connect(
                f"ws://127.0.0.1:{port}/line/{face}",
                origin=None if asked is None else Origin(asked),
                subprotocols=[Subprotocol(each) for each in offered],
                compression=None,
                proxy=None,
                ping_interval=None,
                close_timeout=1,
                **more,
            )
        )

    async def visitor(self, token: bytes, last: int = 0) -> Spoken:
        """A visitor's page that was welcomed."""
        line = await self.line("talk")
        await line.say("Resume", token=to_text(token), last=last)
        await line.hear("Welcome")
        return line

    async def desk(self, talks: list[dict[str, Any]] | None = None) -> Spoken:
        """The advocate's desk, resumed and ready."""
        line = await self.line("desk", additional_headers={"Cookie": f"{COOKIE}={self.house.cookie}"})
        await line.say("Resume", csrf=self.house.advocate.csrf, talks=talks or [])
        await line.hear("QueueSnapshot")
        await line.say("Ready", ready=True)
        await line.hear("QueueSnapshot", ready=True)
        return line


@pytest.fixture
async def processes(house: ChatHouse) -> AsyncIterator[tuple[Process, Process]]:
    """Two servers of one house, each with its own services, sockets and subscriber connection."""
    async with AsyncExitStack() as stack:
        both = [await stack.enter_async_context(_Running(house)) for _ in range(2)]
        yield both[0], both[1]


class _Running:
    def __init__(self, house: ChatHouse) -> None:
        self._house = house

    async def __aenter__(self) -> Process:
        sockets = [_bound(), _bound()]
        port, desk_port = (each.getsockname()[1] for each in sockets)
        settings = replace(
            self._house.services.settings,
            port=port,
            desk_port=desk_port,
            public_origin=f"http://127.0.0.1:{port}",
            desk_origin=f"http://localhost:{desk_port}",
        )
        clock = self._house.clock
        services = self._services = wire(settings, clock)
        # What a test lets pass has passed by every clock: else the house would take it for one that jumped.
        services.lookout.clock = ClockWatch(clock, lambda: clock.now().timestamp())
        services.availability = availability(services)
        config = uvicorn.Config(
            FrontDoor(services, [chat.routes.section(services)]),
            loop="none",
            http=BoundedHttp,
            ws=BoundedLine,
            ws_max_size=MOST_FRAME_BYTES,
            ws_per_message_deflate=False,
            lifespan="on",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._task = asyncio.create_task(self._server.serve(sockets))
        while not self._server.started:
            assert not self._task.done()
            await anyio.sleep(0.01)
        return Process(services, self._house, self._server)

    async def __aexit__(self, *_: object) -> None:
        self._server.should_exit = True
        await self._task
        # A request that was cancelled may have asked a store once more after the rest was closed.
        for client in (self._services.durable, self._services.ember_client):
            await client.aclose()


def _bound() -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.bind(("127.0.0.1", 0))
    listening.listen(64)
    listening.setblocking(False)
    return listening
