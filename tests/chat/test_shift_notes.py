"""What a shift leaves for the next: sealed, read by those who take chats, gone a day after it was read, or a week."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chat.duty import Duty, OpenedCards
from chat.refusals import NothingSaid
from chat.shift_notes import ShiftNotes
from chat.store.shift_notes import MOST, TooManyNotes
from portal.ids import random_id, to_text
from tests.chat.conftest import ChatHouse

pytestmark = pytest.mark.anyio

WORDS = "Ask the shelter on Elm again at eight."


@pytest.fixture
async def notes(house: ChatHouse) -> ShiftNotes:
    return ShiftNotes(house.services)


async def texts(notes: ShiftNotes, house: ChatHouse) -> list[str]:
    return [each.body.text for each in await notes.left(house.another()) if each.body]


async def test_a_note_is_there_for_the_next_shift_until_a_day_after_it_was_read(
    house: ChatHouse, notes: ShiftNotes
) -> None:
    row, sam = random_id(), house.another()
    await notes.leave(house.advocate, WORDS, row)
    await notes.leave(house.advocate, WORDS, row)
    assert await texts(notes, house) == [WORDS], "pressed twice it is left once"
    assert (await notes.unread(sam), await notes.unread(house.advocate)) == (1, 0)
    house.clock.advance(timedelta(days=3))
    await notes.read(house.advocate, row)
    house.clock.advance(timedelta(days=3))
    assert await texts(notes, house) == [WORDS], "whoever wrote it is not the next shift"

    await notes.read(sam, row)
    assert await notes.unread(sam) == 0
    house.clock.advance(timedelta(hours=23))
    await notes.read(replace(sam, staff_id=random_id()), row)
    assert await texts(notes, house) == [WORDS]
    house.clock.advance(timedelta(hours=2))
    assert await texts(notes, house) == [], "another reader makes it no longer"


async def test_what_nobody_reads_goes_after_a_week(house: ChatHouse, notes: ShiftNotes) -> None:
    await notes.leave(house.advocate, WORDS, random_id())
    house.clock.advance(timedelta(days=7, hours=1))

    assert await texts(notes, house) == []
    assert await notes.unread(house.another()) == 0


async def test_the_store_lets_it_go_by_itself(house: ChatHouse, notes: ShiftNotes) -> None:
    row = random_id()
    await notes.leave(house.advocate, WORDS, row)
    before = await house.services.durable.ttl(b"{desk}:note:" + _text(row))
    await notes.read(house.another(), row)
    after = await house.services.durable.ttl(b"{desk}:note:" + _text(row))

    assert (round(before / 86_400, 2), round(after / 86_400, 2)) == (7, 1)


async def test_no_store_holds_a_word_of_it_and_without_the_key_nobody_reads_it(
    house: ChatHouse, notes: ShiftNotes
) -> None:
    row = random_id()
    await notes.leave(house.advocate, WORDS, row)
    held = await house.services.durable.hgetall(b"{desk}:note:" + _text(row))
    assert set(held) == {b"s", b"r" + house.advocate.staff_id}
    assert not any(word in held[b"s"] for word in (b"shelter", b"Robin"))

    (left,) = await notes.left(replace(house.another(), _keys={}))
    assert left.body is None


async def test_the_desk_says_how_many_she_has_not_read(house: ChatHouse, notes: ShiftNotes) -> None:
    sam = house.another()
    duty = Duty(house.relay, house.services)
    assert (await duty.snapshot(sam, OpenedCards())).notes == 0
    for _ in range(2):
        await notes.leave(house.advocate, WORDS, random_id())
    assert (await duty.snapshot(sam, OpenedCards())).notes == 2
    assert (await duty.snapshot(house.advocate, OpenedCards())).notes == 0


async def test_nothing_is_no_note_and_there_is_a_bound(house: ChatHouse, notes: ShiftNotes) -> None:
    with pytest.raises(NothingSaid):
        await notes.leave(house.advocate, "  \n ", random_id())
    for _ in range(MOST):
        await notes.leave(house.advocate, WORDS, random_id())
    with pytest.raises(TooManyNotes):
        await notes.leave(house.advocate, WORDS, random_id())


def _text(row: bytes) -> bytes:
    return to_text(row).encode()
