"""Holds a search to its bounds: one for a desk, few for a process, given up when nobody waits for it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from portal.errors import TooBusy
from portal.staff.sessions.session import Signed
from tests.tips.conftest import TipHouse
from tests.tips.test_filing import file
from tests.tips.test_shelves_model import nobody_goes
from tips import search, shelf
from tips.form import TipForm
from tips.search import SearchStopped
from tips.shelf import EVERYTHING

pytestmark = pytest.mark.anyio


class Waiter:
    """A page that says it still waits, but only once it is let on."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.let_on = asyncio.Event()
        self.goes = False

    async def is_gone(self) -> bool:
        self.asked.set()
        await self.let_on.wait()
        return self.goes


def other_desk(signed: Signed, number: int) -> Signed:
    return replace(signed, session=bytes([number]) * 32)


async def test_a_search_whose_page_went_opens_nothing_more(house: TipHouse) -> None:
    await file(house, TipForm(words="a van"))
    page = Waiter()
    page.goes = True
    page.let_on.set()
    with pytest.raises(SearchStopped):
        await house.search.find(house.robin, EVERYTHING, ("van",), page.is_gone)
    assert (await house.search.find(house.robin, EVERYTHING, ("van",), nobody_goes)).total == 1


async def test_the_next_search_of_a_desk_ends_the_one_before(house: TipHouse) -> None:
    await file(house, TipForm(words="a van"))
    page = Waiter()
    before = asyncio.create_task(house.search.find(house.robin, EVERYTHING, ("van",), page.is_gone))
    await page.asked.wait()
    assert (await house.search.find(house.robin, EVERYTHING, ("van",), nobody_goes)).total == 1
    page.let_on.set()
    with pytest.raises(SearchStopped):
        await before


async def test_a_process_searches_for_few_at_once_and_tells_the_others(
    house: TipHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "_WAIT_SECONDS", 0.1)
    await file(house, TipForm(words="a van"))
    pages = [Waiter() for _ in range(2)]
    running = [
        asyncio.create_task(house.search.find(other_desk(house.robin, n), EVERYTHING, ("van",), page.is_gone))
        for n, page in enumerate(pages)
    ]
    for page in pages:
        await page.asked.wait()
    with pytest.raises(TooBusy):
        await house.search.find(house.robin, EVERYTHING, ("van",), nobody_goes)
    for page in pages:
        page.let_on.set()
    assert [found.total for found in await asyncio.gather(*running)] == [1, 1]
    assert (await house.search.find(house.robin, EVERYTHING, ("van",), nobody_goes)).total == 1


async def test_a_shelf_taken_down_in_the_middle_is_searched_tip_by_tip(
    house: TipHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tips import copying

    for module in (shelf, copying):
        monkeypatch.setattr(module, "MOST_TIPS", 3)
    monkeypatch.setattr(shelf, "CROWD", 2)
    filed = [(await file(house, TipForm(words=f"van {n}"))).filing for n in range(6)]
    house.clock.advance(timedelta(days=1))
    assert await house.puts_up() == 2
    page = Waiter()
    running = asyncio.create_task(house.search.find(house.robin, EVERYTHING, ("van",), page.is_gone))
    await page.asked.wait()
    await house.follow_up.erase(filed[0].visit)
    page.let_on.set()
    found = await running
    assert sorted(found.tips) == sorted(each.tip for each in filed[1:])


async def test_only_the_first_can_be_paged_through_and_all_are_counted(
    house: TipHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MOST_FOUND", 2)
    for number in range(3):
        await file(house, TipForm(words=f"van {number}"))
    found = await house.search.find(house.robin, EVERYTHING, ("van",), nobody_goes)
    assert (found.total, list(found.tips)) == (3, (await house.shown())[:2])
