"""One press of Start is one conversation, and a start token opens nothing by itself."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from chat.start import NotOpenYet, StartNotGood, StartTooSoon, start_conversation
from portal.ids import from_text, random_id
from portal.services import Services
from tests.chat.conftest import ChatHouse

pytestmark = pytest.mark.anyio


async def pressed(house: ChatHouse) -> str:
    token = house.services.start_tokens.make()
    house.clock.advance(timedelta(seconds=4))
    return token


async def test_a_double_tap_on_two_processes_is_one_conversation(house: ChatHouse, second_process: Services) -> None:
    start = await pressed(house)
    tokens = await asyncio.gather(
        *(start_conversation((house.services, second_process)[number % 2], start, "en") for number in range(8))
    )
    assert len(set(tokens)) == 1
    talk = await house.relay.access.conversation_for_visitor(from_text(tokens[0], 32))
    await house.relay.visitor_says(talk, "hello", random_id(), 0)
    assert (await house.relay.take(await house.ready(), talk.id)).keys.talk == talk.talk_key


async def test_the_same_token_gives_the_same_conversation_for_a_minute_while_nothing_is_said(house: ChatHouse) -> None:
    start = await pressed(house)
    first = await start_conversation(house.services, start, "en")
    house.clock.advance(timedelta(seconds=59))
    assert await start_conversation(house.services, start, "en") == first
    house.clock.advance(timedelta(seconds=2))
    with pytest.raises(StartNotGood):
        await start_conversation(house.services, start, "en")


async def test_once_something_was_said_the_token_opens_nothing(house: ChatHouse) -> None:
    start = await pressed(house)
    token = await start_conversation(house.services, start, "en")
    talk = await house.relay.access.conversation_for_visitor(from_text(token, 32))
    await house.relay.visitor_says(talk, "hello", random_id(), 0)
    with pytest.raises(StartNotGood):
        await start_conversation(house.services, start, "en")


async def test_after_an_exit_the_same_token_begins_nothing(house: ChatHouse) -> None:
    start = await pressed(house)
    token = await start_conversation(house.services, start, "en")
    await house.relay.leave(await house.relay.access.conversation_for_visitor(from_text(token, 32)), "exit")
    with pytest.raises(StartNotGood):
        await start_conversation(house.services, start, "en")


async def test_a_start_that_was_killed_half_way_is_begun_anew(house: ChatHouse) -> None:
    start = await pressed(house)
    token = await start_conversation(house.services, start, "en")
    talk = await house.relay.access.conversation_for_visitor(from_text(token, 32))
    # As a kill between the facts and the way in leaves it.
    from portal.vault.conversations import find_visitor

    await house.relay.talks.drop_visitor(find_visitor(talk.token))
    again = await start_conversation(house.services, start, "en")
    assert again == token
    talk = await house.relay.access.conversation_for_visitor(from_text(again, 32))
    await house.relay.visitor_says(talk, "hello", random_id(), 0)
    assert (await house.relay.take(await house.ready(), talk.id)).keys.talk == talk.talk_key


async def test_tokens_too_young_too_old_and_foreign_begin_nothing(house: ChatHouse) -> None:
    young = house.services.start_tokens.make()
    with pytest.raises(StartTooSoon):
        await start_conversation(house.services, young, "en")
    house.clock.advance(timedelta(hours=2, seconds=1))
    for token in (young, "", "x" * 54, random_id().hex()):
        with pytest.raises(StartNotGood):
            await start_conversation(house.services, token, "en")


async def test_a_house_that_is_not_open_begins_nothing(house: ChatHouse) -> None:
    start = await pressed(house)
    async with house.services.database.write() as connection:
        await house.services.opening.change(connection, is_open=False)
    house.services.opening.forget()
    with pytest.raises(NotOpenYet):
        await start_conversation(house.services, start, "en")


async def test_no_store_holds_the_tab_token(house: ChatHouse) -> None:
    token = await house.starts()
    for client in (house.services.durable, house.services.ember_client):
        async for key in client.scan_iter(count=1000):
            dumped = await client.dump(key)
            assert token not in (dumped or b"")
            assert token not in key
