"""Those who wait and those who sit at the desk, each on a line of her own that is drained and kept alive."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from chat.protocol.kinds import SUBPROTOCOL
from tests.support.desk_people import DeskPerson
from tests.support.server_process import House
from tests.support.spoken import new_key

BEAT_S = 12.0


@dataclass
class Line:
    """One websocket of the house: what it hears goes to `heard`, with the moment it came."""

    socket: ClientConnection
    heard: Callable[[float, dict[str, Any]], None]
    size: int = 0  # bytes heard
    frames: int = 0
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def say(self, type_: str, **more: Any) -> None:
        """One frame."""
        await self.socket.send(json.dumps({"type": type_, **more}))

    def live(self) -> None:
        """Hear and beat until it is closed."""
        self.tasks = [asyncio.create_task(self._hear()), asyncio.create_task(self._beat())]

    async def close(self) -> None:
        """Hang up."""
        for task in self.tasks:
            task.cancel()
        await self.socket.close()

    async def _hear(self) -> None:
        async for frame in self.socket:
            self.size += len(frame)
            self.frames += 1
            self.heard(perf_counter(), json.loads(frame))

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_S)
            await self.say("Here")


async def opened(
    address: str, origin: str, cookie: str = "", heard: Callable[[float, dict[str, Any]], None] = lambda *_: None
) -> Line:
    """A line that has been answered."""
    socket = await connect(
        address,
        origin=Origin(origin),
        subprotocols=[Subprotocol(SUBPROTOCOL)],
        additional_headers={"Cookie": cookie} if cookie else {},
        compression=None,
        proxy=None,
        ping_interval=None,
        max_size=2**20,
    )
    return Line(socket, heard)


async def waiting_lines(house: House, tokens: Sequence[str]) -> list[Line]:
    """The pages of those who wait."""
    lines = []
    for token in tokens:
        line = await opened(house.public_line, house.public)
        await line.say("Resume", token=token, last=0)
        line.live()
        lines.append(line)
    return lines


@dataclass
class Desk:
    """One advocate's open desk, and when it was told each name."""

    line: Line
    told: dict[str, float] = field(default_factory=dict)

    def hears(self, at: float, frame: dict[str, Any]) -> None:
        """A snapshot that names somebody was told from here on."""
        if frame["type"] == "QueueSnapshot":
            for row in frame["waiting"]:
                if row["name"]:
                    self.told.setdefault(row["name"], at)


async def desks(house: House, people: Sequence[DeskPerson]) -> list[Desk]:
    """Everybody at her desk; `people` are signed in."""
    found = []
    for person in people:
        desk = Desk(await opened(house.desk_line, house.desk, person.reader.cookie))
        desk.line.heard = desk.hears
        await desk.line.say("Resume", csrf=await asyncio.to_thread(_csrf, person), talks=[])
        desk.line.live()
        found.append(desk)
    return found


def _csrf(person: DeskPerson) -> str:
    return person.csrf


async def renamed(line: Line, name: str) -> float:
    """One who waits says another name; the moment it was said."""
    at = perf_counter()
    await line.say("Answer", key=new_key(), question="name", choice=name)
    return at
