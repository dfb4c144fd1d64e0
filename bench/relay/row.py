"""What every row of the table has: servers to look at, and conversations opened on two of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Protocol

import psutil

from bench.relay.talk import Talk
from bench.relay.wire import Wire


@dataclass
class OpenTalks:
    """Conversations that are under way, and the lines that carry them."""

    talks: list[Talk] = field(default_factory=list)
    wires: list[Wire] = field(default_factory=list)

    @property
    def broke(self) -> list[str]:
        """Why lines broke that were to stand."""
        return [wire.broke for wire in self.wires if wire.broke]

    @property
    def surprises(self) -> int:
        """What was heard or acknowledged without being awaited, or twice."""
        return sum(talk.surprises for talk in self.talks)

    def close(self) -> None:
        """Close every line."""
        for wire in self.wires:
            wire.leave()


class Running(Protocol):
    """One row's two server processes and its broker, up and answering."""

    servers: Sequence[psutil.Process]
    broker: Sequence[psutil.Process]

    async def open(self, count: int, held: int) -> OpenTalks:
        """So many more conversations, ``held`` of them on each advocate's line."""

    async def rest(self) -> None:
        """Whatever has to end before the loop does."""


class Row(Protocol):
    """One row of the table."""

    @property
    def name(self) -> str:
        """How it is called in the table."""

    @property
    def promise(self) -> str:
        """What its acknowledgement waits for, and what is kept."""

    def running(self, folder: Path, lines: int) -> AbstractContextManager[Running]:
        """Start it in an empty folder of its own, on the servers' core, for so many advocates' lines."""


class Side(Protocol):
    """One socket of either side that joins conversations by name."""

    wire: Wire

    async def join(self, port: int, names: Sequence[str]) -> None:
        """Connect and enter these conversations."""

    def says(self, name: str, key: str) -> None:
        """Words for the other side of this conversation."""

    def hears_for(self, name: str, talk: Talk) -> None:
        """From here on what is heard of this conversation goes there."""


async def open_joined(
    make: Callable[[bool], Side], ports: tuple[int, int], count: int, held: int, first: int
) -> OpenTalks:
    """Visitors with a socket each on the first port, advocates with ``held`` conversations each on the second."""
    opened = OpenTalks()
    for desk in range(math.ceil(count / held)):
        names = [f"talk-{first + number:06d}" for number in range(desk * held, min(count, (desk + 1) * held))]
        advocate = make(True)
        await advocate.join(ports[1], names)
        opened.wires.append(advocate.wire)
        for name in names:
            visitor = make(False)
            await visitor.join(ports[0], [name])
            talk = Talk(partial(visitor.says, name), partial(advocate.says, name))
            visitor.hears_for(name, talk)
            advocate.hears_for(name, talk)
            opened.wires.append(visitor.wire)
            opened.talks.append(talk)
    return opened
