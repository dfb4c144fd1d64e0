"""Restarts servers in turn, and lets stores fail over, under 50 talks: acknowledged is shown once, in order.

`make fail-overs` prints what came of it.
"""

from __future__ import annotations

import asyncio
import os
import random
import secrets
import signal
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import pytest

from tests.faults.chat_people import VisitorPage
from tests.faults.hasty_desk import HastyDesk
from tests.faults.random_faults import Storm, Through
from tests.faults.test_chat_kills import start
from tests.faults.test_random_faults import (
    EACH_DESK,
    HOLDS_BYTES,
    STARTS_AT_ONCE,
    faulty_lines,
    live_through,
    staff,
    wrong,
)
from tests.support.desk_people import DeskPerson
from tests.support.elsewhere import Elsewhere, settle, stores, victim
from tests.support.server_process import House
from tests.support.slow_line import slow_line

pytestmark = [pytest.mark.anyio, pytest.mark.fault, pytest.mark.long, pytest.mark.timeout(3_600)]

FROZEN_S = 5.0
AWAY_S = 3.0

IN_TURN = ("restart the first server", "restart the second server")
FAIL_OVERS = (
    "kill the durable store's primary",
    "kill the ember store's primary",
    "freeze the durable store's primary",
    "kill the desk's own server",
)


@dataclass
class Restarts(Storm):
    """The same people; what goes wrong is a restart, or a primary that is gone."""

    elsewhere: Elsewhere | None = None
    kinds: tuple[str, ...] = IN_TURN
    at: int = field(default=0)

    def order(self, count: int) -> list[str]:
        return [self.kinds[at % len(self.kinds)] for at in range(count)]

    async def hurt(self, kind: str) -> None:
        self.at += 1
        if kind in IN_TURN:
            house = self.first if kind == IN_TURN[0] else self.second
            assert house.process is not None
            os.kill(house.process.pid, signal.SIGTERM)
            await asyncio.to_thread(house.process.wait, 10)
            await house.start_async()
            return
        assert self.elsewhere is not None
        made = self.elsewhere.ember if "ember" in kind else self.elsewhere.durable
        gone = victim(made, 0 if "desk" in kind else self.at)
        if "freeze" in kind:
            gone.stands_still()
            await asyncio.sleep(FROZEN_S)
            gone.goes_on()
        else:
            gone.kill()
            await asyncio.sleep(AWAY_S)
            gone.start()
        await asyncio.to_thread(settle, made, 60.0)


@pytest.mark.parametrize(
    ("engines", "kinds", "faults"),
    [("single", IN_TURN, 8), ("sentinel", FAIL_OVERS[:3], 12), ("cluster", FAIL_OVERS, 12)],
    ids=["restarts in turn", "sentinel", "cluster"],
)
async def test_no_acknowledged_word_is_lost_or_doubled(
    short_tmp_path: Path, engines: str, kinds: tuple[str, ...], faults: int
) -> None:
    talks = int(os.environ.get("TALKS", "50"))
    seed = int(os.environ.get("PORCHLIGHT_TEST_SEED") or secrets.randbelow(10**6))
    with ExitStack() as stack:
        elsewhere = stores(engines, stack, hurt=False)
        first = House(short_tmp_path, {"PORCHLIGHT_CHAT_CAPACITY": str(EACH_DESK)}, shared=True, elsewhere=elsewhere)
        stack.callback(first.stop)
        await first.start_async()
        people = await asyncio.to_thread(staff, first, -(-talks // (EACH_DESK - 2)))
        second = await first.join_async()
        ways = []
        for house in (first, second):
            public_way, desk_way = stack.enter_context(slow_line(house.port)), stack.enter_context(slow_line())
            desk_way.to_port, desk_way.holds_bytes = house.desk_port, HOLDS_BYTES
            ways.append(Through(house, public_way, desk_way))
        storm = await people_of(ways, people, talks, seed)
        storm.elsewhere, storm.kinds = elsewhere, kinds
        began = monotonic()
        await live_through(storm, faults)
        found = wrong(storm)
        longest = max(page.longest_wait for page in storm.pages)
        print(f"\n{engines}, {talks} talks, {faults} times in {monotonic() - began:.0f} s, seed {seed}: {found}")
        for kind in kinds:
            took = sorted(each.recovered_s for each in storm.hurts if each.kind == kind)
            print(f"  {kind}: until all are heard {took[len(took) // 2]:.1f} s, at most {took[-1]:.1f} s")
        print(f"  longest wait of one word {longest:.1f} s")
        assert found.is_right
        assert faulty_lines([first, second]) == []


async def people_of(ways: list[Through], people: list[DeskPerson], talks: int, seed: int) -> Restarts:
    """Everybody's page, over lines that nothing is done to."""
    houses = [way.house for way in ways]
    begun = asyncio.Semaphore(STARTS_AT_ONCE)

    async def started(at: int) -> str:
        async with begun:
            return await asyncio.to_thread(start, houses[at % 2])

    tokens = await asyncio.gather(*(started(at) for at in range(talks)))
    hasty = random.Random(seed + 1)
    desks = [HastyDesk(ways, person.at_one_of(houses), hasty, 0.2) for person in people]
    visitors = [VisitorPage(ways, token) for token in tokens]
    return Restarts(houses[0], houses[1], ways, visitors, desks, random.Random(seed), (5.0, 30.0))
