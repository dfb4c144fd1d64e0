"""A number brings a visitor back once, while her conversation is open, and leaves the page before it with nothing."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from statistics import median
from typing import Any

import pytest

from chat.comeback import NOT_SOONER_S, Comebacks, NumberNotKnown
from chat.refusals import ConversationOver
from chat.relay import Relay
from chat.start import StartNotGood, start_conversation
from portal.ids import from_text, random_id
from portal.services import Services
from portal.store.valkey import ValkeyAway
from portal.vault.comebacks import comeback_code, find_comeback
from portal.vault.conversations import find_visitor
from tests.chat.comeback_people import comebacks, opens, refused
from tests.chat.conftest import ChatHouse

pytestmark = pytest.mark.anyio


__all__ = ["comebacks"]


async def test_the_number_opens_the_same_conversation_on_another_page(house: ChatHouse, comebacks: Comebacks) -> None:
    talk, desk = await house.talking()
    made = await comebacks.make(talk)
    token, again = await comebacks.resume(made.code, random_id())
    assert (again.id, again.talk_key) == (talk.id, talk.talk_key)
    assert token != talk.token
    assert [each.text for each in (await house.relay.since(again, 0)).messages if each.kind == "words"] == ["hello"]
    await house.relay.visitor_says(again, "I am here again", random_id(), 2)
    assert (await house.relay.since(desk, 0)).messages[-1].text == "I am here again"


async def test_the_page_before_opens_nothing_in_the_same_breath(house: ChatHouse, comebacks: Comebacks) -> None:
    talk, _ = await house.talking()
    made = await comebacks.make(talk)
    token, _ = await comebacks.resume(made.code, random_id())
    assert await opens(house, token)
    assert not await opens(house, talk.token)
    assert await house.relay.talks.visitor(find_visitor(talk.token)) is None
    # Leaving by the old page's exit ends nothing: it may be in other hands by now.
    await house.relay.leave_by_token(talk.token)
    assert await opens(house, token)
    with pytest.raises(ConversationOver):
        await comebacks.make(talk)
    assert await opens(house, token)


async def test_the_desk_is_told_that_she_came_back_and_no_longer_that_it_is_safe(
    house: ChatHouse, comebacks: Comebacks
) -> None:
    talk, desk = await house.talking()
    await house.relay.visitor_answers(talk, "safe", "yes")
    await house.relay.visitor_answers(talk, "name", "Ana")
    made = await comebacks.make(talk)
    await comebacks.resume(made.code, random_id())
    last = (await house.relay.since(desk, 0)).messages[-1]
    assert (last.kind, last.author) == ("back", "system")
    answers = await house.relay.answers(desk)
    assert (answers.get("safe"), answers.safe_ms) == ("", 0)
    assert answers.get("name") == "Ana"


async def test_a_visitor_who_waits_keeps_her_place(house: ChatHouse, comebacks: Comebacks) -> None:
    first, second = await house.waiting(), await house.waiting()
    made = await comebacks.make(first)
    _, again = await comebacks.resume(made.code, random_id())
    assert (await house.relay.visitor_is_here(again)).place == 1
    assert (await house.relay.visitor_is_here(second)).place == 2


async def test_a_number_works_once(house: ChatHouse, comebacks: Comebacks) -> None:
    talk = await house.waiting()
    made = await comebacks.make(talk)
    token, _ = await comebacks.resume(made.code, random_id())
    await refused(comebacks, made.code)
    assert await opens(house, token)


async def test_of_many_pages_on_two_processes_one_gets_in(house: ChatHouse, second_process: Services) -> None:
    both = (Comebacks(house.relay), Comebacks(Relay(second_process)))
    talk = await house.waiting()
    made = await both[0].make(talk)
    answers = await asyncio.gather(
        *(both[number % 2].resume(made.code, random_id()) for number in range(8)), return_exceptions=True
    )
    came = [answer[0] for answer in answers if isinstance(answer, tuple)]
    assert len(came) == 1
    assert [type(answer) for answer in answers if not isinstance(answer, tuple)] == [NumberNotKnown] * 7
    assert await opens(house, came[0])


async def test_the_same_page_gets_the_same_answer_again(house: ChatHouse, second_process: Services) -> None:
    """An answer that was lost on the way, a double tap, and a second server: nobody is locked out by her own number."""
    both = (Comebacks(house.relay), Comebacks(Relay(second_process)))
    talk = await house.waiting()
    made, page = await both[0].make(talk), random_id()
    tokens = {
        token for token, _ in await asyncio.gather(*(both[each % 2].resume(made.code, page) for each in range(6)))
    }
    assert len(tokens) == 1
    assert (await both[1].resume(made.code, page))[0] in tokens
    back = [each for each in (await house.relay.since(talk, 0)).messages if each.kind == "back"]
    assert len(back) == 1


async def test_a_new_number_takes_the_place_of_the_old_one(house: ChatHouse, comebacks: Comebacks) -> None:
    talk = await house.waiting()
    first, second = await comebacks.make(talk), await comebacks.make(talk)
    await refused(comebacks, first.code)
    await comebacks.resume(second.code, random_id())


async def test_she_can_come_back_again_and_again_each_time_by_a_new_number(
    house: ChatHouse, comebacks: Comebacks
) -> None:
    talk = await house.waiting()
    before: list[bytes] = []
    for _ in range(3):
        made, page = await comebacks.make(talk), random_id()
        before.append(talk.token)
        token, talk = await comebacks.resume(made.code, page)
        assert [await opens(house, old) for old in before] == [False] * len(before)
        assert await opens(house, token)
    await comebacks.make(talk)
    # A new number also ends the patience with the page that used the one before it.
    await refused(comebacks, made.code)


async def test_it_lives_for_the_hours_of_the_setting_and_never_longer_than_the_talk(
    house: ChatHouse, comebacks: Comebacks
) -> None:
    talk = await house.waiting()
    key = house.services.comeback_key
    for age, hours in ((timedelta(0), 2.0), (timedelta(hours=46.5), 1.5), (timedelta(hours=1), 0.5)):
        house.clock.advance(age)
        made = await comebacks.make(talk)
        assert made.lasts_s == hours * 3600
        left = await house.services.embers.left(b"r:" + find_comeback(key, made.code))
        assert hours * 3600 - 5 < left.total_seconds() <= hours * 3600
    house.clock.advance(timedelta(minutes=31))
    with pytest.raises(ConversationOver):
        await comebacks.make(talk)


async def test_a_number_that_is_too_old_is_gone(house: ChatHouse, comebacks: Comebacks) -> None:
    made = await comebacks.make(await house.waiting())
    name = b"r:" + find_comeback(house.services.comeback_key, made.code)
    assert await house.services.embers.extend(name, timedelta(milliseconds=1))
    await asyncio.sleep(0.05)
    await refused(comebacks, made.code)


async def test_wrong_used_old_and_ended_numbers_get_one_answer_at_one_speed(
    house: ChatHouse, comebacks: Comebacks
) -> None:
    took: dict[str, list[float]] = {"wrong": [], "used": [], "old": [], "ended": []}
    for _ in range(5):
        talks = {kind: await house.waiting() for kind in ("used", "old", "ended")}
        codes = {kind: (await comebacks.make(talk)).code for kind, talk in talks.items()}
        await comebacks.resume(codes["used"], random_id())
        await house.services.embers.delete(b"r:" + find_comeback(house.services.comeback_key, codes["old"]))
        await house.relay.leave(talks["ended"], "end")
        codes["wrong"] = comeback_code()
        each = await asyncio.gather(*(refused(comebacks, codes[kind]) for kind in took))
        for kind, seconds in zip(took, each, strict=True):
            took[kind].append(seconds)
    middles = {kind: median(seconds) for kind, seconds in took.items()}
    assert min(min(seconds) for seconds in took.values()) >= NOT_SOONER_S - 0.005
    assert max(middles.values()) - min(middles.values()) < 0.02, middles


async def test_a_start_page_opened_earlier_does_not_take_the_conversation_back(
    house: ChatHouse, comebacks: Comebacks
) -> None:
    pressed = house.services.start_tokens.make()
    house.clock.advance(timedelta(seconds=4))
    first = from_text(await start_conversation(house.services, pressed, "en"), 32)
    made = await comebacks.make(await house.relay.access.conversation_for_visitor(first))
    token, _ = await comebacks.resume(made.code, random_id())
    with pytest.raises(StartNotGood):
        await start_conversation(house.services, pressed, "en")
    assert await opens(house, token)


async def test_no_store_holds_the_number_or_the_new_token(house: ChatHouse, comebacks: Comebacks) -> None:
    talk = await house.waiting()
    used = await comebacks.make(talk)
    token, talk = await comebacks.resume(used.code, random_id())
    made = await comebacks.make(talk)
    for client in (house.services.durable, house.services.ember_client):
        async for key in client.scan_iter(count=1000):
            dumped = (await client.dump(key) or b"") + key
            for secret in (token, used.code.encode(), made.code.encode(), talk.talk_key):
                assert secret not in dumped, key


async def test_a_store_that_is_away_uses_no_number_up(
    house: ChatHouse, comebacks: Comebacks, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, page = await comebacks.make(await house.waiting()), random_id()
    with monkeypatch.context() as patch:
        patch.setattr(house.relay.talks, "let_in", _away)
        with pytest.raises(ValkeyAway):
            await comebacks.resume(made.code, page)
    token, _ = await comebacks.resume(made.code, page)
    assert await opens(house, token)


async def _away(*_: Any, **__: Any) -> None:
    raise ValkeyAway("no answer")
