"""Gives the tests of how long tips stay a house whose weeks go by in a breath."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from portal.ids import random_id
from tests.tips.conftest import TipHouse
from tests.tips.test_filing import file_with_receipt
from tips import store
from tips.access import Visit
from tips.followup import Thread
from tips.intake import Filing
from tips.receipt import Receipt
from tips.staying import rows
from tips.staying.clock import goes_from
from tips.staying.purging import Purge, Round
from tips.tip import Status


@dataclass
class Weeks:
    """A house, its purge, and what stands of its tips."""

    house: TipHouse
    purge: Purge

    async def go_by(self, weeks: int) -> Round:
        """So many weeks, each with its round; what the last one did."""
        last = Round()
        for _ in range(weeks):
            self.house.clock.advance(timedelta(days=7))
            last = await self.purge.round()
        return last

    async def until(self, is_so: Callable[[], Awaitable[bool]], most: int = 120) -> int:
        """Let weeks go by until it is so; how many that took."""
        for week in range(most):
            if await is_so():
                return week
            await self.go_by(1)
        raise AssertionError(f"not in {most} weeks")

    async def answered(self) -> tuple[Filing, Receipt]:
        """A tip with a number, answered."""
        filing, receipt = await file_with_receipt(self.house)
        await self.house.review.reply(self.house.robin, filing.tip, "Is it there each day?", random_id())
        return filing, receipt

    async def is_there(self, tip_id: bytes) -> bool:
        async with self.house.services.database.read() as connection:
            return await store.read_tip(connection, tip_id) is not None

    async def is_gone(self, tip_id: bytes) -> bool:
        return not await self.is_there(tip_id)

    async def is_warned(self, tip_id: bytes) -> bool:
        async with self.house.services.database.read() as connection:
            stands = await rows.standing(connection, tip_id)
        return stands is not None and goes_from(stands.step, stands.look, stands.status) is not None

    async def comes_back(self, receipt: Receipt) -> tuple[Visit, Thread]:
        """Her way back, and what she reads."""
        visit = await self.house.doors.tip_for_receipt(receipt)
        assert visit is not None, "the number opens nothing"
        return visit, await self.house.follow_up.read(visit)

    async def count(self, status: Status) -> int:
        async with self.house.services.database.read() as connection:
            return (await store.count_by_status(connection))[status]


@pytest.fixture
def weeks(house: TipHouse) -> Weeks:
    return Weeks(house, Purge(house.services, house.retention))
