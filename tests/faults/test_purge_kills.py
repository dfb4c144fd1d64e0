"""Kills the process that purges between every two steps, sets two on the same tips, and looks at what is left.

This file is also the process that is killed: it is split off for each step, does one round, and ends itself at the step
it was told.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from portal.clock import StillClock
from portal.services import Services
from portal.staff.tables import audit
from tests.support.dying import MOST_STEPS, Program, Steps, house_of, running_program, serve
from tests.tips.conftest import TipHouse, make_tip_house
from tests.tips.test_filing import FORM, file, file_with_receipt
from tips.receipt import Receipt
from tips.retention import Retention
from tips.staying import purging
from tips.staying.clock import monday
from tips.staying.purging import LEASE, Purge
from tips.staying.tables import tip_rounds
from tips.tables import tip_keys, tip_parts, tip_shelf_keys, tip_shelves, tip_tombstones, tips
from tips.tip import Status

pytestmark = [pytest.mark.fault, pytest.mark.anyio]


@dataclass
class Purging:
    """A house, and the program that purges in it and dies of it."""

    house: TipHouse
    program: Program
    numbers: dict[bytes, Receipt] = field(default_factory=dict)

    async def files(self, many: int) -> None:
        """So many tips with a number and one without, answered, on a shelf, and due."""
        made = [await file_with_receipt(self.house) for _ in range(many)]
        self.numbers = {filing.tip: receipt for filing, receipt in made}
        without = (await file(self.house, wants_number=False)).filing.tip
        for tip in (*self.numbers, without):
            await self.house.review.set_status(self.house.robin, tip, Status.CLOSED)
        self.house.clock.advance(timedelta(days=8))
        assert await self.house.puts_up()
        async with self.house.services.database.write() as connection:
            week = monday(self.house.clock.now().date())
            await connection.execute(update(tips).values(look=week.isoformat(), step="go"))
            await connection.execute(delete(tip_rounds))

    async def asks(self, step: int, together: int = 1) -> list[int]:
        """A round, or two at once, each by a process of its own; how they ended."""
        ended = await self.program.asks(self.house.services, together=together, step=step)
        return [code for code, _ in ended]

    async def goes_on(self) -> None:
        """Another process comes by, once the lease of the dead one is over."""
        await self.house.services.embers.delete(LEASE)
        assert (await Purge(self.house.services, self.house.retention).round()).is_done

    async def is_whole(self) -> dict[str, int]:
        """Each tip is there whole or gone whole, and every number opens one or the other. How many stand where."""
        counted = {"words": 0, "empty": 0}
        for receipt in self.numbers.values():
            visit = await self.house.doors.tip_for_receipt(receipt)
            assert visit is not None, "a number opens nothing"
            thread = await self.house.follow_up.read(visit)
            assert thread.is_empty or [words.text for words in thread.closed] == [FORM.words]
            counted["empty" if thread.is_empty else "words"] += 1
        async with self.house.services.database.read() as connection:
            there = set(await connection.scalars(select(tips.c.id)))
            assert set(await connection.scalars(select(tip_keys.c.tip))) == there
            assert set(await connection.scalars(select(tip_parts.c.tip))) <= there
            stones = set(await connection.scalars(select(tip_tombstones.c.tip)))
            lines = list(await connection.scalars(select(audit.c.subject).where(audit.c.act == "tip.purged")))
            assert not stones & there
            assert sorted(lines) == sorted(stones), "a purge was written down twice, or never"
            shelves = await connection.scalar(select(func.count()).select_from(tip_shelves))
            assert shelves == await connection.scalar(select(func.count()).select_from(tip_shelf_keys))
        return counted


@pytest.fixture
async def purge(services: Services, clock: StillClock) -> AsyncIterator[Purging]:
    async with running_program(__file__) as program:
        yield Purging(await make_tip_house(services, clock), program)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("every", [6, pytest.param(1, marks=pytest.mark.long)])
async def test_a_purge_killed_between_any_two_steps_leaves_whole_tips_and_is_gone_on_with(
    purge: Purging, every: int
) -> None:
    ended_at = 0
    for step in range(1, MOST_STEPS, every):
        await purge.files(2)
        (code,) = await purge.asks(step)
        await purge.is_whole()
        await purge.goes_on()
        assert await purge.is_whole() == {"words": 0, "empty": 2}
        if code == 0:
            ended_at = step
            break
    assert ended_at > 8, "too few steps were found to kill between, or it never came to its end"


async def test_two_that_purge_at_once_purge_each_tip_once(purge: Purging) -> None:
    await purge.files(7)
    assert await purge.asks(0, together=2) == [0, 0]
    await purge.goes_on()
    assert await purge.is_whole() == {"words": 0, "empty": 7}


# What the child does.


async def child(told: dict[str, Any], _screen: int) -> None:
    services = house_of(told)
    steps = Steps(told["step"])
    if told["together"] > 1:
        services.embers.put_new = _always  # type: ignore[method-assign,assignment]  # as if the lease had run out on each
        purging.GO_AT_ONCE = 2  # type: ignore[misc]
    services.embers.put = steps.around(services.embers.put)  # type: ignore[method-assign,assignment]
    steps.around_writing(services)
    services.database.checkpoint = steps.around(services.database.checkpoint)  # type: ignore[method-assign,assignment]
    await Purge(services, Retention(services)).round()


async def _always(*_: Any) -> bool:
    return True


if __name__ == "__main__":
    serve(child)
