"""Who speaks her language is asked first, for some seconds; then, or where that helps nobody, everybody is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chat.conversation import VisitorTalk
from chat.duty import Duty, OpenedCards
from chat.protocol.rows import Waiting
from chat.refusals import KeptForSpeakers, OlderWaits
from chat.relay import Relay
from chat.store import keys
from portal.ids import random_id, to_text
from portal.staff.sessions.session import Signed
from tests.chat.conftest import ChatHouse

pytestmark = pytest.mark.anyio
FIRST = timedelta(seconds=20)
CANARY = "qx-kestrel"


class People:
    """Robin speaks English and Spanish, Sam English alone; both take conversations."""

    def __init__(self, house: ChatHouse) -> None:
        self.house = house

    async def begin(self) -> None:
        self.robin = await self.house.ready()
        self.sam = await self.house.ready(await self.speaking("Sam", "en"))

    async def speaking(self, alias: str, *languages: str) -> Signed:
        house = self.house
        accounts = house.services.staff.accounts
        lock = await accounts.lock_of(house.advocate.staff_id)
        assert lock is not None
        person = replace(lock.person, id=random_id(), alias=alias, languages=languages)
        async with house.services.database.write() as connection:
            new = replace(lock, person=person, find=random_id() + random_id())
            await accounts.add(connection, new, accounts.pepper(lock.pepper))
        house.relay.speakers.readers._read_at = None
        return replace(house.advocate, staff_id=person.id, alias=alias, languages=languages)

    async def waits(self, language: str) -> VisitorTalk:
        talk = await self.house.visitor(language)
        await self.house.relay.visitor_says(talk, "hola", random_id(), 0)
        return talk

    async def row(self, signed: Signed, talk: VisitorTalk) -> Waiting:
        snapshot = await Duty(self.house.relay, self.house.services).snapshot(signed, OpenedCards())
        (row,) = [each for each in snapshot.waiting if each.conversation == to_text(talk.id)]
        return row


@pytest.fixture
async def people(house: ChatHouse) -> People:
    made = People(house)
    await made.begin()
    return made


async def test_who_speaks_it_is_asked_first_and_after_that_everybody(people: People) -> None:
    house, first, second = people.house, await people.waits("es"), await people.waits("es")
    for talk in (first, second):
        with pytest.raises(KeptForSpeakers):
            await house.relay.take(people.sam, talk.id)
    assert (await house.relay.take(people.robin, first.id, "")).id == first.id

    house.clock.advance(FIRST)
    await house.ready(people.sam)
    await house.relay.visitor_is_here(second)
    assert (await house.relay.take(people.sam, second.id, "")).id == second.id


async def test_a_reason_opens_nothing_that_is_for_others_first(people: People) -> None:
    talk = await people.waits("es")
    for why in ("language", "known", "danger", "other"):
        with pytest.raises(KeptForSpeakers):
            await people.house.relay.take(people.sam, talk.id, why)


async def test_a_language_nobody_on_duty_speaks_is_for_everybody_at_once(people: People) -> None:
    await people.speaking("Noor", "ar")  # at home
    for _ in range(2):
        talk = await people.waits("ar")
        assert (await people.row(people.sam, talk)).first == ""
        assert (await people.house.relay.take(people.sam, talk.id, "")).id == talk.id


async def test_a_speaker_who_goes_meanwhile_keeps_her_from_nobody(people: People) -> None:
    house, talk = people.house, await people.waits("es")
    with pytest.raises(KeptForSpeakers):
        await house.relay.take(people.sam, talk.id)
    await house.relay.desk.say_ready(people.robin.staff_id, False)
    assert (await house.relay.take(people.sam, talk.id, "")).id == talk.id


async def test_a_speaker_who_is_silent_or_has_her_hands_full_keeps_her_from_nobody(people: People) -> None:
    house = people.house
    held = [await people.waits("en") for _ in range(house.services.settings.chat_capacity)]
    for talk in held:
        await house.relay.take(people.robin, talk.id, "other")
    spanish = await people.waits("es")
    assert (await house.relay.take(people.sam, spanish.id, "")).id == spanish.id

    rui = await house.ready(await people.speaking("Rui", "es"))
    another = await people.waits("es")
    with pytest.raises(KeptForSpeakers):
        await house.relay.take(people.sam, another.id)
    # Her desk was last heard a moment longer ago than anybody is counted on; the row is only seconds old.
    await house.services.durable.zadd(keys.PRESENCE, {rui.staff_id: house.relay.now_ms() - 1})
    assert (await house.relay.take(people.sam, another.id, "")).id == another.id


async def test_one_in_danger_or_given_back_is_for_everybody_at_once(people: People) -> None:
    house, urgent = people.house, await people.waits("es")
    await house.relay.visitor_answers(urgent, "safe", "now")
    assert (await house.relay.take(people.sam, urgent.id, "")).id == urgent.id

    back = await people.waits("es")
    await house.relay.take(people.robin, back.id, "")
    await house.relay.desk.depart(people.robin.staff_id)
    await house.sweeper.sweep()
    await house.ready(people.robin)
    assert (await house.relay.take(people.sam, back.id, "")).id == back.id


async def test_nobody_needs_a_reason_to_pass_what_is_for_others_and_order_stays(people: People) -> None:
    house = people.house
    _, english = await people.waits("es"), await people.waits("en")
    assert not (await house.relay.take(people.sam, english.id, "")).passed_over
    # To Robin both are offered: the older is first, whatever it speaks.
    later = await people.waits("en")
    with pytest.raises(OlderWaits):
        await house.relay.take(people.robin, later.id, "")


async def test_a_person_who_named_no_language_reads_that_of_her_desk(people: People) -> None:
    nameless = await people.house.ready(await people.speaking("Kim"))
    english, spanish = await people.waits("en"), await people.waits("es")
    assert (await people.house.relay.take(nameless, english.id, "")).id == english.id
    with pytest.raises(KeptForSpeakers):
        await people.house.relay.take(nameless, spanish.id)


async def test_more_words_and_more_answers_begin_no_new_seconds(people: People) -> None:
    house, talk = people.house, await people.waits("es")
    house.clock.advance(FIRST - timedelta(seconds=1))
    await house.relay.visitor_says(talk, "¿hay alguien?", random_id(), 0)
    await house.relay.visitor_answers(talk, "about", "self")
    house.clock.advance(timedelta(seconds=1))
    await house.ready(people.sam)
    assert (await house.relay.take(people.sam, talk.id, "")).id == talk.id


async def test_in_a_surge_nothing_is_for_anybody_first(people: People) -> None:
    house, rows = people.house, [await people.waits("es")]
    now_ms = house.relay.now_ms()
    for number in range(25):
        await house.relay.desk.arrive(each := random_id(), now_ms)
        await house.relay.desk.offer(each, 2 * 10**13 + now_ms + 1 + number, now_ms)
    assert (await people.row(people.sam, rows[0])).first == ""
    assert (await house.relay.take(people.sam, rows[0].id, "")).id == rows[0].id


async def test_a_house_that_sets_no_seconds_asks_everybody(people: People) -> None:
    house = people.house
    off = replace(house.services.settings, speakers_first_seconds=0)
    relay = Relay(replace_settings(house.services, off))
    talk = await people.waits("es")
    assert (await relay.take(people.sam, talk.id, "")).id == talk.id


def replace_settings(services: Any, settings: Any) -> Any:
    services.settings = settings
    return services


async def test_the_desk_reads_for_whom_it_is_and_for_how_long(people: People) -> None:
    house, talk = people.house, await people.waits("es")
    row = await people.row(people.sam, talk)
    assert (row.first, row.first_s, row.language) == ("others", 20, "es")
    house.clock.advance(timedelta(milliseconds=4500))
    assert ((await people.row(people.robin, talk)).first, (await people.row(people.robin, talk)).first_s) == ("me", 16)
    house.clock.advance(FIRST)
    await house.relay.visitor_is_here(talk)
    assert (await people.row(people.sam, talk)).first == ""

    snapshot = await Duty(house.relay, house.services).snapshot(people.sam, OpenedCards())
    assert {each.name: each.languages for each in snapshot.on_duty} == {"Robin": ("en", "es"), "Sam": ("en",)}


async def test_no_store_learns_a_language_and_nothing_is_left_of_the_moment(people: People) -> None:
    """With a tag that stands nowhere by chance: all the asking and refusing leaves it in no key of either store."""
    house = people.house
    rui = await house.ready(await people.speaking("Rui", CANARY))
    talk = await people.waits(CANARY)
    with pytest.raises(KeptForSpeakers):
        await house.relay.take(people.sam, talk.id)
    assert (await people.row(rui, talk)).first == "me"
    for client in (house.services.durable, house.services.ember_client):
        held = [key async for key in client.scan_iter(count=1000)]
        assert len(held) > 1
        for key in held:
            assert CANARY.encode() not in key + (await client.dump(key) or b"")
    await house.relay.leave(talk, "exit")
    assert await house.services.durable.zscore(keys.OFFERED, talk.id) is None


async def test_seconds_never_outlast_half_the_time_until_somebody_is_called(people: People) -> None:
    settings = people.house.services.settings
    assert settings.speakers_first_ms == 20_000
    assert replace(settings, unclaimed_seconds=10).speakers_first_ms == 5_000
