"""Words between a visitor and an advocate: kept once, in order, for these two only."""

from __future__ import annotations

import asyncio

import pytest

from chat.refusals import (
    ConversationOver,
    HandsFull,
    NothingSaid,
    NotReady,
    NotThisDesk,
    PageNotSeen,
    TakenBefore,
    TooMuchSaid,
)
from chat.relay import Relay
from chat.store import keys
from portal.errors import NotThere
from portal.ids import random_id, random_key
from portal.services import Services
from portal.store.channels import Gap, Heard
from tests.chat.conftest import ChatHouse

pytestmark = pytest.mark.anyio


async def test_an_answer_taken_back_is_told_to_every_desk_at_once(house: ChatHouse) -> None:
    talk = await house.waiting("hello")
    await house.relay.visitor_answers(talk, "about", "self")
    async with house.services.channels.listen(keys.QUEUE_CHANNEL) as desks:
        assert isinstance(await asyncio.wait_for(desks.next(), 5), Gap)
        await house.relay.visitor_answers(talk, "about", "")
        assert isinstance(await asyncio.wait_for(desks.next(), 5), Heard)


async def test_what_a_visitor_says_waits_for_the_advocate_who_takes_her(house: ChatHouse) -> None:
    talk = await house.waiting("is somebody there")
    desk = await house.relay.take(await house.ready(), talk.id)
    seen = await house.relay.since(desk, 0)
    assert [(each.seq, each.author, each.kind, each.text) for each in seen.messages] == [
        (1, "visitor", "words", "is somebody there"),
        (2, "advocate", "joined", ""),
    ]


async def test_both_sides_read_the_same_words_in_the_same_order(house: ChatHouse) -> None:
    talk, desk = await house.talking()
    for number in range(5):
        await house.relay.visitor_says(talk, f"v{number}", random_id(), 0)
        await house.relay.advocate_says(desk, f"a{number}", random_id(), 0)
    hers = [(each.seq, each.text, each.name) for each in (await house.relay.since(talk, 2)).messages]
    ours = [(each.seq, each.text, each.name) for each in (await house.relay.since(desk, 2)).messages]
    assert hers == ours
    assert hers[:2] == [(3, "v0", ""), (4, "a0", "Robin")]
    assert [seq for seq, _, _ in hers] == list(range(3, 13))


async def test_the_same_key_is_the_same_message_however_often_it_is_sent(house: ChatHouse) -> None:
    talk, desk = await house.talking()
    key = random_id()
    numbers = await asyncio.gather(*(house.relay.visitor_says(talk, "once", key, 0) for _ in range(20)))
    assert set(numbers) == {3}
    key = random_id()
    numbers = await asyncio.gather(*(house.relay.advocate_says(desk, "once", key, 0) for _ in range(20)))
    assert set(numbers) == {4}
    assert len((await house.relay.since(talk, 0)).messages) == 4


async def test_of_fifty_who_take_at_once_one_wins_and_the_others_learn_who(
    house: ChatHouse, second_process: Services
) -> None:
    talk = await house.waiting()
    relays = [house.relay, Relay(second_process)]
    takers = [await house.ready(house.another(f"A{number}")) for number in range(50)]
    results = await asyncio.gather(
        *(relays[number % 2].take(taker, talk.id) for number, taker in enumerate(takers)), return_exceptions=True
    )
    winners = [index for index, result in enumerate(results) if not isinstance(result, BaseException)]
    assert len(winners) == 1
    refused = [result for result in results if isinstance(result, TakenBefore)]
    assert len(refused) == 49
    assert {each.by for each in refused} == {takers[winners[0]].staff_id}
    facts = await house.relay.talks.facts(talk.id)
    assert facts is not None
    assert facts.owner == takers[winners[0]].staff_id


async def test_one_advocate_who_takes_many_at_once_gets_no_more_than_her_places(
    house: ChatHouse, second_process: Services
) -> None:
    talks = [await house.waiting() for _ in range(8)]
    relays = [house.relay, Relay(second_process)]
    taker = await house.ready()
    results = await asyncio.gather(
        *(relays[number % 2].take(taker, talk.id) for number, talk in enumerate(talks)), return_exceptions=True
    )
    assert sum(not isinstance(result, BaseException) for result in results) == house.services.settings.chat_capacity
    assert sum(isinstance(result, HandsFull) for result in results) == 8 - house.services.settings.chat_capacity


async def test_a_take_asked_again_is_the_same_take(house: ChatHouse) -> None:
    talk = await house.waiting()
    signed = await house.ready()
    first, again = await house.relay.take(signed, talk.id), await house.relay.take(signed, talk.id)
    assert first.fence == again.fence
    assert [each.kind for each in (await house.relay.since(first, 0)).messages] == ["words", "joined"]


async def test_an_advocate_who_is_not_ready_takes_nobody(house: ChatHouse) -> None:
    talk = await house.waiting()
    with pytest.raises(NotReady):
        await house.relay.take(house.advocate, talk.id)


async def test_a_conversation_in_which_nothing_was_said_is_not_offered(house: ChatHouse) -> None:
    talk = await house.visitor()
    with pytest.raises(NotThisDesk):
        await house.relay.take(await house.ready(), talk.id)


async def test_an_answer_is_as_good_as_a_word_to_be_offered(house: ChatHouse) -> None:
    talk = await house.visitor()
    assert await house.relay.visitor_answers(talk, "about", "self") == "self"
    assert (await house.relay.take(await house.ready(), talk.id)).id == talk.id


async def test_a_page_that_was_not_seen_for_a_while_is_not_offered_and_keeps_its_place(house: ChatHouse) -> None:
    from datetime import timedelta

    talk = await house.waiting()
    later = await house.waiting()
    house.clock.advance(timedelta(seconds=46))
    await house.relay.visitor_is_here(later)
    with pytest.raises(PageNotSeen):
        await house.relay.take(await house.ready(), talk.id)
    await house.sweeper.sweep()
    with pytest.raises(PageNotSeen):
        await house.relay.take(await house.ready(), talk.id)
    assert (await house.relay.visitor_is_here(talk)).place == 1
    assert (await house.relay.visitor_is_here(later)).place == 2


async def test_urgent_answers_come_first_and_no_answer_pushes_back(house: ChatHouse) -> None:
    first, second = await house.waiting(), await house.waiting()
    await house.relay.visitor_answers(second, "safe", "no")
    assert (await house.relay.visitor_is_here(second)).place == 1
    assert (await house.relay.visitor_is_here(first)).place == 2
    await house.relay.visitor_answers(second, "safe", "yes")
    assert (await house.relay.visitor_is_here(second)).place == 1


async def test_two_answers_at_once_are_both_kept(house: ChatHouse, second_process: Services) -> None:
    talk = await house.visitor("ar")
    other = Relay(second_process)
    await asyncio.gather(
        house.relay.visitor_answers(talk, "about", "other"),
        other.visitor_answers(talk, "phone", "cannot"),
        house.relay.visitor_answers(talk, "name", "  <b>Noor</b>  "),
    )
    kept = await house.relay.answers(talk)
    assert (kept.language, kept.get("about"), kept.get("phone"), kept.get("name")) == ("ar", "other", "cannot", "Noor")


async def test_an_old_owners_fence_is_refused_whatever_she_tries(house: ChatHouse) -> None:
    from datetime import timedelta

    talk, old = await house.talking()
    await house.relay.visitor_says(talk, "before", random_id(), 0)
    for _ in range(7):
        house.clock.advance(timedelta(seconds=14))
        await house.relay.visitor_is_here(talk)
    await house.sweeper.sweep()
    new = await house.relay.take(await house.ready(house.another()), talk.id)
    assert new.fence > old.fence
    for act in (
        house.relay.advocate_says(old, "late", random_id(), 0),
        house.relay.note(old, "late", random_id(), 0),
        house.relay.close(old),
    ):
        with pytest.raises(NotThisDesk):
            await act
    with pytest.raises(NotThisDesk):
        await house.relay.access.conversation_for_advocate(house.advocate, talk.id)
    await house.sweeper.sweep()  # the refused closing left no wish behind
    assert await house.relay.advocate_says(new, "I am here now", random_id(), 0)


async def test_a_note_has_no_road_to_the_visitor(house: ChatHouse) -> None:
    talk, desk = await house.talking()
    before = (await house.relay.since(talk, 0)).last
    async with house.services.channels.listen(keys.talk_channel(talk.id)) as hers:
        await hers.next()
        await house.relay.note(desk, "CANARY-NOTE", random_id(), 0)
        await house.relay.advocate_says(desk, "for her", random_id(), 0)
        heard = await hers.next()
    assert heard.payload.startswith(b"m")  # type: ignore[union-attr]
    words = await house.relay.since(talk, before)
    assert [each.text for each in words.messages] == ["for her"]
    assert [each.text for each in (await house.relay.notes_since(desk, 0)).messages] == ["CANARY-NOTE"]
    rows = await house.relay.talks.notes_since(talk.id, 0)
    from portal.vault.conversations import open_message, open_note
    from portal.vault.errors import SealBroken

    (_, entry), *_ = rows
    for opener in (open_message, open_note):
        with pytest.raises(SealBroken):
            opener(talk.talk_key, entry.head(talk.id), entry.body)


async def test_a_closed_conversation_takes_no_more_messages(house: ChatHouse) -> None:
    talk, desk = await house.talking()
    key = random_id()
    seq = await house.relay.visitor_says(talk, "kept", key, 0)
    await house.relay.close(desk)
    with pytest.raises(ConversationOver):
        await house.relay.visitor_says(talk, "late", random_id(), 0)
    with pytest.raises(ConversationOver):
        await house.relay.advocate_says(desk, "late", random_id(), 0)
    assert await house.relay.visitor_says(talk, "kept", key, 0) == seq  # only its answer had been lost


async def test_blanks_and_floods_of_letters_are_no_message(house: ChatHouse) -> None:
    talk = await house.visitor()
    with pytest.raises(NothingSaid):
        await house.relay.visitor_says(talk, " \n\t ", random_id(), 0)
    with pytest.raises(TooMuchSaid):
        await house.relay.visitor_says(talk, "x" * 4_001, random_id(), 0)
    assert await house.relay.visitor_says(talk, "\N{GRINNING FACE}" * 4_000, random_id(), 0) == 1


async def test_pasted_markup_arrives_as_plain_words(house: ChatHouse) -> None:
    talk = await house.visitor()
    await house.relay.visitor_says(talk, "<p onclick=x>call <b>me</b></p> 1 < 2", random_id(), 0)
    assert [each.text for each in (await house.relay.since(talk, 0)).messages] == ["call me 1 < 2"]


async def test_not_yours_and_not_there_answer_alike(house: ChatHouse) -> None:
    talk, _ = await house.talking()
    answers = []
    for signed, conversation in ((house.another(), talk.id), (house.advocate, random_id())):
        with pytest.raises(NotThisDesk) as caught:
            await house.relay.access.conversation_for_advocate(signed, conversation)
        answers.append((type(caught.value), str(caught.value), caught.value.phrase, caught.value.status))
    assert answers[0] == answers[1]
    with pytest.raises(NotThere):
        await house.relay.access.conversation_for_visitor(random_key())


async def test_an_advocate_without_the_key_reads_nothing(house: ChatHouse) -> None:
    from dataclasses import replace

    talk = await house.waiting()
    keyless = await house.ready(replace(house.advocate, _keys={}))
    with pytest.raises(NotThisDesk):
        await house.relay.take(keyless, talk.id)
