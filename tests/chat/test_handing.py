"""A conversation is handed on with a note: its owner keeps it until the next one has shown all of it.

Lessons 26 and 27: after a transfer the conversation did not load, or began anew with a greeting.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from chat.access import EmberLost
from chat.conversation import DeskTalk, VisitorTalk
from chat.duty import Duty, OpenedCards
from chat.handing import Handing
from chat.presence import LEASE_MS
from chat.protocol.server import QueueSnapshot
from chat.refusals import HandsFull, NothingSaid, NotThisDesk, TakenBefore
from chat.store import keys
from portal.ids import random_id, to_text
from portal.staff.sessions.session import Signed
from tests.chat.conftest import ChatHouse
from tests.chat.test_ending import traces

pytestmark = pytest.mark.anyio

NOTE = "asked for a bed tonight, afraid of her cousin"


@pytest.fixture
def handing(house: ChatHouse) -> Handing:
    return Handing(house.relay)


async def offered(house: ChatHouse, handing: Handing, *, by_name: bool = True) -> tuple[VisitorTalk, DeskTalk, Signed]:
    """A conversation that is offered to Sam, or to whoever is ready."""
    talk, desk = await house.talking()
    sam = await house.ready(house.another("Sam"))
    await handing.offer(desk, sam.staff_id if by_name else b"", NOTE, random_id(), 0)
    return talk, desk, sam


async def reads_all(house: ChatHouse, handing: Handing, sam: Signed, talk: VisitorTalk) -> DeskTalk:
    """Sam says yes, and her page shows what there is."""
    reading = await handing.take_over(sam, talk.id)
    words = await house.relay.since(reading, 0)
    had = await handing.shown(reading, words.last, random_id())
    assert had is not None
    return had


async def shown_to(house: ChatHouse, signed: Signed) -> QueueSnapshot:
    return await Duty(house.relay, house.services).snapshot(signed, OpenedCards())


async def test_its_owner_keeps_it_until_the_next_one_has_the_whole_of_it(house: ChatHouse, handing: Handing) -> None:
    talk, robin, sam = await offered(house, handing)
    (row,) = (await shown_to(house, sam)).offers
    assert (row.by, row.note, row.named) == ("Robin", NOTE, True)
    offer = await handing.offers.of(talk.id)
    assert offer is not None
    assert NOTE not in repr(await handing.offered(sam, talk.id, offer))
    reading = await handing.take_over(sam, talk.id)
    assert [each.text for each in (await house.relay.notes_since(reading, 0)).messages] == [NOTE]

    # She reads, and what she writes is nobody's; whoever holds it still answers.
    for act in (house.relay.advocate_says, house.relay.note):
        with pytest.raises(NotThisDesk):
            await act(reading, "I am Sam", random_id(), 0)
    with pytest.raises(NotThisDesk):
        await house.relay.close(reading)
    last = await house.relay.advocate_says(robin, "Sam reads what you wrote", random_id(), 0)
    assert await handing.shown(reading, last - 1, random_id()) is None, "one message is not on her page yet"
    assert await house.relay.desk.mine(robin.staff_id) == [talk.id]

    had = await handing.shown(reading, last, random_id())

    assert had is not None
    assert await house.relay.desk.mine(sam.staff_id) == [talk.id]
    assert await house.relay.desk.mine(robin.staff_id) == []
    with pytest.raises(NotThisDesk):
        await house.relay.advocate_says(robin, "too late", random_id(), 0)
    await house.relay.advocate_says(had, "what would help most?", random_id(), 0)
    # Nothing begins anew: no greeting, every word there, one line that says who told whom.
    again = await house.relay.access.conversation_for_advocate(sam, talk.id)
    assert [(each.kind, each.text, each.name) for each in (await house.relay.since(again, 0)).messages] == [
        ("words", "hello", ""),
        ("joined", "", "Robin"),
        ("words", "Sam reads what you wrote", "Robin"),
        ("handed", "Robin", "Sam"),
        ("words", "what would help most?", "Sam"),
    ]
    visitor = await house.relay.access.conversation_for_visitor(talk.token)
    assert await house.relay.advocate_name(visitor) == "Sam"
    assert (await house.relay.visitor_is_here(visitor)).lease_ms


async def test_only_whoever_it_is_offered_to_opens_it_and_only_for_as_long(house: ChatHouse, handing: Handing) -> None:
    talk, robin, sam = await offered(house, handing)
    kim = await house.ready(house.another("Kim"))
    assert (await shown_to(house, kim)).offers == ()
    access = house.relay.access
    with pytest.raises(NotThisDesk):
        await handing.take_over(kim, talk.id)
    with pytest.raises(NotThisDesk):
        await access.conversation_for_reader(sam, talk.id)
    await handing.take_over(sam, talk.id)
    assert (await access.conversation_at_desk(sam, talk.id)).role == "next"

    await handing.withdraw(robin)

    with pytest.raises(NotThisDesk):
        await access.conversation_at_desk(sam, talk.id)
    with pytest.raises(NotThisDesk):
        await handing.take_over(sam, talk.id)
    assert (await shown_to(house, sam)).offers == ()
    await house.relay.advocate_says(robin, "I stay with you", random_id(), 0)


async def test_a_no_is_read_by_the_one_who_offers_and_a_new_offer_takes_its_place(
    house: ChatHouse, handing: Handing
) -> None:
    talk, robin, sam = await offered(house, handing)
    (mine,) = (await shown_to(house, house.advocate)).mine
    assert mine.offer == "offered"
    await handing.decline(sam, talk.id)
    (mine,) = (await shown_to(house, house.advocate)).mine
    assert mine.offer == "declined"
    with pytest.raises(NotThisDesk):
        await handing.take_over(sam, talk.id)

    key = random_id()
    assert await handing.offer(robin, b"", NOTE, key, 0) == await handing.offer(robin, b"", NOTE, key, 0)
    kim = await house.ready(house.another("Kim"))
    await handing.take_over(kim, talk.id)
    with pytest.raises(TakenBefore):
        await handing.take_over(sam, talk.id)
    (mine,) = (await shown_to(house, house.advocate)).mine
    assert mine.offer == "reading"
    await handing.decline(kim, talk.id)
    assert (await reads_all(house, handing, sam, talk)).staff_id == sam.staff_id


async def test_without_a_note_nothing_is_offered_for_her_page_says_that_she_was_told(
    house: ChatHouse, handing: Handing
) -> None:
    _, robin = await house.talking()
    with pytest.raises(NothingSaid):
        await handing.offer(robin, b"", " \n", random_id(), 0)
    assert await handing.offers.all() == {}


async def test_hands_that_are_full_take_nobody_over(house: ChatHouse, handing: Handing) -> None:
    talk, _, sam = await offered(house, handing)
    for _ in range(house.services.settings.chat_capacity):
        await house.relay.take(sam, (await house.waiting()).id, "other")
    with pytest.raises(HandsFull):
        await handing.take_over(sam, talk.id)


@pytest.mark.parametrize("yes", [False, True])
async def test_a_lease_that_ends_first_wins_over_the_offer(house: ChatHouse, handing: Handing, yes: bool) -> None:
    talk, _, sam = await offered(house, handing)
    reading = await handing.take_over(sam, talk.id) if yes else None
    house.clock.advance(timedelta(milliseconds=LEASE_MS + 1))
    await house.relay.desk.renew(sam.staff_id, house.relay.now_ms())
    await house.relay.visitor_is_here(talk)

    if reading is not None:
        # Before anybody has swept: the clock alone makes it void.
        with pytest.raises(NotThisDesk):
            await handing.shown(reading, reading.facts.seq, random_id())
    await house.sweeper.sweep()

    assert (await house.relay.visitor_is_here(talk)).place == 1
    assert await handing.offers.all() == {}
    with pytest.raises(NotThisDesk):
        await house.relay.access.conversation_at_desk(sam, talk.id)
    with pytest.raises(NotThisDesk):
        await handing.take_over(sam, talk.id)


@pytest.mark.parametrize("yes", [False, True])
async def test_an_offer_goes_with_the_conversation(house: ChatHouse, handing: Handing, yes: bool) -> None:
    talk, _, sam = await offered(house, handing)
    if yes:
        await handing.take_over(sam, talk.id)
    await house.relay.leave(talk, "end")
    await house.sweeper.sweep()
    with pytest.raises(NotThisDesk):
        await house.relay.access.conversation_at_desk(sam, talk.id)
    house.clock.advance(timedelta(minutes=31))
    await house.sweeper.sweep()
    assert await traces(house, talk) == []


async def test_while_its_ember_is_lost_an_offer_is_asked_for_again(house: ChatHouse, handing: Handing) -> None:
    talk, _, sam = await offered(house, handing)
    await house.services.embers.delete(keys.ember(talk.id))
    assert (await shown_to(house, sam)).offers == ()
    with pytest.raises(EmberLost):
        await handing.take_over(sam, talk.id)


class Killed(BaseException):
    """What the test throws where a process would have been killed."""


STEPS = ["offers.say_yes", "_people.let_read", "offers.begin", "_people.hand", "offers.finish"]


@pytest.mark.parametrize("lapses", [False, True])
@pytest.mark.parametrize("step", STEPS)
async def test_a_handing_on_that_was_killed_after_a_step_leaves_one_owner_or_a_place_in_line(
    house: ChatHouse, handing: Handing, monkeypatch: pytest.MonkeyPatch, step: str, lapses: bool
) -> None:
    talk, robin, sam = await offered(house, handing)
    where, name = step.split(".")
    part = getattr(handing, where)
    real: Callable[..., Awaitable[Any]] = getattr(part, name)

    async def dying(*args: Any, **words: Any) -> Any:
        await real(*args, **words)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(part, name, dying)
        with pytest.raises(Killed):
            await reads_all(house, handing, sam, talk)
    if lapses:
        house.clock.advance(timedelta(milliseconds=LEASE_MS + 1))
        await house.relay.visitor_is_here(talk)
    await house.sweeper.sweep()
    await house.sweeper.sweep()

    facts, owner = await house.relay.talks.facts(talk.id), await house.relay.desk.owner(talk.id)
    assert facts is not None
    if owner is None:
        assert (facts.standing, facts.owner) == ("waiting", b"")
        assert (await house.relay.visitor_is_here(talk)).place == 1
    else:
        assert not lapses
        assert (facts.standing, facts.owner, facts.fence) == ("talking", owner.staff_id, owner.fence)
        assert await house.relay.desk.mine(owner.staff_id) == [talk.id]
        other = robin.staff_id if owner.staff_id == sam.staff_id else sam.staff_id
        assert await house.relay.desk.mine(other) == []
        # Whoever it was in the middle of, asked again it comes to its end, and the sentence stands once.
        had = await house.relay.access.conversation_at_desk(sam, talk.id) if step in STEPS[3:] else None
        had = had or await reads_all(house, handing, sam, talk)
        assert had.role == "owner"
        assert [each.kind for each in (await house.relay.since(had, 0)).messages].count("handed") == 1
    assert lapses == (owner is None)
    await house.relay.leave(talk, "end")
    house.clock.advance(timedelta(minutes=31))
    await house.sweeper.sweep()
    assert await traces(house, talk) == []
    assert to_text(talk.id) not in str(await shown_to(house, sam))


@pytest.mark.parametrize("word", ["keep it here", "not I"])
async def test_a_word_that_comes_after_the_handing_on_changes_nothing_of_it(
    house: ChatHouse, handing: Handing, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    talk, robin, sam = await offered(house, handing)

    async def dying(*_: Any, **__: Any) -> Any:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(handing.offers, "finish", dying)
        with pytest.raises(Killed):
            await reads_all(house, handing, sam, talk)
    act = handing.withdraw(robin) if word == "keep it here" else handing.decline(sam, talk.id)
    with pytest.raises((NotThisDesk, TakenBefore)):
        await act

    assert await house.relay.desk.mine(sam.staff_id) == [talk.id]
    had = await house.relay.access.conversation_for_advocate(sam, talk.id)
    await house.relay.advocate_says(had, "I am with you", random_id(), 0)
    assert await handing.offers.all() == {}
