"""A supervisor reads along, or joins: never without the entry that tells the visitor, and never as its owner."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chat.cards import Speech
from chat.company import Company
from chat.conversation import VisitorTalk
from chat.duty import Duty, OpenedCards
from chat.handing import Handing
from chat.presence import LEASE_MS
from chat.protocol import server
from chat.refusals import ConversationOver, NotThisDesk
from chat.store import keys
from chat.telling import Telling
from portal.ids import random_id, to_text
from portal.staff.rights import Role, rights_of
from portal.staff.sessions.session import Signed
from tests.chat.conftest import ChatHouse
from tests.chat.test_ending import traces

pytestmark = pytest.mark.anyio


@pytest.fixture
def company(house: ChatHouse) -> Company:
    return Company(house.relay)


def supervisor(house: ChatHouse) -> Signed:
    return replace(house.another("Kim"), role=Role.SUPERVISOR, rights=rights_of(Role.SUPERVISOR, ["chat"]))


async def kinds(house: ChatHouse, talk: VisitorTalk) -> list[tuple[str, str]]:
    return [(each.kind, each.name) for each in (await house.relay.since(talk, 0)).messages]


async def test_whoever_reads_along_is_told_of_in_the_breath_that_lets_her_and_says_nothing_there(
    house: ChatHouse, company: Company
) -> None:
    talk, robin = await house.talking()
    kim = supervisor(house)
    shown = await Duty(house.relay, house.services).snapshot(kim, OpenedCards())
    assert [(row.conversation, row.watched) for row in shown.watchable] == [(to_text(talk.id), False)]
    with pytest.raises(NotThisDesk):
        await house.relay.access.conversation_for_reader(kim, talk.id)

    reads = await company.watch(kim, talk.id, random_id())
    again = await company.watch(kim, talk.id, random_id())

    assert (reads.role, again.role) == ("watcher", "watcher")
    assert (await kinds(house, talk))[2:] == [("watched", "Kim")], "told once"
    for act in (house.relay.advocate_says, house.relay.note):
        with pytest.raises(NotThisDesk):
            await act(reads, "I am Kim", random_id(), 0)
    with pytest.raises(NotThisDesk):
        await house.relay.close(reads)
    # The advocate reads what is whispered; her page has no road to it.
    assert await company.whisper(reads, "ask about tonight", random_id(), 0) == 1
    (note,) = (await house.relay.notes_since(robin, 0)).messages
    assert (note.name, note.text) == ("Kim", "ask about tonight")
    assert "ask about tonight" not in str((await house.relay.since(talk, 0)).messages)

    await company.stop(reads, random_id())
    await company.stop(reads, random_id())

    assert (await kinds(house, talk))[3:] == [("unwatched", "Kim")]
    assert not await house.relay.access.may_still_have(reads)
    with pytest.raises(NotThisDesk):
        await company.whisper(reads, "one more", random_id(), 0)


async def test_one_who_joins_writes_under_her_own_name_and_the_owner_holds_it_as_before(
    house: ChatHouse, company: Company
) -> None:
    talk, robin = await house.talking()
    kim = supervisor(house)
    reads = await company.watch(kim, talk.id, random_id())
    with pytest.raises(NotThisDesk):
        await company.says(reads, "not yet", random_id(), 0)
    key = random_id()
    joined = await company.join(reads, random_id())
    assert (await company.join(reads, random_id())).role == joined.role == "joined"
    first = await company.says(joined, "I am Kim", key, 0)
    assert await company.says(joined, "I am Kim", key, 0) == first, "the same key is the same message"
    await house.relay.advocate_says(robin, "and I am Robin", random_id(), 0)
    told = [(each.kind, each.name, each.text) for each in (await house.relay.since(talk, 2)).messages]
    assert told == [
        ("watched", "Kim", ""),
        ("entered", "Kim", ""),
        ("words", "Kim", "I am Kim"),
        ("words", "Robin", "and I am Robin"),
    ]
    # Found again by a desk that is loaded anew, and nothing of it is an owner's.
    assert (await house.relay.access.conversation_for_reader(kim, talk.id)).role == "joined"
    assert await company.whisper(joined, "well done", random_id(), 0) == 1
    for act in (house.relay.advocate_says, house.relay.note):
        with pytest.raises(NotThisDesk):
            await act(joined, "as if I held it", random_id(), 0)
    with pytest.raises(NotThisDesk):
        await house.relay.close(joined)
    owner = await house.relay.desk.owner(talk.id)
    assert owner is not None
    assert (owner.staff_id, owner.fence) == (robin.staff_id, robin.fence)

    await company.stop(joined, random_id())

    assert (await kinds(house, talk))[-1] == ("went", "Kim")
    assert not await house.relay.access.may_still_have(joined)
    for act in (company.says, company.whisper):
        with pytest.raises(NotThisDesk):
            await act(joined, "one more", random_id(), 0)


async def test_nobody_joins_who_does_not_read_along_and_where_nobody_talks_nobody_writes(
    house: ChatHouse, company: Company
) -> None:
    talk, _ = await house.talking()
    kim = supervisor(house)
    reads = await company.watch(kim, talk.id, random_id())
    await company.stop(reads, random_id())
    with pytest.raises(NotThisDesk):
        await company.join(reads, random_id())
    joined = await company.join(await company.watch(kim, talk.id, random_id()), random_id())
    # Her advocate is lost: she waits again, and whoever joined writes on only once somebody holds her.
    house.clock.advance(timedelta(milliseconds=LEASE_MS + 1))
    await house.relay.visitor_is_here(talk)
    await house.relay.desk.renew(kim.staff_id, house.relay.now_ms())
    await house.sweeper.sweep()
    with pytest.raises(NotThisDesk):
        await company.says(joined, "to nobody", random_id(), 0)
    await house.relay.take(await house.ready(), talk.id)
    await company.says(joined, "we are back", random_id(), 0)
    await house.relay.leave(talk, "end")
    with pytest.raises(ConversationOver):
        await company.says(joined, "too late", random_id(), 0)
    assert not await house.relay.access.may_still_have(joined)
    house.clock.advance(timedelta(minutes=31))
    await house.sweeper.sweep()
    assert await traces(house, talk) == []


async def test_one_who_joined_and_is_to_have_it_next_leaves_first_and_the_visitor_is_told_so(
    house: ChatHouse, company: Company
) -> None:
    talk, robin = await house.talking()
    kim = await house.ready(supervisor(house))
    joined = await company.join(await company.watch(kim, talk.id, random_id()), random_id())
    handing = Handing(house.relay)
    await handing.offer(robin, kim.staff_id, "she asked for you", random_id(), 0)
    assert (await handing.take_over(kim, talk.id)).role == "next"
    assert (await kinds(house, talk))[-1] == ("went", "Kim")
    with pytest.raises(NotThisDesk):
        await company.says(joined, "as before", random_id(), 0)


async def test_only_whoever_may_watch_reads_along_and_only_where_somebody_talks(
    house: ChatHouse, company: Company
) -> None:
    talk, _ = await house.talking()
    sam = replace(house.another("Sam"), role=Role.ADVOCATE, rights=rights_of(Role.ADVOCATE, ["chat"]))
    assert (await Duty(house.relay, house.services).snapshot(sam, OpenedCards())).watchable == ()
    with pytest.raises(NotThisDesk):
        await company.watch(sam, talk.id, random_id())
    waiting = await house.waiting()
    with pytest.raises(NotThisDesk):
        await company.watch(supervisor(house), waiting.id, random_id())
    assert [kind for kind, _ in await kinds(house, talk)] == ["words", "joined"]
    assert not await house.services.durable.exists(keys.people(talk.id))


async def test_with_the_talk_the_reading_along_ends_and_nothing_of_it_stays(house: ChatHouse, company: Company) -> None:
    talk, _ = await house.talking()
    reads = await company.watch(supervisor(house), talk.id, random_id())
    await house.relay.leave(talk, "end")
    assert not await house.relay.access.may_still_have(reads)
    house.clock.advance(timedelta(minutes=31))
    await house.sweeper.sweep()
    assert await traces(house, talk) == []


@pytest.mark.parametrize("tag", ["en", "fr", "es", "ar"])
async def test_her_page_reads_it_as_words_in_her_language_whatever_its_age(
    house: ChatHouse, company: Company, tag: str
) -> None:
    talk, _ = await house.talking()
    kim = supervisor(house)
    for joins in (False, True):
        reads = await company.watch(kim, talk.id, random_id())
        await company.stop(await company.join(reads, random_id()) if joins else reads, random_id())
    telling = Telling(Speech(house.services.pages.catalogue), tag)
    told = [fact for each in (await house.relay.since(talk, 2)).messages for fact in telling.facts_of(each)]
    assert len({fact.text for fact in told if isinstance(fact, server.MessagePosted) and fact.text}) == 4
    assert {(fact.author, fact.name) for fact in told if isinstance(fact, server.MessagePosted)} == {
        ("advocate", "Kim")
    }
    assert len(told) == 5
