"""A conversation in which danger was marked takes more of her places, at every door, until it has ended."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chat.availability import availability
from chat.conversation import DeskTalk
from chat.duty import Duty, OpenedCards
from chat.refusals import HandsFull
from chat.relay import Relay
from portal.ids import random_id
from portal.staff.sessions.session import Signed
from tests.chat.conftest import ChatHouse

pytestmark = pytest.mark.anyio


async def taken(house: ChatHouse) -> DeskTalk:
    """The advocate has taken one more."""
    return await house.relay.take(house.advocate, (await house.waiting()).id)


async def marked(house: ChatHouse, desk: DeskTalk) -> None:
    await house.relay.marking.danger(desk, "coming", "", random_id(), 0, house.relay.now_ms())


async def told(house: ChatHouse, signed: Signed) -> int:
    return (await Duty(house.relay, house.services).snapshot(signed, OpenedCards())).capacity


async def test_one_with_danger_takes_two_places_until_it_has_ended(house: ChatHouse) -> None:
    await house.ready(house.advocate)
    desk = await taken(house)
    await marked(house, desk)
    await taken(house)
    with pytest.raises(HandsFull):
        await taken(house)
    assert await told(house, house.advocate) == 2

    await house.relay.close(desk)
    await taken(house)
    await taken(house)
    assert await told(house, house.advocate) == 3


async def test_it_is_not_too_heavy_to_be_taken_by_whoever_has_a_place(house: ChatHouse) -> None:
    """Marked, given back by a broken line, and taken by somebody with one place left: she is never refused for it."""
    await house.ready(house.advocate)
    desk = await taken(house)
    await marked(house, desk)
    await house.relay.desk.depart(house.advocate.staff_id)
    await house.sweeper.sweep()
    sam = await house.ready(house.another())
    for _ in range(2):
        await house.relay.take(sam, (await house.waiting()).id, "other")

    assert (await house.relay.take(sam, desk.id)).id == desk.id
    assert await told(house, sam) == 2
    assert await house.relay.marking.heavy.of([desk.id]) == 1, "it is still one"


async def test_the_wait_that_is_told_counts_it_as_two(house: ChatHouse) -> None:
    ask = availability(house.services)
    await house.ready(house.advocate)
    desk = await taken(house)
    await taken(house)
    light = await ask("en")
    await marked(house, desk)
    heavy = await ask("en")

    assert (light.state, heavy.state) == ("open", "busy")


async def test_a_house_may_count_it_as_any_other(house: ChatHouse) -> None:
    services = replace(house.services, settings=replace(house.services.settings, heavy_places=1))
    relay = Relay(services)
    await house.ready(house.advocate)
    desk = await taken(house)
    await marked(house, desk)
    for _ in range(2):
        await relay.take(house.advocate, (await house.waiting()).id)
    with pytest.raises(HandsFull):
        await relay.take(house.advocate, (await house.waiting()).id)


async def test_nothing_of_it_is_left_once_it_is_forgotten(house: ChatHouse) -> None:
    visitor, desk = await house.talking()
    await marked(house, desk)
    assert await house.services.durable.exists(b"{desk}:heavy")
    await house.relay.leave(await house.relay.access.conversation_for_visitor(visitor.token), "end")

    assert not await house.services.durable.exists(b"{desk}:heavy")
