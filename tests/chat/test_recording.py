"""The record of a conversation: what fills itself, what goes in when nobody finishes it, and that it delays nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chat.conversation import DeskTalk, VisitorTalk
from chat.hands import Hands
from chat.practice import Practice
from chat.protocol.advocate import EndDanger
from chat.recording import HerOwnWords, Recording
from chat.refusals import NotThisDesk
from portal.ids import random_id, to_text
from portal.records.contact import ContactRecord
from portal.records.contact_shapes import Row
from portal.store.database import DatabaseAway
from tests.chat.conftest import ChatHouse

pytestmark = pytest.mark.anyio

SAID = {"type": ("information",), "who": ("self",), "case": ("none",)}


async def book(house: ChatHouse) -> list[Row]:
    return list((await house.services.contacts.read(house.advocate)).rows)


async def records(house: ChatHouse) -> list[ContactRecord]:
    return [row.record for row in await book(house) if row.record]


async def ended(house: ChatHouse) -> tuple[VisitorTalk, DeskTalk]:
    """A conversation of twelve minutes that its visitor left by the exit."""
    talk, _ = await house.talking()
    house.clock.advance(timedelta(minutes=12))
    await house.relay.leave(talk, "exit")
    return talk, await house.relay.access.conversation_for_advocate(house.advocate, talk.id)


async def wraps_up(house: ChatHouse) -> None:
    house.clock.advance(timedelta(minutes=31))
    await house.sweeper.sweep()


async def test_what_can_be_known_fills_itself_and_her_card_chooses_what_it_says(house: ChatHouse) -> None:
    talk, desk = await house.talking()
    hands, recording = Hands(house.relay), Recording(house.relay)
    await house.relay.visitor_answers(talk, "about", "other")
    await house.relay.visitor_answers(talk, "region", "Ontario")
    await hands.ask(desk, "young", random_id(), 0)
    asked = await hands.ask(desk, "age", random_id(), 0)
    await hands.tap(talk, asked, "under16", random_id(), asked)
    await house.relay.marking.danger(desk, "child", "", random_id(), 0, house.relay.now_ms())
    said = EndDanger(key=to_text(random_id()), conversation=to_text(desk.id), outcome="impossible")
    await house.relay.marking.end_danger(desk, said, house.services.entries, random_id(), 0)
    with pytest.raises(NotThisDesk):
        await recording.offered(desk, str.lower)  # it is not over
    house.clock.advance(timedelta(minutes=12))
    await house.relay.close(desk)
    record = await recording.offered(desk, lambda typed: {"Ontario": "ca-on"}[typed])
    assert (record.channel, record.language, record.how, record.minutes, record.by) == (
        "chat",
        "en",
        "closed",
        12,
        "Robin",
    )
    assert (record.cards, record.reports) == (("young", "age"), ("child.impossible",))
    assert record.said == {
        "who": ("known",),
        "region": ("ca-on",),
        "age": ("under16",),
        "type": ("crisis",),
        "report": ("impossible",),
    }


async def test_a_finished_record_goes_into_the_book_once_and_the_desk_sees_that_it_did(house: ChatHouse) -> None:
    _, desk = await ended(house)
    recording = Recording(house.relay)
    await recording.begin(desk)
    await recording.draft(desk, {"type": ("crisis",)}, "")
    await recording.save(desk, SAID, "Asked where a bed is.")
    assert (await house.relay.marking.card(desk)).recorded
    # A slip of a key is written over while the words still stand here.
    await recording.save(desk, {**SAID, "case": ("possible",)}, "Asked where a bed is.")
    await recording.draft(desk, {"type": ("tip",)}, "")  # a late one of another page changes nothing
    await wraps_up(house)
    (row,) = await book(house)
    assert row.record is not None
    assert (row.record.get("case"), row.record.is_whole, row.waits) == ("possible", True, "shift")


async def test_one_that_nobody_finishes_goes_in_as_far_as_it_got_when_the_words_go(house: ChatHouse) -> None:
    _, desk = await ended(house)
    recording = Recording(house.relay)
    await recording.begin(desk)
    await recording.draft(desk, {"type": ("crisis",), "case": ("yes",)}, "hello")
    assert await records(house) == []
    await wraps_up(house)
    (row,) = await book(house)
    assert row.record is not None
    assert (row.record.said, row.record.is_whole) == ({"type": ("crisis",), "case": ("yes",)}, False)
    assert (row.record.language, row.record.how, row.waits) == ("en", "exit", "shift")
    with pytest.raises(NotThisDesk):
        await recording.save(desk, SAID, "")
    await house.sweeper.sweep()
    assert len(await book(house)) == 1


async def test_where_no_desk_saw_the_end_what_stands_in_clear_goes_in(house: ChatHouse) -> None:
    await ended(house)
    await wraps_up(house)
    (record,) = await records(house)
    assert (record.channel, record.minutes, record.how, record.said, record.language) == ("chat", 12, "exit", {}, "")


async def test_whom_nobody_took_leaves_no_record(house: ChatHouse) -> None:
    talk = await house.waiting()
    await house.relay.leave(talk, "exit")
    await wraps_up(house)
    assert await book(house) == []


async def test_where_the_house_talks_with_itself_there_is_no_record(house: ChatHouse) -> None:
    practice = Practice(house.relay, house.services)
    both = await practice.begin(random_id(), random_id() + random_id(), timedelta(minutes=5))
    await practice.end(both.desk.id)
    await practice.hurry(both.desk.id)
    await wraps_up(house)
    assert await house.relay.talks.facts(both.desk.id) is None
    assert await book(house) == []


async def test_her_own_words_stand_in_no_record(house: ChatHouse) -> None:
    talk, desk = await house.talking()
    await house.relay.visitor_says(talk, "he took my passport on sunday night", random_id(), 0)
    await house.relay.leave(talk, "end")
    recording = Recording(house.relay)
    with pytest.raises(HerOwnWords):
        await recording.save(desk, SAID, "Says he took my passport on Sunday.")
    await recording.draft(desk, SAID, "Says he took my passport on Sunday.")
    await wraps_up(house)
    assert [record.line for record in await records(house)] == [""]


async def test_an_unfinished_record_holds_up_neither_a_waiting_person_nor_the_forgetting(
    house: ChatHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk, desk = await ended(house)
    await Recording(house.relay).begin(desk)
    next_one = await house.waiting("and I?")
    assert (await house.relay.take(house.advocate, next_one.id)).id == next_one.id

    async def away(*_: object, **__: object) -> None:
        raise DatabaseAway

    with monkeypatch.context() as patched:
        patched.setattr(house.services.contacts, "put", away)
        await wraps_up(house)
        assert await house.relay.talks.facts(talk.id) is None  # her words are gone; only the sealed record waits
    await house.sweeper.sweep()
    assert len(await records(house)) == 1


async def test_whoever_did_not_hold_it_has_no_record_to_begin(house: ChatHouse) -> None:
    talk, desk = await ended(house)
    await Recording(house.relay).begin(replace(desk, role="watcher"))
    assert await house.relay.ending.unrecorded.store.read(talk.id) is None
