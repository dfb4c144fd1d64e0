"""A quiet twin of an engine, in the process: it says what the test tells it to, and remembers what it was sent."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime

from i18n.translator import Flag, Health, Result, State, Status

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
BOTH_WAYS = frozenset({("es", "en"), ("en", "es")})


@dataclass
class Twin:
    """Translates by putting the language in front. `open` is cleared to let it hang."""

    name: str = "onprem"
    is_third_party: bool = False
    has: frozenset[tuple[str, str]] = BOTH_WAYS
    status: Status = Status.DONE
    flags: frozenset[Flag] = frozenset()
    health: State = State.READY
    says: dict[str, str] = field(default_factory=dict)
    sent: list[tuple[str, str, str]] = field(default_factory=list)
    open: asyncio.Event = field(default_factory=asyncio.Event)
    cancelled: int = 0

    def __post_init__(self) -> None:
        self.open.set()

    async def translate(self, text: str, source: str, target: str) -> Result:
        self.sent.append((text, source, target))
        try:
            await self.open.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if self.status is not Status.DONE:
            return Result("", self.name, self.status, self.flags)
        return Result(self.says.get(text, f"{target}: {text}"), self.name, Status.DONE, self.flags)

    async def pairs(self) -> frozenset[tuple[str, str]]:
        return frozenset() if self.health is State.AWAY else self.has

    async def known_pairs(self) -> frozenset[tuple[str, str]]:
        return await self.pairs()

    async def answers(self) -> bool:
        return self.health is not State.AWAY

    def state(self) -> Health:
        return Health(self.health, LONG_AGO)
