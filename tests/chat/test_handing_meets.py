"""Two acts that meet in the middle of a handing on: whoever may not read it has no leave to, and no place is lost."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chat.company import Company
from chat.conversation import DeskTalk, VisitorTalk
from chat.handing import Handing
from chat.phone import Phone
from chat.presence import LEASE_MS
from chat.refusals import NotThisDesk
from chat.store import keys
from portal.ids import random_id
from portal.staff.rights import Role, rights_of
from portal.staff.sessions.session import Signed
from portal.store.valkey import ValkeyAway
from tests.chat.conftest import ChatHouse
from tests.chat.test_ending import traces
from tests.chat.test_handing import NOTE, offered, reads_all
from tests.chat.test_phone import phone, worded

__all__ = ["phone"]

pytestmark = pytest.mark.anyio

Meets = Callable[[], Awaitable[object]]


@pytest.fixture
def handing(house: ChatHouse) -> Handing:
    return Handing(house.relay)


def meets(monkeypatch: pytest.MonkeyPatch, where: object, step: str, act: Meets) -> None:
    """The first time this step is taken, the other act runs whole just before it."""
    real: Callable[..., Awaitable[Any]] = getattr(where, step)
    waits = [act]

    async def second(*args: Any, **words: Any) -> Any:
        if waits:
            await waits.pop()()
        return await real(*args, **words)

    monkeypatch.setattr(where, step, second)


async def nobody_reads_along(house: ChatHouse, talk: VisitorTalk, signed: Signed) -> None:
    """No mark stands, and no door of hers opens it."""
    assert not await house.services.durable.exists(keys.people(talk.id))
    with pytest.raises(NotThisDesk):
        await house.relay.access.conversation_at_desk(signed, talk.id)


async def test_a_yes_that_comes_while_it_is_taken_back_opens_nothing(
    house: ChatHouse, handing: Handing, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk, robin, sam = await offered(house, handing)
    meets(monkeypatch, handing.offers, "drop", lambda: handing.take_over(sam, talk.id))
    await handing.withdraw(robin)
    assert await handing.offers.all() == {}
    await nobody_reads_along(house, talk, sam)
    await house.relay.advocate_says(robin, "I stay with you", random_id(), 0)


async def test_whoever_has_it_already_when_it_is_taken_back_keeps_it_and_both_read_so(
    house: ChatHouse, handing: Handing, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk, robin, sam = await offered(house, handing)
    meets(monkeypatch, handing.offers, "drop", lambda: reads_all(house, handing, sam, talk))
    with pytest.raises(NotThisDesk):
        await handing.withdraw(robin)
    assert await house.relay.desk.mine(sam.staff_id) == [talk.id]
    assert await house.relay.desk.mine(robin.staff_id) == []


async def test_a_yes_whose_leave_is_written_after_the_taking_back_loses_it_again(
    house: ChatHouse, handing: Handing, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk, robin, sam = await offered(house, handing)
    meets(monkeypatch, house.relay.access.people, "let_read", lambda: handing.withdraw(robin))
    with pytest.raises(NotThisDesk):
        await handing.take_over(sam, talk.id)
    await nobody_reads_along(house, talk, sam)


async def test_a_leave_that_is_written_while_it_is_taken_back_goes_with_it(
    house: ChatHouse, handing: Handing, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk, robin, sam = await offered(house, handing)
    await handing.offers.say_yes(talk.id, sam.staff_id, house.relay.now_ms())
    people = house.relay.access.people
    meets(monkeypatch, handing.offers, "drop", lambda: people.let_read(talk.id, sam.staff_id, fence=robin.fence))
    await handing.withdraw(robin)
    await nobody_reads_along(house, talk, sam)


async def test_a_no_that_meets_a_change_is_said_again_by_itself(
    house: ChatHouse, handing: Handing, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk, _, sam = await offered(house, handing)
    await handing.take_over(sam, talk.id)
    begins = handing.offers.begin
    meets(monkeypatch, handing.offers, "decline", lambda: begins(talk.id, sam.staff_id, house.relay.now_ms()))
    await handing.decline(sam, talk.id)
    offer = await handing.offers.of(talk.id)
    assert offer is not None
    assert offer.is_declined
    await nobody_reads_along(house, talk, sam)


@pytest.mark.parametrize("ends", ["before", "within"])
async def test_an_end_in_the_middle_of_a_handing_on_leaves_it_to_the_one_who_has_it(
    house: ChatHouse, handing: Handing, monkeypatch: pytest.MonkeyPatch, ends: str
) -> None:
    talk, robin, sam = await offered(house, handing)
    if ends == "before":
        # Between the step that makes her its owner and the one that tells the desk.
        meets(monkeypatch, handing.offers, "finish", lambda: house.relay.leave(talk, "end"))
        await reads_all(house, handing, sam, talk)
    else:
        # The desk is told while the end has just read whose it was.
        reads = await handing.take_over(sam, talk.id)
        finishes: list[Meets] = []

        async def held(*told: Any) -> None:
            finishes.append(lambda: real(*told))

        real = handing.offers.finish
        with monkeypatch.context() as later:
            later.setattr(handing.offers, "finish", held)
            await handing.shown(reads, (await house.relay.since(reads, 0)).last, random_id())
        owner = house.relay.desk.owner

        async def read_too_early(conversation: bytes) -> Any:
            had = await owner(conversation)
            while finishes:
                await finishes.pop()()
            return had

        monkeypatch.setattr(house.relay.desk, "owner", read_too_early)
        await house.relay.leave(talk, "end")

    assert await house.relay.desk.mine(sam.staff_id) == [talk.id]
    assert await house.relay.desk.mine(robin.staff_id) == []
    assert (await house.relay.access.conversation_for_advocate(sam, talk.id)).facts.is_over
    assert not await house.services.durable.exists(keys.held(sam.staff_id)), "it takes none of her places"
    house.clock.advance(timedelta(minutes=31))
    await house.sweeper.sweep()
    assert await traces(house, talk) == []


async def test_a_word_that_is_being_said_is_not_swept_away(
    house: ChatHouse, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, _, sam, word = await worded(house, phone)
    offers = house.relay.offers
    meets(monkeypatch, offers, "name", house.sweeper.sweep)
    meets(monkeypatch, offers, "say_yes", house.sweeper.sweep)
    assert (await phone.use(sam, word)).role == "next"


async def test_the_sweep_bears_a_store_of_words_that_is_away_and_no_other(
    house: ChatHouse, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk, _, _, _ = await worded(house, phone)

    async def away(*_: object) -> Any:
        raise ValkeyAway

    with monkeypatch.context() as out:
        out.setattr(house.relay.phones, "is_out", away)
        await house.sweeper.sweep()
    assert talk.id in await house.relay.offers.all()
    with monkeypatch.context() as out:
        out.setattr(house.relay.desk, "owner", away)
        with pytest.raises(ValkeyAway):
            await house.sweeper.sweep()


async def watched_and_offered(house: ChatHouse, handing: Handing) -> tuple[VisitorTalk, DeskTalk, Signed, DeskTalk]:
    """Kim reads along in what Robin holds, and Robin offers it to her."""
    talk, robin = await house.talking()
    kim = replace(house.another("Kim"), role=Role.SUPERVISOR, rights=rights_of(Role.SUPERVISOR, ["chat"]))
    reads = await Company(house.relay).watch(await house.ready(kim), talk.id, random_id())
    await handing.offer(robin, kim.staff_id, NOTE, random_id(), 0)
    return talk, robin, kim, reads


@pytest.mark.parametrize("then", ["takes it", "says no", "is withdrawn", "lapses"])
async def test_whoever_reads_along_and_takes_over_stops_reading_along_and_the_visitor_is_told(
    house: ChatHouse, handing: Handing, then: str
) -> None:
    talk, robin, kim, reads = await watched_and_offered(house, handing)
    had = await handing.take_over(kim, talk.id)
    assert (reads.role, had.role) == ("watcher", "next")
    told = [(each.kind, each.name) for each in (await house.relay.since(talk, 2)).messages]
    assert told == [("watched", "Kim"), ("unwatched", "Kim")]
    if then == "takes it":
        assert (await reads_all(house, handing, kim, talk)).role == "owner"
        return
    if then == "says no":
        await handing.decline(kim, talk.id)
    elif then == "is withdrawn":
        await handing.withdraw(robin)
    else:
        house.clock.advance(timedelta(milliseconds=LEASE_MS + 1))
        await house.sweeper.sweep()
    await nobody_reads_along(house, talk, kim)


async def test_whoever_joined_and_takes_over_has_gone_first_and_the_visitor_is_told(
    house: ChatHouse, handing: Handing
) -> None:
    talk, _, kim, reads = await watched_and_offered(house, handing)
    await Company(house.relay).join(reads, random_id())
    await handing.take_over(kim, talk.id)
    assert [each.kind for each in (await house.relay.since(talk, 3)).messages] == ["entered", "went"]
    await handing.decline(kim, talk.id)
    await nobody_reads_along(house, talk, kim)


async def test_whoever_reads_along_and_takes_her_from_the_row_reads_along_no_more_once_she_has_left(
    house: ChatHouse, handing: Handing
) -> None:
    talk, _, kim, _ = await watched_and_offered(house, handing)
    house.clock.advance(timedelta(milliseconds=LEASE_MS + 1))
    await house.relay.visitor_is_here(talk)
    await house.sweeper.sweep()
    desk = await house.relay.take(await house.ready(kim), talk.id)
    sam = await house.ready(house.another("Sam"))
    await handing.offer(desk, sam.staff_id, NOTE, random_id(), 0)
    await reads_all(house, handing, sam, talk)
    await nobody_reads_along(house, talk, kim)


async def test_a_yes_cut_off_in_the_middle_takes_no_reading_along_away_in_silence(
    house: ChatHouse, handing: Handing
) -> None:
    talk, robin, kim, reads = await watched_and_offered(house, handing)
    await handing.offers.say_yes(talk.id, kim.staff_id, house.relay.now_ms())
    await handing.withdraw(robin)
    assert await house.relay.access.may_still_have(reads)
    assert (await house.relay.access.conversation_at_desk(kim, talk.id)).role == "watcher"
