"""Holds a chat from a number, and one nobody took, to being one story for staff and to leaving no other trace."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from msgspec.structs import replace as replace_field

from chat.availability import Availability, availability
from chat.behind import may_open_notes, open_name
from chat.card import read_answers, write_answers
from chat.conversation import VisitorTalk
from chat.desk_card import BLANK
from chat.desk_rows import card_for_desk
from chat.relay import Relay
from i18n.languages import ENGLISH
from portal.handover import NoteName, WordsLeft
from portal.ids import from_text, random_key, to_text
from portal.staff.rights import Right
from portal.store.once import insert_once
from portal.vault.conversations import find_visitor, leaving_of, open_card
from portal.vault.errors import SealBroken
from portal.vault.note_names import open_note_name
from tests.support.catalogues import phrases
from tests.support.html import Document
from tests.tips.conftest import TipHouse
from tests.tips.desk import Desk, where
from tests.tips.phone import Phone
from tests.tips.talks import is_taken, leaves_words, opens_a_note, phone, starts
from tests.tips.test_review import lines
from tests.tips.test_telling import newest
from tips import store
from tips.tables import tip_tombstones
from tips.talking import TALKED
from tips.tip import Kind, ReceiptState, Status

pytestmark = pytest.mark.anyio

__all__ = ["phone"]


@pytest.mark.parametrize("with_script", [True, False])
async def test_a_talk_from_a_number_names_the_note_for_staff_alone(phone: Phone, with_script: bool) -> None:
    tip = await opens_a_note(phone)
    assert phrases("chat", "en")["talk.start.seen"][0] in phone.answer.text, "the same door as everybody's"
    seen = str(phone.answer.url)
    talk = await starts(phone, with_script=with_script)
    seen += str(phone.answer.url)
    relay = Relay(phone.house.services)
    held = await is_taken(phone, talk)
    answers = await relay.answers(held)
    name = NoteName(tip, phone.house.clock.now().date())
    assert open_name(held.keys.staff, talk.id, answers.note) == name
    with pytest.raises(SealBroken):
        open_note_name(talk.talk_key, talk.id, from_text(answers.note, 60))
    assert to_text(tip) not in seen
    shown = card_for_desk(answers, BLANK, 0, name, may_open=True)
    assert (shown.wrote, shown.note, shown.day) == (True, to_text(tip), "2026-03-04")
    closed = card_for_desk(answers, BLANK, 0, name)
    assert (closed.wrote, closed.note, closed.day) == (True, "", "")


async def test_who_may_open_no_tips_is_told_that_there_is_a_note_and_no_more(house: TipHouse) -> None:
    assert may_open_notes(house.robin)
    assert not may_open_notes(house.without_keys)
    assert not may_open_notes(replace(house.robin, rights=house.robin.rights - {Right.READ_TIPS}))


async def test_a_talk_that_begins_from_no_note_names_none(phone: Phone) -> None:
    await phone.opens("/en/talk")
    talk = await starts(phone)
    answers = await Relay(phone.house.services).answers(await is_taken(phone, talk))
    assert answers.note == ""
    assert not card_for_desk(answers, BLANK, 0).wrote


async def test_a_note_the_page_made_up_is_no_note(phone: Phone) -> None:
    await phone.opens("/en/talk")
    form = Document(phone.answer.text).form(with_field="start")
    form.fields["note"] = "A" * 43
    phone.house.clock.advance(timedelta(seconds=5))
    answer = await phone.web.post("/en/talk", json=form.fields, headers={"sec-fetch-site": "same-origin"})
    assert answer.status_code == 200


async def test_a_token_of_another_kind_names_no_note(phone: Phone) -> None:
    await phone.files()
    visit = phone.hidden("t")
    talking = phone.house.services.between
    assert await talking.name_of(visit) is None
    assert await phone.house.doors.visit_for_token(await a_talking_token(phone, visit)) is None


async def a_talking_token(phone: Phone, visit: str) -> str:
    opened = await phone.house.doors.visit_for_token(visit)
    assert opened is not None
    return await phone.house.doors.begin_talking(opened)


async def test_who_talked_and_when_stands_at_the_tip_once(phone: Phone, desk: Desk) -> None:
    tip = await opens_a_note(phone)
    held = await is_taken(phone, await starts(phone))
    behind, robin = Relay(phone.house.services).leavings.behind, phone.house.robin
    name = NoteName(tip, phone.house.clock.now().date())
    for _ in range(2):
        await behind.talked(robin, name, held.id)
    await behind.talked(phone.house.without_keys, name, held.id)
    assert [act for act, _, _ in await lines(phone.house)] == ["tip.entry"], "the audit says no more than that"
    entries = (await newest(phone)).entries
    assert [(entry.act, entry.alias, entry.text, entry.said) for entry in entries] == [(TALKED, "Robin", "", {})]
    words = Document((await desk.opens(where(tip))).text).words
    assert "Chats from this note March 4, 2026, with Robin" in words


async def test_words_left_where_nobody_came_belong_to_the_note(phone: Phone, desk: Desk) -> None:
    tip = await opens_a_note(phone)
    await phone.house.review.set_status(phone.house.robin, tip, Status.CLOSED)
    talk = await starts(phone)
    await Relay(phone.house.services).visitor_says(talk, "they came back", random_key()[:16], 0)
    for _ in range(2):  # a second press on a bad line
        await leaves_words(phone, talk, rest="and I hid")
        assert "Your words are in the note you sent before." in phone.answer.text
    read = await phone.house.review.open(phone.house.robin, tip)
    assert [(words.kind, words.from_talk) for words in read.words] == [(Kind.TOLD, False), (Kind.ADDED, True)]
    assert read.words[-1].text == "they came back\nand I hid"
    assert (read.status, read.receipt) == (Status.NEW, ReceiptState.MADE)
    assert await phone.house.shown() == [tip], "one tip, not two"
    words = Document((await desk.opens(where(tip))).text).words
    assert words.index("A van, each day.") < words.index("Said in a chat nobody could take") < words.index("and I hid")


async def test_what_happens_now_calls_somebody_for_the_old_note_too(phone: Phone) -> None:
    tip = await opens_a_note(phone)
    talk = await starts(phone)
    relay = Relay(phone.house.services)
    await relay.visitor_answers(talk, "safe", "now")
    await relay.visitor_says(talk, "now", random_key()[:16], 0)
    await leaves_words(phone, talk)
    assert len(await phone.house.services.alerts.open_matters("tip")) == 1
    assert await phone.house.shown() == [tip]


async def test_words_of_a_talk_whose_note_was_erased_make_a_note_of_their_own(phone: Phone) -> None:
    tip = await opens_a_note(phone)
    talk = await starts(phone)
    await Relay(phone.house.services).visitor_says(talk, "still here", random_key()[:16], 0)
    await phone.house.retention.erase(tip)
    await leaves_words(phone, talk)
    assert len(phone.number) == 25
    (other,) = await phone.house.shown()
    assert other != tip
    assert (await newest(phone)).words[0].text == "still here"


async def test_a_note_erased_under_a_hold_is_as_gone_to_a_talk_as_any(phone: Phone) -> None:
    tip = await opens_a_note(phone)
    note = phone.hidden("note")
    assert await phone.house.services.between.name_of(note) is not None
    async with phone.house.services.database.write() as connection:
        await insert_once(connection, tip_tombstones, tip=tip, day="2026-03-04")
    assert await phone.house.services.between.name_of(note) is None
    left = WordsLeft(ENGLISH, ("more",), "A" * 43, note=note)
    assert len((await phone.web.get(await phone.house.services.leave_note(left))).text) > 0
    async with phone.house.services.database.read() as connection:
        assert len([part for part in await store.read_parts(connection, tip) if part.kind == store.WORDS]) == 1


async def test_a_missed_chats_note_can_be_talked_from_again(phone: Phone) -> None:
    await phone.opens("/en/talk")
    talk = await starts(phone)
    await Relay(phone.house.services).visitor_says(talk, "first try", random_key()[:16], 0)
    await leaves_words(phone, talk)
    await phone.comes_back(phone.number)
    (tip,) = await phone.house.shown()
    await phone.posts("/en/note/back/more", {"t": phone.hidden("t"), "do": "talk"})
    again = await starts(phone)
    await Relay(phone.house.services).visitor_says(again, "second try", random_key()[:16], 0)
    phone.house.clock.advance(timedelta(minutes=6))
    await leaves_words(phone, again)
    assert [words.text for words in (await newest(phone)).words] == ["first try", "second try"]
    assert await phone.house.shown() == [tip]


async def test_leaving_the_talk_leaves_nothing_that_opens_the_note(phone: Phone) -> None:
    tip = await opens_a_note(phone)
    note = phone.hidden("note")
    visit = await phone.house.doors.talking_for_token(note)
    assert visit is not None
    token = await phone.house.doors.begin_visit(visit)
    talk = await starts(phone)
    behind = Relay(phone.house.services).leavings.behind
    assert await behind.of(talk.token) == note
    await phone.web.post(
        "/leave", data={"t": to_text(talk.token), "l": "en"}, headers={"sec-fetch-site": "same-origin"}
    )
    assert await behind.of(talk.token) == ""
    assert await phone.house.doors.visit_for_token(token) is None
    assert await phone.house.doors.talking_for_token(note) is None
    assert await phone.house.shown() == [tip]


async def test_leaving_before_start_does_the_same(phone: Phone) -> None:
    await opens_a_note(phone)
    note = phone.hidden("note")
    exits = re.findall(r'name="t" value="([^"]+)"', phone.answer.text.partition("<main")[0])
    assert note in exits
    await phone.web.post("/leave", data={"t": exits[0], "l": "en"}, headers={"sec-fetch-site": "same-origin"})
    assert await phone.house.doors.talking_for_token(note) is None


async def test_a_closed_chat_takes_the_note_along_to_the_page_that_says_so(phone: Phone) -> None:
    async def is_closed(tag: str) -> object:
        found: Availability = await availability(phone.house.services)(tag)
        return replace(found, state="closed")

    phone.house.services.availability = is_closed
    tip = await opens_a_note(phone)
    assert "/talk/closed/" in str(phone.answer.url)
    form = Document(phone.answer.text).form(with_field="start")
    phone.house.clock.advance(timedelta(seconds=5))
    await phone.posts("/en/talk/closed", {**form.fields, "words": "nobody is here", "do": "note"})
    read = await phone.house.review.open(phone.house.robin, tip)
    assert [words.text for words in read.words] == ["A van, each day.", "nobody is here"]


async def test_one_note_cannot_begin_talks_without_end(phone: Phone) -> None:
    await phone.files()
    await phone.comes_back(phone.number)
    token = phone.hidden("t")
    for _ in range(40):
        await phone.posts("/en/note/back/more", {"t": token, "do": "talk"})
    assert phrases("tips", "en")["thread.talk_away"][0] in phone.answer.text


async def test_who_came_back_on_another_page_carries_no_note(phone: Phone) -> None:
    await opens_a_note(phone)
    talk = await starts(phone)
    behind = Relay(phone.house.services).leavings.behind
    assert await behind.of(talk.token)
    assert await behind.of(random_key()) == "", "another page's token finds nothing"


async def test_a_power_cut_takes_the_name_and_nothing_else(phone: Phone) -> None:
    await opens_a_note(phone)
    talk = await starts(phone)
    sealed = await Relay(phone.house.services).talks.sealed(talk.id)
    assert sealed is not None
    answers = read_answers(open_card(talk.talk_key, talk.id, sealed.card))
    assert open_name(random_key(), talk.id, answers.note) is None
    older = write_answers(replace_field(answers, note=""))
    assert read_answers(older).note == "", "a house that knows no note keeps the rest of the card"


async def test_the_disk_tells_no_talk_from_a_note_from_another(phone: Phone) -> None:
    await phone.opens("/en/talk")
    plain = await starts(phone)
    tip = await opens_a_note(phone)
    talk = await starts(phone)
    client = phone.house.services.durable

    async def looks(of: VisitorTalk) -> list[tuple[object, int]]:
        names = sorted([key async for key in client.scan_iter(match=b"*" + of.id + b"*")])
        found: list[tuple[object, int]] = []
        for name in names:
            if await client.type(name) == b"hash":
                found += [(field, len(value)) for field, value in sorted((await client.hgetall(name)).items())]
        return found

    assert await looks(plain) == await looks(talk)
    assert find_visitor(plain.token) != find_visitor(talk.token)
    async with phone.house.services.database.read() as connection:
        kept = await store.read_parts(connection, tip)
    assert store.DESK not in {part.kind for part in kept}, "a talk that nobody took is written nowhere"
    assert leaving_of(plain.token) != leaving_of(talk.token)
