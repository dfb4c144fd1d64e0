"""A lost ember comes back from whoever still knows the words, and from nobody after the end."""

from __future__ import annotations

import asyncio

import pytest

from chat.access import EmberLost
from chat.relay import Relay
from chat.store import keys
from portal.ids import random_id
from portal.services import Services
from tests.chat.conftest import ChatHouse

pytestmark = pytest.mark.anyio


async def lose_embers(house: ChatHouse) -> None:
    """As a killed ember store comes back: with nothing."""
    async for key in house.services.ember_client.scan_iter(count=1000):
        await house.services.ember_client.delete(key)


async def test_without_its_ember_a_conversation_opens_for_no_advocate(house: ChatHouse) -> None:
    talk, _ = await house.talking()
    await lose_embers(house)
    with pytest.raises(EmberLost):
        await house.relay.access.conversation_for_advocate(house.advocate, talk.id)


async def test_a_desk_that_holds_the_keys_plants_the_same_ember_and_the_notes_live_on(house: ChatHouse) -> None:
    talk, desk = await house.talking()
    await house.relay.note(desk, "kept", random_id(), 0)
    await lose_embers(house)
    assert await house.relay.kindling.tend(talk.id, desk.keys.talk, desk.keys.staff, desk.ember) == desk.ember
    again = await house.relay.access.conversation_for_advocate(house.advocate, talk.id)
    assert again.keys == desk.keys
    assert [each.text for each in (await house.relay.notes_since(again, 0)).messages] == ["kept"]


async def test_after_a_power_cut_the_visitors_token_gives_the_words_back_and_the_notes_are_gone(
    house: ChatHouse,
) -> None:
    talk, desk = await house.talking()
    await house.relay.note(desk, "lost", random_id(), 0)
    await lose_embers(house)
    back = await house.relay.access.conversation_for_visitor(talk.token)
    await house.relay.kindling.tend(back.id, back.talk_key, None, None)
    again = await house.relay.access.conversation_for_advocate(house.advocate, talk.id)
    assert again.keys.talk == desk.keys.talk
    assert again.ember != desk.ember
    assert [each.text for each in (await house.relay.since(again, 0)).messages] == ["hello", ""]
    assert (await house.relay.notes_since(again, 0)).messages == []
    assert (await house.relay.notes_since(again, 0)).last == 1


async def test_visitor_and_desk_that_plant_at_once_agree(house: ChatHouse, second_process: Services) -> None:
    other = Relay(second_process)
    for _ in range(5):
        talk, desk = await house.talking()
        await lose_embers(house)
        await asyncio.gather(
            house.relay.kindling.tend(talk.id, talk.talk_key, None, None),
            other.kindling.tend(talk.id, desk.keys.talk, desk.keys.staff, desk.ember),
            other.kindling.tend(talk.id, talk.talk_key, None, None),
        )
        again = await house.relay.access.conversation_for_advocate(house.advocate, talk.id)
        assert again.keys == desk.keys
        await house.relay.close(again)


async def test_a_desk_whose_ember_was_replaced_puts_its_own_keys_under_the_new_one(house: ChatHouse) -> None:
    talk, desk = await house.talking()
    await lose_embers(house)
    await house.relay.kindling.tend(talk.id, talk.talk_key, None, None)
    ember = await house.relay.kindling.tend(talk.id, desk.keys.talk, desk.keys.staff, desk.ember)
    assert ember != desk.ember
    assert (await house.relay.access.conversation_for_advocate(house.advocate, talk.id)).keys == desk.keys


async def test_a_copy_that_no_ember_opens_is_planted_anew_by_her_page(house: ChatHouse) -> None:
    talk = await house.waiting()
    await house.services.embers.delete(keys.ember(talk.id))
    # As a kill leaves it between a new ember and its copy.
    from datetime import timedelta

    await house.services.embers.put(keys.ember(talk.id), bytes(32), timedelta(hours=1))
    with pytest.raises(EmberLost):
        await house.relay.take(await house.ready(), talk.id)
    await house.relay.kindling.tend(talk.id, talk.talk_key, None, None)
    assert (await house.relay.take(await house.ready(), talk.id)).keys.talk == talk.talk_key


async def test_after_the_end_no_token_and_no_desk_brings_an_ember_back(house: ChatHouse) -> None:
    from chat.refusals import ConversationOver

    talk, desk = await house.talking()
    await house.relay.leave(talk, "exit")
    await house.relay.ending.erase(talk.id)
    for staff_key, ember in ((None, None), (desk.keys.staff, desk.ember)):
        with pytest.raises(ConversationOver):
            await house.relay.kindling.tend(talk.id, talk.talk_key, staff_key, ember)
    assert await house.services.embers.get(keys.ember(talk.id)) is None
