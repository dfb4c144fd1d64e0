"""A short word leads from a chat to the phone: said there once, it hands the conversation to whoever answers."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from chat.calling import Calling
from chat.conversation import DeskTalk, VisitorTalk
from chat.handing import Handing
from chat.phone import Phone
from chat.presence import LEASE_MS
from chat.refusals import NothingSaid, NotThisDesk
from chat.store.phones import MOST_MISSES
from portal.ids import random_id
from portal.staff.sessions.session import Signed
from portal.vault.phone_words import phone_word, read_phone_word
from tests.chat.conftest import ChatHouse
from tests.chat.test_ending import traces
from tests.chat.test_handing import NOTE, reads_all, shown_to

pytestmark = pytest.mark.anyio


@pytest.fixture
def phone(house: ChatHouse) -> Phone:
    handing = Handing(house.relay)
    return Phone(house.relay, handing, Calling(house.services, house.relay, handing))


async def worded(house: ChatHouse, phone: Phone) -> tuple[VisitorTalk, DeskTalk, Signed, str]:
    """A conversation, its advocate, a colleague, and a word for the phone."""
    talk, robin = await house.talking()
    sam = await house.ready(house.another("Sam"))
    made = await phone.make(robin, NOTE, random_id(), 0)
    assert made.lasts_s == 30 * 60
    return talk, robin, sam, made.word


async def test_whoever_hears_the_word_reads_all_of_it_and_holds_it_then(house: ChatHouse, phone: Phone) -> None:
    talk, robin, sam, word = await worded(house, phone)
    assert (await shown_to(house, sam)).offers == (), "nobody is shown it before the word is said"
    (mine,) = (await shown_to(house, house.advocate)).mine
    assert (mine.offer, mine.to) == ("phone", "")

    reading = await phone.use(sam, f" {word[:3]}-{word[3:]} ")

    assert reading.role == "next"
    await house.relay.advocate_says(robin, "call 555-0142", random_id(), 0)
    had = await reads_all(house, Handing(house.relay), sam, talk)
    assert had.role == "owner"
    assert [each.kind for each in (await house.relay.since(had, 0)).messages][-1] == "handed"
    assert NOTE in [each.text for each in (await house.relay.notes_since(had, 0)).messages]


async def test_a_word_works_once_whoever_says_it(house: ChatHouse, phone: Phone) -> None:
    talk, _, sam, word = await worded(house, phone)
    kim = await house.ready(house.another("Kim"))
    got = await asyncio.gather(phone.use(sam, word), phone.use(kim, word), return_exceptions=True)
    assert sorted(type(each).__name__ for each in got) == ["DeskTalk", "NotThisDesk"]
    with pytest.raises(NotThisDesk):
        await phone.use(await house.ready(house.another("Lee")), word)
    await house.sweeper.sweep()
    assert talk.id in await Handing(house.relay).offers.all(), "spent, it is hers who said it"


async def test_a_new_word_takes_the_place_of_the_old_one_and_keeping_it_here_ends_it(
    house: ChatHouse, phone: Phone
) -> None:
    _, robin, sam, first = await worded(house, phone)
    second = (await phone.make(robin, NOTE, random_id(), 0)).word
    if first != second:
        with pytest.raises(NotThisDesk):
            await phone.use(sam, first)
    with pytest.raises(NotThisDesk):
        await phone.use(house.advocate, second)  # her own, and it stays good
    await Handing(house.relay).withdraw(robin)
    with pytest.raises(NotThisDesk):
        await phone.use(sam, second)


async def test_after_its_time_it_opens_nothing_and_is_offered_no_more(
    house: ChatHouse, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chat.phone.LASTS", timedelta(milliseconds=1))
    talk, robin = await house.talking()
    sam = await house.ready(house.another("Sam"))
    word = (await phone.make(robin, NOTE, random_id(), 0)).word
    await asyncio.sleep(0.02)
    with pytest.raises(NotThisDesk):
        await phone.use(sam, word)
    await house.sweeper.sweep()
    assert await Handing(house.relay).offers.all() == {}
    await house.relay.advocate_says(robin, "still here", random_id(), 0)
    assert (await house.relay.visitor_is_here(talk)).lease_ms


async def test_a_lease_that_ended_makes_it_void(house: ChatHouse, phone: Phone) -> None:
    talk, _, sam, word = await worded(house, phone)
    house.clock.advance(timedelta(milliseconds=LEASE_MS + 1))
    await house.relay.visitor_is_here(talk)
    await house.sweeper.sweep()
    with pytest.raises(NotThisDesk):
        await phone.use(sam, word)
    assert (await house.relay.visitor_is_here(talk)).place == 1


async def test_the_stores_hold_no_word_and_nothing_of_it_is_left_after_the_end(house: ChatHouse, phone: Phone) -> None:
    talk, _, _, word = await worded(house, phone)
    for client in (house.services.durable, house.services.ember_client):
        async for key in client.scan_iter(count=1000):
            assert word.encode() not in key + (await client.dump(key) or b"")
    await house.relay.leave(talk, "end")
    house.clock.advance(timedelta(minutes=31))
    await house.sweeper.sweep()
    assert await traces(house, talk) == []


async def test_guessing_is_stopped_for_a_while_and_a_slip_is_no_guess(house: ChatHouse, phone: Phone) -> None:
    _, _, sam, word = await worded(house, phone)
    slip = f"{(int(word) + 1) % 10**6:06d}"
    assert read_phone_word(slip) is None
    for _ in range(MOST_MISSES):
        with pytest.raises(NotThisDesk):
            await phone.use(sam, slip)
    wrong = next(each for each in iter(phone_word, "") if each != word)
    for _ in range(MOST_MISSES):
        with pytest.raises(NotThisDesk):
            await phone.use(sam, wrong)
    with pytest.raises(NotThisDesk):
        await phone.use(sam, word)
    kim = await house.ready(house.another("Kim"))
    assert (await phone.use(kim, word)).staff_id == kim.staff_id


async def test_without_a_note_there_is_no_word(house: ChatHouse, phone: Phone) -> None:
    talk, robin = await house.talking()
    with pytest.raises(NothingSaid):
        await phone.make(robin, "  ", random_id(), 0)
    assert not await house.relay.phones.is_out(talk.id)
