"""Holds the acts of the chat to what other systems learned the hard way, where nothing else here does.

Which lesson each one is about stands in docs/chat-lessons.md.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from chat.conversation import DeskTalk, VisitorTalk
from chat.duty import Duty, OpenedCards
from chat.feed import Feed
from chat.message import Message
from chat.presence import LEASE_MS
from chat.store.talk import PAGE
from portal.ids import random_id, to_text
from tests.chat.conftest import ChatHouse

pytestmark = pytest.mark.anyio

A_LEASE = timedelta(milliseconds=LEASE_MS + 1)


async def told_to(house: ChatHouse, talk: VisitorTalk | DeskTalk, *, after: int) -> list[Message]:
    """What a page that shows everything up to `after` is told when it catches up."""
    told: list[Message] = []

    async def tell(message: Message) -> None:
        told.append(message)

    async def sign(_: str) -> None:
        return

    feed = Feed(house.relay, house.services.channels, talk, last=after, tell=tell, sign=sign)
    await feed.catch_up()
    return told


async def loses_her_advocate(house: ChatHouse, talk: VisitorTalk) -> None:
    """The advocate is silent for longer than her lease, while the visitor's page lives."""
    house.clock.advance(A_LEASE)
    await house.relay.visitor_is_here(talk)
    await house.sweeper.sweep()


async def test_a_page_that_missed_more_than_one_reading_is_told_every_word(house: ChatHouse) -> None:
    talk, desk = await house.talking()
    for number in range(PAGE + 20):
        await house.relay.visitor_says(talk, f"word {number}", random_id(), 0)

    told = await told_to(house, desk, after=2)

    assert [each.seq for each in told] == list(range(3, PAGE + 23))
    assert told[-1].text == f"word {PAGE + 19}"


async def test_whoever_takes_her_next_reads_everything_and_nothing_begins_anew(house: ChatHouse) -> None:
    talk, desk = await house.talking()
    await house.relay.visitor_answers(talk, "about", "self")
    await house.relay.advocate_says(desk, "I am Robin", random_id(), 0)
    await house.relay.note(desk, "passport held", random_id(), 0)
    await loses_her_advocate(house, talk)

    other = await house.relay.take(await house.ready(house.another("Sam")), talk.id)

    told = await told_to(house, other, after=0)
    assert [(each.kind, each.text, each.name) for each in told] == [
        ("words", "hello", ""),
        ("joined", "", "Robin"),
        ("words", "I am Robin", "Robin"),
        ("returned", "", ""),
        ("joined", "", "Sam"),
    ]
    assert [each.text for each in (await house.relay.notes_since(other, 0)).messages] == ["passport held"]
    assert (await house.relay.answers(other)).get("about") == "self"


async def test_pages_on_which_nothing_was_said_stand_in_nobodys_row_and_nobodys_wait(house: ChatHouse) -> None:
    for _ in range(4):
        await house.relay.visitor_is_here(await house.visitor())
    talk = await house.waiting()
    signed = await house.ready()

    snapshot = await Duty(house.relay, house.services).snapshot(signed, OpenedCards())

    assert [row.conversation for row in snapshot.waiting] == [to_text(talk.id)]
    assert snapshot.total == 1
    assert (await house.relay.visitor_is_here(talk)).place == 1
    assert (await house.relay.desk.counts(house.relay.now_ms())).waiting == 1


async def test_the_desk_is_shown_the_urgent_first_and_then_whoever_waited_longest(house: ChatHouse) -> None:
    talks = [await house.waiting(f"number {number}") for number in range(3)]
    await house.relay.visitor_answers(talks[2], "safe", "now")
    signed = await house.ready()

    snapshot = await Duty(house.relay, house.services).snapshot(signed, OpenedCards())

    shown = [(row.conversation, row.place) for row in snapshot.waiting]
    assert shown == [(to_text(talks[at].id), place) for place, at in enumerate((2, 0, 1), 1)]


async def test_an_advocate_who_sleeps_is_not_counted_on_until_she_says_ready_again(house: ChatHouse) -> None:
    signed = await house.ready()
    duty = Duty(house.relay, house.services)
    assert (await house.services.availability("en")).state == "open"

    house.clock.advance(A_LEASE)
    assert (await house.services.availability("en")).state == "nobody"

    await house.sweeper.sweep()
    assert not await duty.is_here(signed)
    assert (await house.services.availability("en")).state == "nobody"
    await duty.say_ready(signed, True)
    assert (await house.services.availability("en")).state == "open"


async def test_what_somebody_held_who_signs_out_is_at_the_front_at_once(house: ChatHouse) -> None:
    earlier, (talk, desk) = await house.waiting(), await house.talking()
    await Duty(house.relay, house.services).depart(house.advocate)
    await house.sweeper.sweep()

    assert (await house.relay.visitor_is_here(talk)).place == 1
    assert (await house.relay.visitor_is_here(earlier)).place == 2
    assert await house.relay.desk.mine(desk.staff_id) == []
