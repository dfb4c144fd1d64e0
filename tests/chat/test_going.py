"""The way out of a shift: whoever holds somebody or is the last one is asked first, also where she signs out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

import chat.routes
from chat.duty import Duty, OpenedCards
from chat.refusals import HoldsSomebody, LastOne
from portal.staff.household.doorkeeping import Doorkeeping
from portal.staff.sessions.session import Signed
from portal.staff.tables import audit
from tests.chat.conftest import ChatHouse
from tests.portal.staff.walker import Walker, walker

pytestmark = pytest.mark.anyio


async def closed_for(house: ChatHouse) -> float | None:
    """For how many minutes the chat is closed from now on; None while nobody closed it."""
    house.services.doors.forget()
    switch = (await house.services.doors.doors()).switched(house.clock.now())
    if switch is None or switch.word != "closed":
        return None
    return float("inf") if switch.until is None else (switch.until - house.clock.now()).total_seconds() / 60


async def acts(house: ChatHouse) -> list[str]:
    async with house.services.database.read() as connection:
        return list((await connection.execute(select(audit.c.act).order_by(audit.c.n))).scalars())


async def is_last(house: ChatHouse, signed: Signed) -> bool:
    return (await Duty(house.relay, house.services).snapshot(signed, OpenedCards())).last


async def test_the_last_one_out_closes_the_chat_until_a_time_although_she_may_not_touch_the_switch(
    house: ChatHouse,
) -> None:
    duty = Duty(house.relay, house.services)
    sam = await house.ready(await house.colleague("Sam"))
    assert await is_last(house, sam)
    with pytest.raises(LastOne):
        await duty.turn(sam, "off", knows=False)
    await duty.turn(sam, "off", knows=False, closes=60)

    assert await closed_for(house) == 60
    assert (await acts(house))[-1] == "chat.closed_as_last"
    assert await house.relay.shifts.of(sam.staff_id) == "off"
    assert not await is_last(house, sam)
    # Off already, she is nobody's last one: the right went with it.
    await duty.turn(sam, "off", knows=True, closes=480)
    assert await closed_for(house) == 60


async def test_where_somebody_else_takes_conversations_nobody_closes_anything_on_her_way_out(house: ChatHouse) -> None:
    sam = await house.ready(await house.colleague("Sam"))
    await house.ready()
    assert not await is_last(house, sam)
    await Duty(house.relay, house.services).turn(sam, "off", knows=True, closes=60)

    assert await closed_for(house) is None
    assert await house.relay.shifts.of(sam.staff_id) == "off"


async def test_what_a_supervisor_closed_for_longer_is_not_opened_sooner_by_the_last_one_out(house: ChatHouse) -> None:
    await Doorkeeping(house.services).switch(house.advocate, "closed", 480)
    sam = await house.ready(await house.colleague("Sam"))
    await Duty(house.relay, house.services).turn(sam, "off", knows=False, closes=30)

    assert await closed_for(house) == 480
    assert await house.relay.shifts.of(sam.staff_id) == "off"


async def test_whoever_holds_somebody_and_is_the_last_one_is_told_of_both(house: ChatHouse) -> None:
    await house.talking()
    with pytest.raises(HoldsSomebody):
        await Duty(house.relay, house.services).turn(house.advocate, "off", knows=False)
    assert await is_last(house, house.advocate)


@pytest.fixture
async def robin(house: ChatHouse) -> Walker:
    """The one advocate of the house in a browser without script."""
    chat.routes.section(house.services)  # tells the staff room what is asked before somebody goes
    someone = walker(house.services)
    someone.cookie = house.cookie
    return someone


async def test_signing_out_with_somebody_in_her_hands_asks_before_anything_is_given_back(
    house: ChatHouse, robin: Walker
) -> None:
    _, desk = await house.talking()
    await robin.post("/desk/signout")
    assert robin.sees("If you sign out it goes back to the front of the line")
    assert robin.sees("Newcomers would wait for no one.")
    assert await house.relay.desk.is_holding(house.advocate.staff_id)
    await house.sweeper.sweep()
    owner = await house.relay.desk.owner(desk.id)
    assert owner is not None, "nobody was given back for a question"
    assert await house.relay.shifts.of(house.advocate.staff_id) == "ready"

    await robin.post("/desk/signout", {"knows": "yes"})
    assert robin.address == "/desk/signin"
    await house.sweeper.sweep()
    assert [each for each, _ in (await house.relay.desk.first())[0]] == [desk.id]
    assert await closed_for(house) is None


async def test_signing_out_as_the_last_one_offers_to_close_the_chat_and_does_it_without_script(
    house: ChatHouse, robin: Walker
) -> None:
    await house.ready()
    await robin.post("/desk/signout")
    assert robin.sees("Close the chat and sign out")
    assert not robin.sees("goes back to the front of the line")
    await robin.post("/desk/signout", {"knows": "yes", "lasts": "120"})

    assert robin.address == "/desk/signin"
    assert await closed_for(house) == 120
    assert not await house.services.durable.exists(b"{desk}:shift")


async def test_whoever_holds_nobody_while_others_are_there_signs_out_with_one_press(
    house: ChatHouse, robin: Walker
) -> None:
    await house.ready()
    await house.ready(house.another())
    house.clock.advance(timedelta(seconds=5))
    await robin.post("/desk/signout")

    assert robin.address == "/desk/signin"


async def test_a_question_that_is_too_old_leads_back_to_the_desk(robin: Walker) -> None:
    await robin.open("/desk/signout/nothing")
    assert robin.address == "/desk"
