"""Holds a lost second proof to two colleagues, and what they do to opening nothing by itself."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from portal.clock import StillClock
from portal.services import Services
from portal.staff.desk import StaffRoom
from portal.staff.proofs.asking import Asking, roles_with_keys
from portal.staff.sessions.session import SignInNeeded
from portal.staff.tables import resets
from tests.portal.staff.proofs.test_second import adds_an_app
from tests.portal.staff.walker import PASSPHRASE, Walker, acts, give, join, person_page, set_up, walker

pytestmark = pytest.mark.anyio


class House:
    """Ada, who administers, Sam, who supervises, and Bo, whose phone is lost; the address of Bo's page."""

    ada: Walker
    sam: Walker
    bo: Walker
    page: str


@pytest.fixture
async def house(services: Services, clock: StillClock, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(StaffRoom, "asking", Asking(roles_with_keys(), 7))
    made = House()
    made.ada = await set_up(walker(services))
    await join(made.ada, alias="Sam", role="supervisor")
    await give(made.ada, "Sam", "tips")
    made.sam = made.ada.fresh()
    await made.sam.signs_in("Sam")
    await join(made.ada, alias="Bo")
    await give(made.ada, "Bo", "tips")
    made.bo = made.ada.fresh()
    await made.bo.signs_in("Bo")
    await adds_an_app(made.bo, clock)
    made.page = await person_page(made.ada, "Bo")
    return made


async def says(person: Walker, page: str, word: str, passphrase: str = PASSPHRASE) -> str:
    await person.post(f"{page}/second", {"do": word, "passphrase": passphrase})
    found = re.search(r'<div class="desk-notice is-(?:good|urgent)"[^>]*><p>(.*?)</p>', person.page)
    return re.sub("<[^>]+>", "", found[1]) if found else str(person.status)


async def test_one_asks_another_does_it_and_then_her_passphrase_makes_a_new_one_first(
    house: House, services: Services
) -> None:
    assert (await says(house.ada, house.page, "ask")).startswith("Asked.")
    assert (await says(house.ada, house.page, "reset")).startswith("It takes two")
    assert not await house.bo.fresh().signs_in("Bo")

    assert (await says(house.sam, house.page, "reset")).startswith("Done.")
    with pytest.raises(SignInNeeded):
        await services.staff.who(house.bo.cookie)
    again = house.bo.fresh()
    assert not await again.signs_in("Bo", "some long passphrase here"), "both colleagues together open nothing"
    assert await again.signs_in("Bo")
    signed = await services.staff.who(again.cookie)
    assert (signed.rights, dict(signed.compartment_keys("tips"))) == (frozenset(), {}), "no days to put it off"
    told = [act for act in await acts(services) if act.startswith("second.reset")]
    assert told == ["second.reset_asked", "second.reset"]


async def test_nobody_does_it_alone_for_herself_without_passphrase_or_after_a_day(
    house: House, services: Services, clock: StillClock
) -> None:
    assert await says(house.ada, house.page, "reset") == "404"
    assert (await says(house.ada, house.page, "ask", "some long passphrase here")).startswith("That name and")
    assert await says(house.sam, house.page, "reset") == "404"
    mine = await person_page(house.ada, "Ada")
    await adds_an_app(house.ada, clock)
    assert (await says(house.ada, mine, "ask")).startswith("It takes two")
    assert await says(house.bo, house.page, "ask") == "404"

    await says(house.ada, house.page, "ask")
    await says(house.sam, house.page, "no")
    assert await says(house.sam, house.page, "reset") == "404"
    await says(house.ada, house.page, "ask")
    clock.advance(timedelta(days=2))
    await house.sam.signs_in("Sam")
    assert await says(house.sam, house.page, "reset") == "404"
    assert "second.reset" not in await acts(services)


async def test_who_only_writes_rows_is_not_the_first_of_the_two(house: House, services: Services) -> None:
    bo, ada = [(await services.staff.who(each.cookie)).staff_id for each in (house.bo, house.ada)]
    day = services.clock.now().date().isoformat()
    async with services.database.write() as connection:
        await connection.execute(insert(resets).values(person=bo, asked_by=ada, day=day, mark=bytes(32)))
    assert await says(house.sam, house.page, "reset") == "404"
    await says(house.sam, house.page, "ask")
    async with services.database.write() as connection:
        await connection.execute(update(resets).values(asked_by=ada))
    assert await says(house.sam, house.page, "reset") == "404"
