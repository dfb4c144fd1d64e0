"""In a surge half of the takes are drawn by lot, one lot for a heap: a person is found among thousands of scripts."""

from __future__ import annotations

import random
import secrets
from datetime import timedelta

import pytest

from chat.duty import Duty, OpenedCards
from chat.likeness import heaps_of
from chat.presence import GONE_AFTER_MS
from chat.queue import Tier, rank
from chat.refusals import OlderWaits
from chat.store import keys
from chat.surge import FEWEST, draw, is_surge
from portal.ids import random_id, to_text
from portal.staff.sessions.session import Signed
from tests.chat.conftest import ChatHouse
from tests.chat.test_ending import traces
from tests.support.scripted import scripted_line, takes_within

pytestmark = pytest.mark.anyio


async def flood(house: ChatHouse, many: int, *, tier: Tier = Tier.ORDINARY, seed: int = 1) -> list[bytes]:
    """So many rows of scripts in the queue, each with the line it said; nothing else of them is needed here."""
    chance = random.Random(seed)
    desk, names = house.relay.desk, []
    for number in range(many):
        names.append(random_id())
        now_ms = house.relay.now_ms()
        await desk.arrive(names[-1], now_ms)
        if await desk.offer(names[-1], rank(tier, now_ms - 10**6 + number), now_ms) == 2:
            await house.relay.heaps.said(names[-1], scripted_line(number, chance))
    return names


async def first_row(house: ChatHouse) -> tuple[bytes, bool]:
    """Who is next, and whether by lot; as every desk is shown it."""
    look = await house.relay.desk.surge.look(house.relay.now_ms())
    (row, *_) = await house.relay.desk.surge.shown(look, 1, house.relay.now_ms())
    return row.conversation, row.is_drawn


async def takes(house: ChatHouse, signed: Signed, conversation: bytes, why: str = "") -> bool:
    taken = await house.relay.desk.take(
        conversation,
        signed.staff_id,
        capacity=10**6,
        now_ms=house.relay.now_ms(),
        why=why,  # type: ignore[arg-type]
    )
    return taken.passed_over


@pytest.mark.parametrize("ready", [0, 1, 5, 6])
async def test_the_scripts_call_it_a_surge_where_the_rule_does(house: ChatHouse, ready: int) -> None:
    for _ in range(ready):
        await house.ready(house.another())
    for waiting in range(1, FEWEST + 15):
        await flood(house, 1, seed=waiting)
        look = await house.relay.desk.surge.look(house.relay.now_ms())
        assert look.is_surge == is_surge(waiting, ready)
        assert (look.turn is not None) == look.is_surge


async def test_below_a_surge_nothing_is_marked_drawn_or_told(house: ChatHouse) -> None:
    talks = [await house.waiting("hello, my boss took my passport") for _ in range(3)]
    snapshot = await Duty(house.relay, house.services).snapshot(await house.ready(), OpenedCards())
    assert not snapshot.surge
    assert [(row.conversation, row.heap, row.like, row.lot) for row in snapshot.waiting] == [
        (to_text(talk.id), 0, 0, False) for talk in talks
    ]
    assert await house.services.durable.exists(keys.HEAPS, keys.LOTTERY) == 0
    assert await house.services.ember_client.exists(keys.LIKENESS) == 0


async def test_takes_turn_about_and_whoever_is_not_next_is_taken_for_a_reason_only(house: ChatHouse) -> None:
    rows = await flood(house, 60)
    signed = await house.ready()
    turns = []
    for _ in range(12):
        conversation, is_drawn = await first_row(house)
        turns.append(is_drawn)
        waiting = [each for each in rows if each != conversation]
        assert (conversation == rows[0]) or is_drawn
        with pytest.raises(OlderWaits):
            await takes(house, signed, waiting[len(waiting) // 2])
        # For a reason anybody is taken, and it is not the draw's loss: whoever was drawn still is.
        assert await takes(house, signed, waiting[-1], "language")
        assert await first_row(house) == (conversation, is_drawn)
        assert not await takes(house, signed, conversation)
        rows = [each for each in rows if each not in (conversation, waiting[-1])]
    assert turns == [False, True] * 6


async def test_a_take_that_comes_before_anybody_was_drawn_waits_for_the_draw(
    house: ChatHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = await flood(house, 40)
    signed = await house.ready()
    await takes(house, signed, rows.pop(0))
    monkeypatch.setattr(secrets, "randbelow", lambda many: many - 1)
    drawn = draw(await house.relay.desk.surge.rows(house.relay.now_ms()), "lot", secrets.randbelow)
    assert drawn not in (None, rows[0])
    assert not await takes(house, signed, drawn or b"")


async def test_one_whose_page_fell_asleep_after_the_draw_is_drawn_for_again(house: ChatHouse) -> None:
    rows = await flood(house, 60)
    signed = await house.ready()
    await takes(house, signed, rows.pop(0))
    drawn, is_drawn = await first_row(house)
    assert is_drawn
    house.clock.advance(timedelta(milliseconds=GONE_AFTER_MS + 1))
    await house.ready()
    for number, each in enumerate(rows):
        if each != drawn:
            await house.relay.desk.seen(each, rank(Tier.ORDINARY, number), house.relay.now_ms(), is_alive=True)
    again, is_drawn = await first_row(house)
    assert is_drawn
    assert again != drawn
    assert not await takes(house, signed, again)


async def test_a_few_in_danger_come_first_oldest_first_whatever_stands_behind_them(house: ChatHouse) -> None:
    await flood(house, 60)
    urgent = await flood(house, 3, tier=Tier.URGENT)
    signed = await house.ready()
    for each in urgent:
        assert await first_row(house) == (each, False)
        assert not await takes(house, signed, each)


async def test_a_flood_that_says_danger_does_not_shut_out_the_others(
    house: ChatHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "randbelow", random.Random(5).randrange)
    await flood(house, 60, tier=Tier.URGENT)
    person = await house.waiting("I came with my sister and she is not allowed to speak to anybody")
    signed = await house.ready()
    for number in range(200):
        conversation, _ = await first_row(house)
        if conversation == person.id:
            assert number % 4 == 3
            return
        await takes(house, signed, conversation)
        await flood(house, 1, tier=Tier.URGENT, seed=number)
    raise AssertionError("a person who did not say danger was never drawn")


async def test_the_desk_reads_a_heap_as_its_first_few_rows_and_a_number(house: ChatHouse) -> None:
    await flood(house, FEWEST + 1)
    for number in range(9):
        await house.waiting(f"I am {number} and my boss has my passport")
    own = await house.waiting("I came with my sister and she is not allowed to speak to anybody")
    snapshot = await Duty(house.relay, house.services).snapshot(await house.ready(), OpenedCards())
    assert snapshot.surge
    assert snapshot.total == FEWEST + 11
    alike = [row for row in snapshot.waiting if row.heap]
    assert [(row.heap, row.like) for row in alike] == [(alike[0].heap, 8)] * 5
    (alone,) = [row for row in snapshot.waiting if row.conversation == to_text(own.id)]
    assert (alone.heap, alone.like) == (0, 0)


async def test_a_greeting_in_a_heap_leaves_it_by_words_of_her_own(house: ChatHouse) -> None:
    await flood(house, FEWEST + 1)
    greeted = [await house.waiting("hello") for _ in range(4)]
    rows = {row.conversation: row.mark for row in await house.relay.desk.surge.rows(house.relay.now_ms())}
    assert len(set(heaps_of([rows[talk.id] for talk in greeted]))) == 1
    for words in ("I am in a house and they took my phone, this is a tablet", "hello?"):
        await house.relay.visitor_says(greeted[-1], words, random_id(), 0)
    rows = {row.conversation: row.mark for row in await house.relay.desk.surge.rows(house.relay.now_ms())}
    assert heaps_of([rows[talk.id] for talk in greeted]) == [0, 0, 0, 3]


async def test_nothing_of_a_surge_outlives_it_and_no_mark_its_conversation(house: ChatHouse) -> None:
    rows = await flood(house, FEWEST + 1)
    talk = await house.waiting("I came with my sister and she is not allowed to speak")
    assert await house.services.durable.hget(keys.HEAPS, talk.id)
    assert 0 < await house.services.durable.pttl(keys.HEAPS) <= 3_600_000
    await house.relay.leave(talk, "end")
    assert await traces(house, talk) == []
    other = await house.waiting("they count the money every night and hit us")
    signed = await house.ready()
    await takes(house, signed, other.id, "language")
    assert not await house.services.durable.hexists(keys.HEAPS, other.id)
    for each in rows[:2]:
        await takes(house, signed, each, "other")
    assert not (await house.relay.desk.surge.look(house.relay.now_ms())).is_surge
    assert await house.services.durable.exists(keys.HEAPS, keys.LOTTERY) == 0


async def test_a_person_among_scripts_is_taken_within_the_number_that_was_derived(
    house: ChatHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The short form of `tests/chat/test_ten_thousand_wait.py`."""
    monkeypatch.setattr(secrets, "randbelow", random.Random(11).randrange)
    await flood(house, 300)
    person = await house.waiting("I came with my sister and she is not allowed to speak to anybody")
    signed = await house.ready()
    lots = len(set(heaps_of([row.mark for row in await house.relay.desk.surge.rows(house.relay.now_ms())])))
    within = takes_within(0.95, lots=lots, ahead=300)
    assert within < 300
    for _ in range(within):
        conversation, _ = await first_row(house)
        assert not await takes(house, signed, conversation)
        if conversation == person.id:
            return
    raise AssertionError(f"not taken within {within} takes among {lots} lots")
