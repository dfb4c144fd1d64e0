"""What goes wrong at random under many talks, each kind as one act, and how long it takes until everybody is heard."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic

import psutil

from tests.faults.chat_desk import DeskPage
from tests.faults.chat_people import Page, Pending, Shown, VisitorPage, new_key
from tests.faults.hasty_desk import HastyDesk
from tests.support.server_process import House
from tests.support.slow_line import SlowLine

KINDS = (
    "kill a worker",
    "kill a server",
    "kill the durable Valkey",
    "kill the ember store",
    "freeze a worker",
    "freeze a Valkey",
    "cut lines",
    "stall lines",
    "half-open lines",
    "slow reader",
    "full queue",
)
FREEZE_S = (0.5, 4.0)
STALL_S = (1.0, 12.0)
NOT_READING_S = (3.0, 12.0)
# A line may say two frames a second and thirty at once; each fault has a desk say so many.
BY_A_DESK = 3
LONG = "a long answer " * 280  # near the 4,000 characters a message may have; on the desk's line 16 KiB each
BURST = 14
HEARD_WITHIN_S = 180.0


@dataclass
class Through:
    """One server, reached over lines of the test's own: pages know its addresses, their bytes go the other way."""

    house: House
    public_way: SlowLine
    desk_way: SlowLine

    @property
    def public(self) -> str:
        return self.house.public

    @property
    def desk(self) -> str:
        return self.house.desk

    @property
    def public_line(self) -> str:
        return f"ws://127.0.0.1:{self.public_way.port}/line/talk"

    @property
    def desk_line(self) -> str:
        return f"ws://127.0.0.1:{self.desk_way.port}/line/desk"


@dataclass
class Hurt:
    """One fault: its kind, and in seconds how long until every page had words acknowledged that it said after it."""

    kind: str
    recovered_s: float


@dataclass
class Storm:
    """Two servers, their stores, lines and pages; `hurts` holds what has been done to them."""

    first: House
    second: House
    ways: list[Through]
    visitors: list[VisitorPage]
    desks: list[HastyDesk]
    chance: random.Random
    # How long a full line stays so. A line may take no byte for 20 s: with more, some are closed for it.
    full_s: tuple[float, float]
    hurts: list[Hurt] = field(default_factory=list)

    @property
    def pages(self) -> Sequence[Page]:
        return [*self.visitors, *self.desks]

    async def goes_wrong(self, kind: str) -> None:
        """One fault; while it lasts everybody says something, and it is over when all of that is acknowledged."""
        began = monotonic()
        fault = asyncio.create_task(self.hurt(kind))
        said = [await self.say_something(page) for page in self.pages]
        await asyncio.sleep(self.chance.uniform(0.2, 1.5))
        said += [await self.say_something(page) for page in self.visitors]
        await fault
        while waiting := [page for page, key in said if key and key not in page.accepted]:
            if monotonic() - began > HEARD_WITHIN_S:
                raise AssertionError(f"after {kind}:\n" + "\n".join(page.standing() for page in waiting))
            await asyncio.sleep(0.02)
        self.hurts.append(Hurt(kind, monotonic() - began))

    async def say_something(self, page: Page) -> tuple[Page, str]:
        """One word of hers, or some of a desk's; answers the last key."""
        key = ""
        if isinstance(page, DeskPage):
            for talk in self.chance.sample(sorted(page.open), min(BY_A_DESK, len(page.open))):
                key = new_key()
                await page.say(Pending(key, f"an answer {key}", talk))
        else:
            key = new_key()
            await page.say(Pending(key, f"words {key}"))
        return page, key

    async def hurt(self, kind: str) -> None:
        """The fault itself, and its end where it has one."""
        house = self.chance.choice([self.first, self.second])
        way = self.chance.choice(self.ways)
        line = self.chance.choice([way.public_way, way.desk_way])
        match kind:
            case "kill a worker":
                os.kill((await self._worker(house)).pid, signal.SIGKILL)
            case "kill a server":
                assert house.process is not None
                os.kill(house.process.pid, signal.SIGKILL)
                await asyncio.to_thread(house.process.wait, 10)
                await house.start_async()
            case "kill the durable Valkey":
                await asyncio.to_thread(self._kill_store, "durable")
            case "kill the ember store":
                await asyncio.to_thread(self._kill_store, "ember")
            case "freeze a worker":
                await self._freezes(await self._worker(house))
            case "freeze a Valkey":
                await self._freezes(self.first.valkey(self.chance.choice(["durable", "ember"])))
            case "cut lines":
                line.cut()
                await asyncio.sleep(self.chance.uniform(0.1, 2.0))
                line.mend()
            case "stall lines":
                line.stall()
                await asyncio.sleep(self.chance.uniform(*STALL_S))
                line.flow()
            case "half-open lines":
                line.half_open()
            case "slow reader":
                page = self.chance.choice(self.pages)
                page.stops_reading()
                await asyncio.sleep(self.chance.uniform(*NOT_READING_S))
                page.reads_again()
            case "full queue":
                await self._is_full(self.chance.choice(self.desks))
            case _:
                raise LookupError(kind)

    async def _worker(self, house: House) -> psutil.Process:
        """One of those that live; the last fault may have left none for a moment."""
        while not (living := house.workers()):  # noqa: ASYNC110 - another process has no event to wait for
            await asyncio.sleep(0.1)
        return self.chance.choice(living)

    def _kill_store(self, which: str) -> None:
        os.kill(self.first.valkey(which).pid, signal.SIGKILL)
        self.first.revive(which)

    async def _freezes(self, process: psutil.Process) -> None:
        process.send_signal(signal.SIGSTOP)
        try:
            await asyncio.sleep(self.chance.uniform(*FREEZE_S))
        finally:
            process.send_signal(signal.SIGCONT)

    async def _is_full(self, desk: DeskPage) -> None:
        """A desk takes nothing while everybody she holds says a great deal: with many talks more than a line holds."""
        line = self.ways[desk.at].desk_way
        desk.stops_reading()
        line.stall()
        for _ in range(BURST):
            for visitor in self.visitors:
                if any(holds(shown, visitor.shown) for shown in desk.shown.values()):
                    key = new_key()
                    await visitor.say(Pending(key, f"{LONG} {key}"))
            await asyncio.sleep(0.2)
        await asyncio.sleep(self.chance.uniform(*self.full_s))
        line.flow()
        desk.reads_again()

    def order(self, count: int) -> list[str]:
        """So many kinds, each about as often, shuffled."""
        kinds = [KINDS[at % len(KINDS)] for at in range(count)]
        self.chance.shuffle(kinds)
        return kinds


def holds(at_the_desk: Shown, hers: Shown) -> bool:
    """Whether both show the same talk: the first words in it are hers, and nobody else's are the same."""
    return bool(hers.order) and at_the_desk.by_number.get(hers.order[0]) == hers.by_number[hers.order[0]]


def table(hurts: Sequence[Hurt]) -> str:
    """By kind: how often, and how long until everybody was heard again."""
    rows = ["| fault | how many | p50 until all are heard | longest |", "|---|---|---|---|"]
    for kind in [*KINDS, "all"]:
        took = sorted(each.recovered_s for each in hurts if kind in {each.kind, "all"})
        if took:
            rows.append(f"| {kind} | {len(took)} | {took[len(took) // 2]:.1f} s | {took[-1]:.1f} s |")
    return "\n".join(rows)
