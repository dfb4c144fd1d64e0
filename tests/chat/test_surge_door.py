"""In a surge the page before a talk offers the phone and a note first: they are worth more than a place in line."""

from __future__ import annotations

import httpx
import pytest

from chat.availability import availability
from chat.surge import FEWEST
from tests.chat.conftest import ChatHouse
from tests.chat.test_lottery import flood
from tests.support.posting import house as whole_house, running

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("is_ready", [True, False])
async def test_a_surge_is_told_whoever_is_there_and_goes_with_the_flood(house: ChatHouse, is_ready: bool) -> None:
    ask = availability(house.services)
    await house.relay.desk.renew(house.advocate.staff_id, house.relay.now_ms())
    await house.relay.desk.say_ready(house.advocate.staff_id, is_ready)
    many = await flood(house, FEWEST + 1)
    told = await ask("en")
    assert (told.state, told.is_surge) == ("busy" if is_ready else "nobody", True)
    await house.relay.unfinished.unoffer(many[:1])
    assert not (await ask("en")).is_surge


@pytest.mark.parametrize("is_surge", [True, False])
async def test_the_note_and_the_phone_stand_before_start_in_a_surge_alone(house: ChatHouse, is_surge: bool) -> None:
    await house.ready()
    await flood(house, FEWEST + (1 if is_surge else 0))
    app = whole_house(house.services, running(house.services))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url=house.services.settings.public_origin) as client:
        page = (await client.get("/en/talk")).text
    page = page[page.index('id="start"') : page.index("</section>")]
    note, phone, start = (page.index(each) for each in ('href="/en/note"', "555-0142", 'id="start-form"'))
    assert (note < start, phone < start) == (is_surge, is_surge)
    assert [page.count(each) for each in ('href="/en/note"', "You can call")] == [1, 1]
