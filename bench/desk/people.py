"""Those who wait and those who sit at the desk, each on a line of her own that is drained and kept alive."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

from chat.protocol.kinds import SUBPROTOCOL
from tests.support.desk_people import DeskPerson
from tests.support.server_process import House
from tests.support.spoken import new_key

BEAT_S = 12.0
AGAIN_AFTER_S = 1.0


@dataclass
class Line:
    """One websocket of the house, called again when it is closed, as a page does; `resume`: the first frame of each.

    What it hears goes to `heard`, with the moment it came. `closings`: the codes it was closed with; without them a
    line that ended looks like a desk that was told nothing.
    """

    address: str
    origin: str
    resume: Mapping[str, Any]
    cookie: str = ""
    heard: Callable[[float, dict[str, Any]], None] = lambda *_: None
    size: int = 0  # bytes heard
    frames: int = 0
    closings: list[int] = field(default_factory=list)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def live(self) -> None:
        """Call, then hear and beat until `close`."""
        await self._call()
        self.tasks = [asyncio.create_task(self._hear()), asyncio.create_task(self._beat())]

    async def say(self, type_: str, **more: Any) -> None:
        """One frame, on the next line where this one was just closed."""
        while True:
            try:
                await self.socket.send(json.dumps({"type": type_, **more}))
            except ConnectionClosed:
                await asyncio.sleep(AGAIN_AFTER_S)
            else:
                return

    async def close(self) -> None:
        """Hang up. Raises what ended its hearing or its beat before."""
        for task in self.tasks:
            if task.done():
                task.result()
            task.cancel()
        await self.socket.close()

    async def _call(self) -> None:
        self.socket: ClientConnection = await connect(
            self.address,
            origin=Origin(self.origin),
            subprotocols=[Subprotocol(SUBPROTOCOL)],
            additional_headers={"Cookie": self.cookie} if self.cookie else {},
            compression=None,
            proxy=None,
            ping_interval=None,
            max_size=2**20,
        )
        await self.say("Resume", **self.resume)

    async def _hear(self) -> None:
        while True:
            with contextlib.suppress(ConnectionClosed):
                async for frame in self.socket:
                    self.size += len(frame)
                    self.frames += 1
                    self.heard(perf_counter(), json.loads(frame))
            self.closings.append(self.socket.close_code or 0)
            await asyncio.sleep(AGAIN_AFTER_S)
            await self._call()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_S)
            await self.say("Here")


async def waiting_lines(house: House, tokens: Sequence[str]) -> list[Line]:
    """The pages of those who wait."""
    lines = []
    for token in tokens:
        line = Line(house.public_line, house.public, {"token": token, "last": 0})
        await line.live()
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
        # Read before the line is opened: whoever says nothing on it for five seconds is hung up on.
        csrf = await asyncio.to_thread(_csrf, person)
        desk = Desk(Line(house.desk_line, house.desk, {"csrf": csrf, "talks": []}, person.reader.cookie))
        desk.line.heard = desk.hears
        await desk.line.live()
        found.append(desk)
    return found


def _csrf(person: DeskPerson) -> str:
    return person.csrf


async def renamed(line: Line, name: str) -> float:
    """One who waits says another name; the moment it was said."""
    at = perf_counter()
    await line.say("Answer", key=new_key(), question="name", choice=name)
    return at
