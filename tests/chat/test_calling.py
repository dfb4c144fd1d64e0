"""The visitor's own digits for the phone: whoever answers there opens her conversation, wherever it stands by then."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

import chat.routes
from chat.calling import Calling
from chat.conversation import VisitorTalk
from chat.handing import Handing
from chat.pages.calling import BURST
from chat.phone import Phone
from chat.presence import GONE_AFTER_MS
from chat.refusals import ConversationOver, HandsFull, HeldOff, NotThisDesk, TakenBefore
from chat.store import keys
from chat.store.phones import MOST_MISSES, PhoneStore
from i18n.languages import LANGUAGES
from portal.app import build_public
from portal.ids import random_id, to_text
from portal.vault.phone_words import phone_word
from tests.chat.conftest import ChatHouse
from tests.chat.test_ending import traces
from tests.chat.test_handing import NOTE, reads_all, shown_to

pytestmark = pytest.mark.anyio

SAME = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def handing(house: ChatHouse) -> Handing:
    return Handing(house.relay)


@pytest.fixture
def calling(house: ChatHouse, handing: Handing) -> Calling:
    return Calling(house.services, house.relay, handing)


@pytest.fixture
def phone(house: ChatHouse, handing: Handing, calling: Calling) -> Phone:
    return Phone(house.relay, handing, calling)


@pytest.fixture
async def web(house: ChatHouse) -> AsyncIterator[httpx.AsyncClient]:
    app = build_public(house.services, [chat.routes.section(house.services)])
    origin = house.services.settings.public_origin
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=origin) as client:
        yield client


async def kinds(house: ChatHouse, talk: VisitorTalk) -> list[tuple[str, str, str]]:
    return [(each.kind, each.name, each.text) for each in (await house.relay.since(talk, 0)).messages]


async def test_who_waits_is_taken_by_the_one_who_answers_though_her_page_sleeps_behind_the_call(
    house: ChatHouse, calling: Calling, phone: Phone
) -> None:
    before, talk = await house.waiting("I came first"), await house.visitor()
    made = await calling.make(talk)
    assert (len(made.word), made.lasts_s) == (6, 30 * 60)
    house.clock.advance(timedelta(milliseconds=GONE_AFTER_MS + 1))
    await house.relay.visitor_is_here(before)
    robin = house.advocate  # on no shift: she has the caller on the phone

    mine = await phone.use(robin, f" {made.word[:3]} {made.word[3:]}")

    assert (mine.role, mine.id, mine.facts.standing) == ("owner", talk.id, "talking")
    assert (await kinds(house, talk)) == [("joined", "Robin", "")]
    await house.relay.advocate_says(mine, "I have you on the phone", random_id(), 0)
    await house.sweeper.sweep()
    assert (await house.relay.visitor_is_here(talk)).lease_ms, "no half-done take"
    assert (await house.relay.visitor_is_here(before)).place == 1
    with pytest.raises(NotThisDesk):
        await phone.use(robin, made.word)


async def test_who_is_with_an_advocate_is_handed_on_and_that_one_keeps_her_until_all_is_read(
    house: ChatHouse, calling: Calling, phone: Phone
) -> None:
    talk, robin = await house.talking()
    sam = await house.ready(house.another("Sam"))
    reads = await phone.use(sam, (await calling.make(talk)).word)
    assert reads.role == "next"
    (row,) = (await shown_to(house, house.advocate)).mine
    assert row.offer == "reading"
    await house.relay.advocate_says(robin, "hold on", random_id(), 0)
    had = await reads_all(house, Handing(house.relay), sam, talk)
    assert had.role == "owner"
    assert (await kinds(house, talk))[-1] == ("handed", "Sam", ""), "nobody has told Sam anything: no note"
    with pytest.raises(NotThisDesk):
        await house.relay.advocate_says(robin, "too late", random_id(), 0)


async def test_a_note_that_was_offered_goes_along_and_whoever_reads_already_is_first(
    house: ChatHouse, calling: Calling, phone: Phone
) -> None:
    talk, robin = await house.talking()
    handing = Handing(house.relay)
    sam, kim = await house.ready(house.another("Sam")), await house.ready(house.another("Kim"))
    await handing.offer(robin, kim.staff_id, NOTE, random_id(), 0)
    await phone.use(sam, (await calling.make(talk)).word)
    offer = await handing.offers.of(talk.id)
    assert offer is not None
    assert (offer.by, offer.to) == (sam.staff_id, sam.staff_id)
    assert (await handing.offered(sam, talk.id, offer)).note == NOTE
    with pytest.raises(TakenBefore):
        await phone.use(kim, (await calling.make(talk)).word)


async def test_her_own_advocate_is_told_which_of_hers_is_on_the_phone(
    house: ChatHouse, calling: Calling, phone: Phone
) -> None:
    talk, robin = await house.talking()
    word = (await calling.make(talk)).word
    mine = await phone.use(house.advocate, word)
    assert (mine.id, mine.fence, mine.role) == (talk.id, robin.fence, "owner")
    with pytest.raises(NotThisDesk):
        await phone.use(house.advocate, word)


async def test_two_who_hear_them_are_not_both_given_her(house: ChatHouse, calling: Calling, phone: Phone) -> None:
    talk = await house.waiting()
    word = (await calling.make(talk)).word
    sam, kim = house.another("Sam"), house.another("Kim")
    got = await asyncio.gather(phone.use(sam, word), phone.use(kim, word), return_exceptions=True)
    names = sorted(type(each).__name__ for each in got)
    assert names in (["DeskTalk", "NotThisDesk"], ["DeskTalk", "TakenBefore"])
    assert [kind for kind, _, _ in await kinds(house, talk)] == ["words", "joined"]


async def test_who_types_them_while_another_is_just_opening_her_is_told_who_was_first_and_gets_nothing(
    house: ChatHouse, calling: Calling, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = await house.waiting()
    word = (await calling.make(talk)).word
    sam, kim = house.another("Sam"), house.another("Kim")
    told: list[bytes] = []
    spend = PhoneStore.spend

    async def meanwhile(store: PhoneStore, name: bytes) -> None:
        with pytest.raises(TakenBefore) as refused:
            await phone.use(kim, word)
        told.append(refused.value.by)
        await spend(store, name)

    monkeypatch.setattr(PhoneStore, "spend", meanwhile)
    mine = await phone.use(sam, word)
    assert (mine.role, told) == ("owner", [sam.staff_id])
    assert (await shown_to(house, kim)).offers == (), "she is not offered what another has"


async def test_with_no_place_free_they_stay_good(house: ChatHouse, calling: Calling, phone: Phone) -> None:
    held = [await house.waiting() for _ in range(house.services.settings.chat_capacity)]
    robin = await house.ready()
    talks = [await house.relay.take(robin, each.id) for each in held]
    talk = await house.waiting()
    word = (await calling.make(talk)).word
    with pytest.raises(HandsFull):
        await phone.use(robin, word)
    await house.relay.close(talks[0])
    assert (await phone.use(robin, word)).id == talk.id


async def test_hers_and_her_advocates_stand_side_by_side_and_new_ones_of_hers_replace_hers(
    house: ChatHouse, calling: Calling, phone: Phone
) -> None:
    talk, robin = await house.talking()
    sam = await house.ready(house.another("Sam"))
    given = (await phone.make(robin, NOTE, random_id(), 0)).word
    first, second = (await calling.make(talk)).word, (await calling.make(talk)).word
    if first not in (second, given):
        with pytest.raises(NotThisDesk):
            await phone.use(sam, first)
    await house.sweeper.sweep()
    (row,) = (await shown_to(house, house.advocate)).mine
    assert row.offer == "phone"
    assert (await phone.use(sam, given)).role == "next"


async def test_guesses_at_hers_are_stopped_as_guesses_at_any_word(
    house: ChatHouse, calling: Calling, phone: Phone
) -> None:
    word = (await calling.make(await house.waiting())).word
    wrong = next(each for each in iter(phone_word, "") if each != word)
    for _ in range(MOST_MISSES):
        with pytest.raises(NotThisDesk):
            await phone.use(house.advocate, wrong)
    with pytest.raises(NotThisDesk):
        await phone.use(house.advocate, word)


async def test_after_the_end_the_exit_and_while_it_is_stopped_there_are_none(
    house: ChatHouse, calling: Calling, phone: Phone
) -> None:
    ended, stopped = await house.waiting(), await house.waiting()
    words = [(await calling.make(each)).word for each in (ended, stopped)]
    for client in (house.services.durable, house.services.ember_client):
        async for key in client.scan_iter(count=1000):
            kept = key + (await client.dump(key) or b"")
            assert not any(word.encode() in kept for word in words)
    await house.services.durable.hset(keys.state(stopped.id), "off", 1)
    await house.relay.leave(ended, "exit")
    for word in words:
        with pytest.raises(NotThisDesk):
            await phone.use(house.advocate, word)
    with pytest.raises(HeldOff):
        await calling.make(stopped)
    with pytest.raises(ConversationOver):
        await calling.make(ended)
    await house.relay.leave(stopped, "end")
    assert await traces(house, ended) == []


@pytest.mark.parametrize("tag", ["en", "fr", "es", "ar"])
async def test_a_page_with_script_is_told_in_her_language_and_her_digits_open_her_chat(
    house: ChatHouse, phone: Phone, web: httpx.AsyncClient, tag: str
) -> None:
    talk = await house.waiting()
    asked = {"t": to_text(talk.token)}
    told = (await web.post(f"/{tag}/talk/phone", json=asked, headers=SAME)).json()
    assert len(set(told.values())) == len(told) == 6
    assert told["fold"] == house.services.pages.catalogue.phrase(LANGUAGES[tag], "phone.fold")
    made = (await web.post(f"/{tag}/talk/phone", json=asked | {"make": True}, headers=SAME)).json()
    assert made["lasts_s"] == 30 * 60
    assert (await phone.use(house.advocate, made["word"])).id == talk.id


async def test_where_no_phone_answers_nothing_is_offered_and_nothing_is_made(
    house: ChatHouse, web: httpx.AsyncClient
) -> None:
    talk = await house.waiting()
    asked = {"t": to_text(talk.token), "make": True}
    outer = (await web.get(await start_plain(house, web))).text
    assert 'action="/en/talk/phone"' in outer
    async with house.services.database.write() as connection:
        await house.services.opening.change(connection, phone_line="")
    house.services.opening.forget()
    assert (await web.post("/en/talk/phone", json=asked, headers=SAME)).status_code == 409
    posted = await web.post("/en/talk/phone", data={"t": to_text(talk.token)}, headers=SAME)
    assert posted.status_code == 303
    assert "No digits right now" in (await web.get(posted.headers["location"])).text
    outer = (await web.get(await start_plain(house, web))).text
    assert 'action="/en/talk/phone"' not in outer
    assert not [key async for key in house.services.ember_client.scan_iter(match="w*")]


async def start_plain(house: ChatHouse, web: httpx.AsyncClient) -> str:
    """Where a press of Start without script leads."""
    start = house.services.start_tokens.make()
    house.clock.advance(timedelta(seconds=4))
    return (await web.post("/en/talk", data={"start": start}, headers=SAME)).headers["location"]


async def test_a_hand_that_presses_without_end_gets_none(house: ChatHouse, web: httpx.AsyncClient) -> None:
    asked = {"t": to_text((await house.waiting()).token), "make": True}
    got = [(await web.post("/en/talk/phone", json=asked, headers=SAME)).status_code for _ in range(BURST + 1)]
    assert got == [200] * BURST + [409]
