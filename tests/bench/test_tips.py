"""Holds the benches of the tips to the house as it is: what they ask is still answered, by as few tips as will do."""

from __future__ import annotations

import pytest

from bench.inbox.pages import Asking, at_the_desk, put_up_all, seal_them
from bench.tips.filled import fill
from bench.tips.measure import measure
from portal.clock import StillClock
from portal.services import Services
from tests.tips.conftest import make_tip_house

pytestmark = pytest.mark.anyio


async def test_each_thing_the_store_is_asked_is_timed_and_what_only_reads_is_planned(
    services: Services, clock: StillClock
) -> None:
    house = await make_tip_house(services, clock)
    ids = await fill(house, (services.database,), 40)

    told = await measure("SQLite", house, services.database, ids, rounds=2)

    assert [each.name for each in told.figures if len(each.times_ms) != 2] == []
    assert len(told.figures) == len(told.plans) + 3
    assert all("SEARCH" in plan or "SCAN" in plan for plan in told.plans.values())


async def test_each_page_of_the_list_is_timed(services: Services, clock: StillClock) -> None:
    house = await make_tip_house(services, clock)
    await seal_them(house, 60)
    async with at_the_desk(house) as web:
        await put_up_all(house)
        figures = await Asking(web, house.robin.csrf, 60).figures(1)

    assert figures
    assert all(each.times_ms for each in figures)
