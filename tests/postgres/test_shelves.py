"""The same shelves on PostgreSQL: put up, found, changed, erased, and put up by two desks at once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from portal.ids import random_id
from tests.tips.conftest import TipHouse, house
from tests.tips.test_filing import file
from tests.tips.test_shelves_model import nobody_goes
from tests.tips.test_shelves_on_disk import shelves
from tips.folding import terms
from tips.form import TipForm
from tips.shelf import EVERYTHING
from tips.shelving import Shelving
from tips.workroom import Workroom

__all__ = ["house"]


async def test_on_a_server_tips_are_put_up_found_changed_and_erased(house: TipHouse) -> None:
    filed = [(await file(house, TipForm(words=f"van {n}"))).filing for n in range(4)]
    house.clock.advance(timedelta(days=1))
    other = Shelving(house.services, house.doors, Workroom())
    for batch in await house.shelving.due():
        both = await asyncio.gather(*(each.put_up(house.robin, batch) for each in (house.shelving, other)))
        assert sorted(both) == [False, True]
    assert len(await house.shown()) == 4
    found = await house.search.find(house.robin, EVERYTHING, terms("van 2"), nobody_goes)
    assert found.tips == (filed[2].tip,)
    await house.review.reply(house.robin, filed[0].tip, "which one?", random_id())
    await house.follow_up.erase(filed[1].visit)
    assert await shelves(house) == {}
    assert sorted(await house.shown()) == sorted(each.tip for each in (filed[0], filed[2], filed[3]))
    house.clock.advance(timedelta(days=1))
    assert await house.puts_up() == 1
    assert sorted(next(iter((await shelves(house)).values()))) == ["0 one van which", "2 van", "3 van"]
