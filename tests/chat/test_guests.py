"""A third person is in a conversation from the visitor's yes on: never before it, and no longer than it holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chat.cards import GUEST_NO, GUEST_YES, Speech
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
from portal.ids import random_id, to_text
from portal.staff.rights import Role, rights_of
from portal.staff.sessions.session import Signed
from tests.chat.conftest import ChatHouse
from tests.chat.test_ending import traces

pytestmark = pytest.mark.anyio

Asked = tuple[VisitorTalk, DeskTalk, Signed, int]


@pytest.fixture
def guests(house: ChatHouse) -> Guests:
    return Guests(house.relay)


async def asked(house: ChatHouse, guests: Guests) -> Asked:
    """A conversation with words in it, its advocate, a colleague without any key of the chat, and the card."""
    talk, robin = await house.talking()
    await house.relay.advocate_says(robin, "before the yes", random_id(), 0)
    rights = rights_of(Role.ADVOCATE, ["chat"])
    ola = replace(await house.ready(house.another("Ola")), _keys={}, role=Role.ADVOCATE, rights=rights)
    card = await guests.ask(robin, ola.staff_id, "Ola", "interpreter", random_id(), 0)
    return talk, robin, ola, card


async def taps(house: ChatHouse, talk: VisitorTalk, card: int, choice: str) -> int:
    return await Hands(house.relay).tap(talk, card, choice, random_id(), 0)


async def told(house: ChatHouse, talk: VisitorTalk | DeskTalk, last: int = 0) -> list[tuple[str, str, str]]:
    return [(each.kind, each.name, each.text) for each in (await house.relay.since(talk, last)).messages]


async def rows(house: ChatHouse, signed: Signed) -> list[tuple[str, bool]]:
    shown = await Duty(house.relay, house.services).snapshot(signed, OpenedCards())
    return [(each.conversation, each.guest) for each in shown.watchable]


async def test_by_her_yes_he_reads_from_there_and_nothing_before_and_writes_under_the_name_she_said_yes_to(
    house: ChatHouse, guests: Guests
) -> None:
    talk, robin, ola, card = await asked(house, guests)
    assert ola.compartment_keys("chat") == {}
    for door in (house.relay.access.conversation_for_guest, house.relay.access.conversation_at_desk):
        with pytest.raises(NotThisDesk):
            await door(ola, talk.id)
    assert await rows(house, ola) == []

    await taps(house, talk, card, GUEST_YES)

    assert (await told(house, talk, card)) == [("tap", "", GUEST_YES), ("guest", "Ola", "")]
    assert await rows(house, ola) == [(to_text(talk.id), True)]
    in_it = await guests.come_in(replace(ola, alias="another name"), talk.id)
    assert (in_it.role, in_it.alias, in_it.fence) == ("guest", "Ola", 0)
    assert await told(house, in_it) == [], "the line that let him in is the last thing that is not his"
    await house.relay.visitor_says(talk, "after the yes", random_id(), 0)
    await house.relay.note(robin, "between us", random_id(), 0)
    await Company(house.relay).says(in_it, "I am Ola", random_id(), 0)
    assert await told(house, in_it) == [("words", "", "after the yes"), ("words", "Ola", "I am Ola")]
    assert (await told(house, talk))[-1] == ("words", "Ola", "I am Ola")
    assert (await house.relay.notes_since(in_it, 0)).messages == []
    # He holds nothing.
    for act in (house.relay.advocate_says, house.relay.note):
        with pytest.raises(NotThisDesk):
            await act(in_it, "as if I held it", random_id(), 0)
    with pytest.raises(NotThisDesk):
        await house.relay.close(in_it)
    with pytest.raises(NotThisDesk):
        await guests.ask(in_it, random_id(), "Lee", "colleague", random_id(), 0)
    await house.relay.advocate_says(robin, "and I hold it as before", random_id(), 0)


async def test_her_no_shuts_him_out_at_once_and_another_yes_lets_him_in_from_there(
    house: ChatHouse, guests: Guests
) -> None:
    talk, _, ola, card = await asked(house, guests)
    await taps(house, talk, card, GUEST_NO)
    assert (await told(house, talk, card)) == [("tap", "", GUEST_NO)], "nobody came, nobody went"
    await taps(house, talk, card, GUEST_YES)
    in_it = await guests.come_in(ola, talk.id)
    await house.relay.visitor_says(talk, "while he is in", random_id(), 0)

    await taps(house, talk, card, GUEST_NO)

    assert (await told(house, talk))[-1] == ("guest_gone", "Ola", "")
    assert not await house.relay.access.may_still_have(in_it)
    assert await rows(house, ola) == []
    with pytest.raises(NotThisDesk):
        await guests.come_in(ola, talk.id)
    with pytest.raises(NotThisDesk):
        await Company(house.relay).says(in_it, "one more", random_id(), 0)
    await house.relay.visitor_says(talk, "while he is out", random_id(), 0)
    await taps(house, talk, card, GUEST_YES)
    assert await told(house, await guests.come_in(ola, talk.id)) == []
    assert not await house.relay.access.may_still_have(in_it), "what was opened by the first yes is not the second's"


@pytest.mark.parametrize("who", ["he leaves", "he is sent away"])
async def test_he_leaves_or_is_sent_away_and_that_card_lets_nobody_in_again(
    house: ChatHouse, guests: Guests, who: str
) -> None:
    talk, robin, ola, card = await asked(house, guests)
    await taps(house, talk, card, GUEST_YES)
    in_it = await guests.come_in(ola, talk.id)
    if who == "he leaves":
        await guests.leave(in_it)
        await guests.leave(in_it)
    else:
        await guests.send_away(robin)
        with pytest.raises(NotThisDesk):
            await guests.send_away(robin)
    assert [kind for kind, _, _ in await told(house, talk)].count("guest_gone") == 1
    assert not await house.relay.access.may_still_have(in_it)
    with pytest.raises(NotThisDesk):
        await taps(house, talk, card, GUEST_YES)
    await taps(house, talk, card, GUEST_NO)
    assert (await told(house, talk))[-1] == ("tap", "", GUEST_NO)
    ember = house.services.ember_client
    assert not await ember.exists(keys.guest_keys(talk.id))


async def test_one_guest_at_a_time_and_a_new_question_voids_the_one_before(house: ChatHouse, guests: Guests) -> None:
    talk, robin, ola, card = await asked(house, guests)
    lee = await house.ready(house.another("Lee"))
    second = await guests.ask(robin, lee.staff_id, "Lee", "colleague", random_id(), 0)
    with pytest.raises(NotThisDesk):
        await taps(house, talk, card, GUEST_YES)
    await taps(house, talk, second, GUEST_YES)
    assert (await guests.come_in(lee, talk.id)).alias == "Lee"
    for person in (ola, lee):
        with pytest.raises(NotThisDesk):
            await guests.ask(robin, person.staff_id, person.alias, "interpreter", random_id(), 0)
    with pytest.raises(NotThisDesk):
        await guests.come_in(ola, talk.id)
    with pytest.raises(NotThisDesk):
        await guests.ask(robin, robin.staff_id, "Robin", "colleague", random_id(), 0)


async def test_asked_twice_by_one_key_she_is_asked_once_and_an_old_owner_asks_nothing(
    house: ChatHouse, guests: Guests
) -> None:
    talk, robin = await house.talking()
    ola, key = await house.ready(house.another("Ola")), random_id()
    first = await guests.ask(robin, ola.staff_id, "Ola", "interpreter", key, 0)
    assert await guests.ask(robin, ola.staff_id, "Ola", "interpreter", key, 0) == first
    with pytest.raises(NotThisDesk):
        await guests.ask(replace(robin, fence=robin.fence - 1), ola.staff_id, "Ola", "interpreter", random_id(), 0)
    tapped = random_id()
    hands = Hands(house.relay)
    assert await hands.tap(talk, first, GUEST_YES, tapped, 0) == await hands.tap(talk, first, GUEST_YES, tapped, 0)
    assert [kind for kind, _, _ in await told(house, talk)].count("guest") == 1
    await guests.come_in(ola, talk.id)


async def test_words_that_may_yet_be_taken_back_from_a_page_without_script_are_in_no_guests_way(
    house: ChatHouse, guests: Guests
) -> None:
    """Both lie in the store without a disk, and were once kept under one name."""
    talk, robin = await house.talking()
    await house.relay.withdrawing.begin(robin, 0)
    lee = await house.ready(house.another("Lee"))
    await taps(house, talk, await guests.ask(robin, lee.staff_id, "Lee", "colleague", random_id(), 0), GUEST_YES)
    await guests.come_in(lee, talk.id)
    of_one = [keys.state, keys.log, keys.notes, keys.sealed, keys.people, keys.guests, keys.kept_words, keys.ember]
    names = [name(talk.id) for name in (*of_one, keys.guest_keys, keys.may_go, keys.talk_channel, keys.staff_channel)]
    assert len(set(names)) == len(names)


async def test_a_hand_off_leaves_him_in_and_while_nobody_holds_her_he_writes_nothing(
    house: ChatHouse, guests: Guests
) -> None:
    talk, robin, ola, card = await asked(house, guests)
    await taps(house, talk, card, GUEST_YES)
    in_it = await guests.come_in(ola, talk.id)
    sam = await house.ready(house.another("Sam"))
    handing = Handing(house.relay)
    await handing.offer(robin, sam.staff_id, "Ola speaks her language", random_id(), 0)
    reading = await handing.take_over(sam, talk.id)
    facts = await house.relay.talks.facts(talk.id)
    assert facts is not None
    had = await handing.shown(reading, facts.seq, random_id())
    assert had is not None
    assert await house.relay.access.may_still_have(in_it)
    await Company(house.relay).says(in_it, "still here", random_id(), 0)
    house.clock.advance(timedelta(milliseconds=LEASE_MS + 1))
    await house.relay.visitor_is_here(talk)
    await house.sweeper.sweep()
    assert await house.relay.access.may_still_have(in_it)
    with pytest.raises(NotThisDesk):
        await Company(house.relay).says(in_it, "to nobody", random_id(), 0)


async def test_a_guest_who_is_to_have_it_next_is_no_guest_any_more(house: ChatHouse, guests: Guests) -> None:
    talk, robin = await house.talking()
    lee = await house.ready(house.another("Lee"))
    card = await guests.ask(robin, lee.staff_id, "Lee", "colleague", random_id(), 0)
    await taps(house, talk, card, GUEST_YES)
    handing = Handing(house.relay)
    await handing.offer(robin, lee.staff_id, "you know her", random_id(), 0)
    assert (await handing.take_over(lee, talk.id)).role == "next"
    assert (await told(house, talk))[-1] == ("guest_gone", "Lee", "")


async def test_the_end_shuts_his_door_and_takes_his_keys_at_once_and_nothing_stays(
    house: ChatHouse, guests: Guests
) -> None:
    talk, _, ola, card = await asked(house, guests)
    await taps(house, talk, card, GUEST_YES)
    in_it = await guests.come_in(ola, talk.id)
    await house.relay.leave(talk, "end")
    assert not await house.relay.access.may_still_have(in_it)
    with pytest.raises(NotThisDesk):
        await guests.come_in(ola, talk.id)
    with pytest.raises(ConversationOver):
        await Company(house.relay).says(in_it, "too late", random_id(), 0)
    assert not await house.services.ember_client.exists(keys.guest_keys(talk.id))
    assert not await house.services.durable.exists(keys.guests(talk.id))
    house.clock.advance(timedelta(minutes=31))
    await house.sweeper.sweep()
    assert await traces(house, talk) == []


async def test_after_a_power_cut_nothing_opens_for_him_until_she_is_asked_again(
    house: ChatHouse, guests: Guests
) -> None:
    talk, robin, ola, card = await asked(house, guests)
    await taps(house, talk, card, GUEST_YES)
    await house.services.ember_client.delete(keys.guest_keys(talk.id))
    with pytest.raises(NotThisDesk):
        await guests.come_in(ola, talk.id)
    await guests.send_away(robin)
    again = await guests.ask(robin, ola.staff_id, "Ola", "interpreter", random_id(), 0)
    await taps(house, talk, again, GUEST_YES)
    await guests.come_in(ola, talk.id)


async def test_his_private_half_stands_in_no_store_with_a_disk(house: ChatHouse, guests: Guests) -> None:
    talk, _, _, card = await asked(house, guests)
    await taps(house, talk, card, GUEST_YES)
    guest = await house.relay.access.people.guests.of(talk.id)
    assert guest is not None
    private = await house.relay.access.people.guests.private(talk.id, guest.public)
    assert private is not None
    for secret in (private, talk.talk_key):
        async for key in house.services.durable.scan_iter(count=1000):
            assert secret not in key + (await house.services.durable.dump(key) or b"")


@pytest.mark.parametrize("tag", ["en", "fr", "es", "ar"])
async def test_every_page_reads_the_question_and_who_comes_and_goes_in_its_language(
    house: ChatHouse, guests: Guests, tag: str
) -> None:
    talk, robin, _, card = await asked(house, guests)
    await taps(house, talk, card, GUEST_YES)
    await guests.send_away(robin)
    telling = Telling(Speech(house.services.pages.catalogue), tag)
    facts = [fact for each in (await house.relay.since(talk, card - 1)).messages for fact in telling.facts_of(each)]
    posted = [fact for fact in facts if isinstance(fact, server.MessagePosted)]
    assert [(fact.author, fact.name) for fact in posted] == [
        ("advocate", "Robin"),
        ("visitor", ""),
        ("advocate", "Ola"),
        ("advocate", "Ola"),
    ]
    assert posted[0].card == "interpreter"
    assert "\u2068Ola\u2069" in posted[0].text
    assert [choice for choice, _ in posted[0].choices] == [GUEST_YES, GUEST_NO]
    assert len({fact.text for fact in posted}) == 4
