"""The states of a shift: how many places each gives, and what the last one out is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

import chat.routes
from chat.availability import availability
from chat.duty import Duty, OpenedCards
from chat.protocol.kinds import Shift
from chat.refusals import HandsFull, HoldsSomebody, LastOne, NotReady
from chat.relay import Relay
from portal.staff.household.house import House, KnownByThisName
from tests.chat.conftest import ChatHouse

pytestmark = pytest.mark.anyio


async def turned(house: ChatHouse, state: Shift, *, knows: bool = False) -> Duty:
    duty = Duty(house.relay, house.services)
    await duty.is_here(house.advocate)
    await duty.turn(house.advocate, state, knows=knows)
    return duty


async def test_on_a_call_she_has_one_place_and_ready_gives_the_others_back(house: ChatHouse) -> None:
    talks = [await house.waiting() for _ in range(3)]
    await turned(house, "on_call")
    await house.relay.take(house.advocate, talks[0].id)
    with pytest.raises(HandsFull):
        await house.relay.take(house.advocate, talks[1].id)

    duty = await turned(house, "ready")
    await house.relay.take(house.advocate, talks[1].id)
    told = await duty.snapshot(house.advocate, OpenedCards())
    assert (told.shift, told.ready, told.capacity) == ("ready", True, 3)


async def test_whoever_holds_more_than_a_call_leaves_her_keeps_them_and_takes_nobody_new(house: ChatHouse) -> None:
    talks = [await house.waiting() for _ in range(3)]
    await turned(house, "ready")
    for talk in talks[:2]:
        await house.relay.take(house.advocate, talk.id)
    duty = await turned(house, "on_call")

    assert len(await duty.mine(house.advocate)) == 2
    with pytest.raises(HandsFull):
        await house.relay.take(house.advocate, talks[2].id)
    told = await duty.snapshot(house.advocate, OpenedCards())
    assert (told.shift, told.ready, told.capacity) == ("on_call", True, 1)


@pytest.mark.parametrize("state", ["finishing", "wrap_up", "break", "off"])
async def test_in_no_other_state_is_anybody_taken(house: ChatHouse, state: Shift) -> None:
    talk = await house.waiting()
    duty = await turned(house, state, knows=True)

    with pytest.raises(NotReady):
        await house.relay.take(house.advocate, talk.id)
    told = await duty.snapshot(house.advocate, OpenedCards())
    assert (told.shift, told.ready) == (state, False)


async def test_the_wait_counts_one_place_of_whoever_is_on_a_call(house: ChatHouse) -> None:
    ask = availability(house.services)
    await turned(house, "ready")
    free = await ask("en")
    await turned(house, "on_call")
    await house.waiting()
    busy = await ask("en")

    assert (free.state, busy.state) == ("open", "busy")
    assert busy.minutes is not None
    assert free.minutes is not None
    assert busy.minutes > free.minutes


@pytest.mark.parametrize("state", ["finishing", "wrap_up", "break", "off"])
async def test_the_last_one_who_takes_conversations_is_asked_and_one_of_two_is_not(
    house: ChatHouse, state: Shift
) -> None:
    await turned(house, "ready")
    with pytest.raises(LastOne):
        await turned(house, state)
    assert await house.relay.shifts.of(house.advocate.staff_id) == "ready", "until she says that she knows"
    await turned(house, state, knows=True)
    assert await house.relay.shifts.of(house.advocate.staff_id) == state

    await turned(house, "ready")
    await house.ready(house.another())
    await turned(house, state)
    assert await house.relay.shifts.of(house.advocate.staff_id) == state


async def test_a_colleague_whose_desk_sleeps_is_nobody_to_leave_the_house_to(house: ChatHouse) -> None:
    sam = await house.ready(house.another())
    house.clock.advance(timedelta(minutes=2))
    await turned(house, "ready")

    assert await house.relay.desk.is_ready(sam.staff_id), "her page has only not been heard for a while"
    with pytest.raises(LastOne):
        await turned(house, "off")


async def test_whoever_goes_home_with_somebody_in_her_hands_is_asked(house: ChatHouse) -> None:
    _, desk = await house.talking()
    await house.ready(house.another())
    with pytest.raises(HoldsSomebody):
        await turned(house, "off")
    await turned(house, "break")
    await house.relay.close(desk)
    await turned(house, "off")

    assert await house.relay.shifts.of(house.advocate.staff_id) == "off"


async def test_whoever_signs_out_or_is_not_heard_of_is_off(house: ChatHouse) -> None:
    duty = await turned(house, "on_call")
    await duty.depart(house.advocate)
    assert await house.relay.shifts.of(house.advocate.staff_id) == "off"

    await turned(house, "on_call")
    house.clock.advance(timedelta(minutes=2))
    await house.sweeper.sweep()
    assert await house.relay.shifts.of(house.advocate.staff_id) == "off"
    assert not await house.services.durable.exists(b"{desk}:shift")


async def test_an_older_page_that_only_says_ready_is_understood(house: ChatHouse) -> None:
    duty = await turned(house, "break", knows=True)
    await duty.say_ready(house.advocate, True)
    assert await house.relay.shifts.of(house.advocate.staff_id) == "ready"
    await duty.say_ready(house.advocate, False)
    assert await house.relay.shifts.of(house.advocate.staff_id) == "break"


async def test_a_call_leaves_no_more_places_than_she_has(house: ChatHouse) -> None:
    settings = replace(house.services.settings, chat_capacity=1, on_call_capacity=3)
    services = replace(house.services, settings=settings)
    relay = Relay(services)
    talks = [await house.waiting() for _ in range(2)]
    await turned(house, "on_call")
    await relay.take(house.advocate, talks[0].id)

    with pytest.raises(HandsFull):
        await relay.take(house.advocate, talks[1].id)


async def test_another_name_is_taken_between_conversations_and_told_from_the_next_one_on(house: ChatHouse) -> None:
    chat.routes.section(house.services)  # tells the staff room who holds somebody
    acts = House(house.services)
    visitor, desk = await house.talking()
    before = await house.relay.access.conversation_for_visitor(visitor.token)
    with pytest.raises(KnownByThisName):
        await acts.call_her(house.advocate, "Sam")
    assert (await house.services.staff.who(house.cookie)).alias == "Robin"

    await house.relay.close(desk)
    await acts.call_her(house.advocate, "Sam")
    renamed = await house.services.staff.who(house.cookie)
    assert renamed.alias == "Sam"
    talk = await house.waiting()
    await house.relay.take(renamed, talk.id)
    again = await house.relay.access.conversation_for_visitor(talk.token)
    assert await house.relay.advocate_name(again) == "Sam"
    assert await house.relay.advocate_name(before) == "Robin", "what was told once stays as it was told"
