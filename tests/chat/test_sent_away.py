"""Whoever joined goes at the visitor's one tap: reads no more, writes no more, and comes back only by her yes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chat.cards import AWAY_CHOICE, GUEST_NO, GUEST_YES, Speech
from chat.company import Company
from chat.conversation import DeskTalk, VisitorTalk
from chat.duty import Duty, OpenedCards
from chat.guests import Guests
from chat.handing import Handing
from chat.hands import Hands
from chat.presence import LEASE_MS
from chat.protocol import server
from chat.refusals import ConversationOver, NotThisDesk
from chat.store import keys
from chat.telling import Telling
from portal.ids import random_id
from portal.staff.sessions.session import Signed
from tests.chat.conftest import ChatHouse
from tests.chat.test_company import supervisor
from tests.chat.test_ending import traces
from tests.chat.test_watchers_vanish import written_down

pytestmark = pytest.mark.anyio


@pytest.fixture
def company(house: ChatHouse) -> Company:
    return Company(house.relay)


async def joined(house: ChatHouse, company: Company, kim: Signed, talk: VisitorTalk) -> tuple[DeskTalk, int]:
    """Kim writes along; with the number of the line that says so."""
    in_it = await company.join(await company.watch(kim, talk.id, random_id()), random_id())
    return in_it, (await house.relay.since(talk, 0)).messages[-1].seq


async def taps(house: ChatHouse, talk: VisitorTalk, seq: int, key: bytes = b"") -> int:
    return await Hands(house.relay).tap(talk, seq, AWAY_CHOICE, key or random_id(), 0)


async def said(house: ChatHouse, talk: VisitorTalk | DeskTalk, last: int) -> list[tuple[str, str, str]]:
    return [(each.kind, each.name, each.text) for each in (await house.relay.since(talk, last)).messages]


async def watchable(house: ChatHouse, signed: Signed) -> int:
    return len((await Duty(house.relay, house.services).snapshot(signed, OpenedCards())).watchable)


async def test_by_one_tap_she_reads_and_writes_no_more_and_may_not_read_along_again(
    house: ChatHouse, company: Company
) -> None:
    talk, robin = await house.talking()
    kim = supervisor(house)
    in_it, line = await joined(house, company, kim, talk)
    key = random_id()

    seq = await taps(house, talk, line, key)
    assert await taps(house, talk, line, key) == seq, "the same tap is one tap"

    assert await said(house, talk, line) == [("tap", "", AWAY_CHOICE), ("went", "Kim", "")]
    assert await said(house, robin, line) == await said(house, talk, line), "the desk reads it as she does"
    assert not await house.relay.access.may_still_have(in_it)
    for act in (company.says, company.whisper):
        with pytest.raises(NotThisDesk):
            await act(in_it, "one more", random_id(), 0)
    # Nor is there a way back by what she may do everywhere else; nothing is told of the trial, nor written down.
    assert await watchable(house, kim) == 0
    with pytest.raises(NotThisDesk):
        await company.watch(kim, talk.id, random_id())
    with pytest.raises(NotThisDesk):
        await house.relay.access.conversation_for_reader(kim, talk.id)
    assert len(await said(house, talk, line)) == 2
    assert [act for act, _ in await written_down(house, kim)] == ["watch.began", "watch.ended"]
    assert not await house.services.durable.exists(keys.WATCHING)
    # Another one was not sent away, and her advocate holds it as before.
    lee = house.another("Lee")
    assert await watchable(house, lee) == 1
    await company.watch(lee, talk.id, random_id())
    await house.relay.advocate_says(robin, "I am still here", random_id(), 0)


async def test_the_bar_holds_in_the_store_itself(house: ChatHouse, company: Company) -> None:
    talk, _ = await house.talking()
    kim = supervisor(house)
    in_it, line = await joined(house, company, kim, talk)
    await taps(house, talk, line)
    people = house.relay.access.people
    entries = [company._entry(in_it, kind, random_id()) for kind in ("watched", "unwatched", "went")]
    assert not await people.watch(talk.id, entries[0], entries[1], entries[2], kim.staff_id)
    assert not await people.beside.enter(talk.id, entries[0])
    assert len(await said(house, talk, line)) == 2


async def test_by_her_yes_she_is_a_guest_and_the_old_tap_sends_that_guest_away_too(
    house: ChatHouse, company: Company
) -> None:
    talk, robin = await house.talking()
    kim = supervisor(house)
    _, line = await joined(house, company, kim, talk)
    await taps(house, talk, line)
    guests = Guests(house.relay)
    card = await guests.ask(robin, kim.staff_id, "Kim", "colleague", random_id(), 0)
    await Hands(house.relay).tap(talk, card, GUEST_YES, random_id(), 0)
    assert await watchable(house, kim) == 1
    in_it = await guests.come_in(kim, talk.id)

    seq = await taps(house, talk, line)

    assert await said(house, talk, seq - 1) == [("tap", "", GUEST_NO), ("guest_gone", "Kim", "")]
    assert not await house.relay.access.may_still_have(in_it)
    assert await watchable(house, kim) == 0


async def test_one_who_left_by_herself_is_barred_by_a_later_tap_and_one_who_reads_again_goes_by_it(
    house: ChatHouse, company: Company
) -> None:
    talk, _ = await house.talking()
    kim, lee = supervisor(house), house.another("Lee")
    left, line = await joined(house, company, kim, talk)
    await company.stop(left, random_id())
    seq = await taps(house, talk, line)
    assert await said(house, talk, seq - 1) == [("tap", "", AWAY_CHOICE)], "nobody goes twice"
    with pytest.raises(NotThisDesk):
        await company.watch(kim, talk.id, random_id())
    assert await house.services.durable.pttl(keys.people(talk.id)) > 0

    left, line = await joined(house, company, lee, talk)
    await company.stop(left, random_id())
    reads = await company.watch(lee, talk.id, random_id())
    seq = await taps(house, talk, line)
    assert await said(house, talk, seq) == [("unwatched", "Lee", "")]
    assert not await house.relay.access.may_still_have(reads)


async def test_whoever_holds_it_by_now_is_not_sent_away_and_no_other_tap_is(house: ChatHouse, company: Company) -> None:
    talk, robin = await house.talking()
    kim = await house.ready(supervisor(house))
    reads = await company.watch(kim, talk.id, random_id())
    (watched,) = [each.seq for each in (await house.relay.since(talk, 0)).messages if each.kind == "watched"]
    with pytest.raises(NotThisDesk):
        await taps(house, talk, watched)
    assert (await company.join(reads, random_id())).role == "joined"
    line = (await house.relay.since(talk, 0)).messages[-1].seq
    with pytest.raises(NotThisDesk):
        await Hands(house.relay).tap(talk, line, GUEST_NO, random_id(), 0)
    handing = Handing(house.relay)
    await handing.offer(robin, kim.staff_id, "she asked for you", random_id(), 0)
    takes = await handing.take_over(kim, talk.id)
    seq = (await house.relay.since(talk, 0)).messages[-1].seq
    await handing.shown(takes, seq, random_id())
    with pytest.raises(NotThisDesk):
        await taps(house, talk, line)
    owner = await house.relay.desk.owner(talk.id)
    assert owner is not None
    assert owner.staff_id == kim.staff_id


async def test_a_tap_while_she_waits_again_is_kept_and_after_the_end_nothing_of_it_stays(
    house: ChatHouse, company: Company
) -> None:
    talk, _ = await house.talking()
    kim = supervisor(house)
    in_it, line = await joined(house, company, kim, talk)
    house.clock.advance(timedelta(milliseconds=LEASE_MS + 1))
    await house.relay.visitor_is_here(talk)
    await house.relay.desk.renew(kim.staff_id, house.relay.now_ms())
    await house.sweeper.sweep()
    await taps(house, talk, line)
    assert ("went", "Kim", "") in await said(house, talk, line)
    await house.relay.take(await house.ready(), talk.id)
    with pytest.raises(NotThisDesk):
        await company.says(in_it, "we are back", random_id(), 0)
    await house.relay.leave(talk, "end")
    with pytest.raises(ConversationOver):
        await taps(house, talk, line)
    house.clock.advance(timedelta(minutes=31))
    await house.sweeper.sweep()
    assert await traces(house, talk) == []


@pytest.mark.parametrize("tag", ["en", "fr", "es", "ar"])
async def test_her_page_has_the_tap_under_the_line_in_her_language_and_no_other_line_has_one(
    house: ChatHouse, company: Company, tag: str
) -> None:
    talk, _ = await house.talking()
    _, line = await joined(house, company, supervisor(house), talk)
    await taps(house, talk, line)
    telling = Telling(Speech(house.services.pages.catalogue), tag)
    told = [fact for each in (await house.relay.since(talk, 2)).messages for fact in telling.facts_of(each)]
    posted = [fact for fact in told if isinstance(fact, server.MessagePosted)]
    assert [fact.seq for fact in posted if fact.choices] == [line]
    ((choice, words),) = posted[1].choices
    assert (choice, posted[2].of, posted[2].choice, posted[2].text) == (AWAY_CHOICE, line, AWAY_CHOICE, words)
    assert len(words) > 5
