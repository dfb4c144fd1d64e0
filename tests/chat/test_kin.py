"""Whoever asks for somebody who knows Indigenous communities is offered to them first, where there is one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import httpx
import msgspec
import pytest

from chat.availability import availability
from chat.card import Answers, UnknownChoice, read_answers, write_answers
from chat.desk_card import BLANK
from chat.desk_rows import card_for_desk
from chat.duty import Duty, OpenedCards
from chat.refusals import KeptForSpeakers
from chat.speakers import Wish, asked_first
from i18n.languages import LANGUAGES
from portal.ids import random_id, to_text
from portal.staff.sessions.session import Signed
from portal.staff.training import CHAT, INDIGENOUS
from tests.chat.conftest import ChatHouse
from tests.support.posting import house as whole_house, running

pytestmark = pytest.mark.anyio

ROBIN, SAM, NOOR = (bytes([n]) * 16 for n in (1, 2, 3))


@pytest.mark.parametrize(
    ("wish", "kin", "first"),
    [
        (Wish("es"), {ROBIN}, {SAM}),  # she did not ask: her language decides, as for everybody
        (Wish("es", kin=True), {ROBIN}, {ROBIN}),
        (Wish("es", kin=True), {ROBIN, SAM}, {SAM}),  # of those she asked for the one who speaks it
        (Wish("es", kin=True), set(), {SAM}),  # nobody here could: as for everybody
        (Wish("ar", kin=True), set(), set()),
    ],
)
def test_a_wish_is_met_before_a_language_and_keeps_her_from_nobody(
    wish: Wish, kin: set[bytes], first: set[bytes]
) -> None:
    speak = {"es": frozenset({SAM}), "en": frozenset({ROBIN, SAM, NOOR})}
    assert asked_first(wish, speak, frozenset(kin)) == first


def test_the_wish_stands_apart_on_the_card_so_that_a_house_of_yesterday_reads_it() -> None:
    class Yesterday(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
        language: str = ""
        given: dict[str, str] = {}
        spoken: str = ""

    card = Answers(language="fr").with_answer("spoken", "fr", at_ms=1).with_answer("kin", "yes", at_ms=2)
    assert read_answers(write_answers(card)) == card
    assert msgspec.json.decode(write_answers(card), type=Yesterday) == Yesterday(language="fr", spoken="fr")
    assert card_for_desk(card, BLANK, 3).kin == "yes"
    assert card.with_answer("kin", "", at_ms=4).told == {"spoken": "fr"}
    with pytest.raises(UnknownChoice):
        card.with_answer("kin", "cree", at_ms=1)


async def knows(house: ChatHouse, alias: str, *languages: str) -> Signed:
    """Somebody of the desk who was signed off for it."""
    accounts = house.services.staff.accounts
    lock = await accounts.lock_of(house.advocate.staff_id)
    assert lock is not None
    training = frozenset({CHAT, INDIGENOUS})
    person = replace(lock.person, id=random_id(), alias=alias, languages=languages, training=training)
    async with house.services.database.write() as connection:
        new = replace(lock, person=person, find=random_id() + random_id())
        await accounts.add(connection, new, accounts.pepper(lock.pepper))
    house.relay.speakers.readers._read_at = None
    return replace(house.advocate, staff_id=person.id, alias=alias, languages=languages, training=training)


async def test_the_queue_honours_it_for_some_seconds_and_says_who_could(house: ChatHouse) -> None:
    sam, robin = await house.ready(), await house.ready(await knows(house, "Robin", "en"))
    talk = await house.waiting()
    await house.relay.visitor_answers(talk, "kin", "yes")

    snapshot = await Duty(house.relay, house.services).snapshot(sam, OpenedCards())
    (row,) = [each for each in snapshot.waiting if each.conversation == to_text(talk.id)]
    assert (row.kin, row.first) == (True, "others")
    assert [each.name for each in snapshot.on_duty if each.kin] == ["Robin"]
    with pytest.raises(KeptForSpeakers):
        await house.relay.take(sam, talk.id)
    house.clock.advance(timedelta(seconds=20))
    await house.ready(sam)
    await house.relay.visitor_is_here(talk)
    assert (await house.relay.take(sam, talk.id, "")).id == talk.id

    second = await house.waiting()
    await house.relay.visitor_answers(second, "kin", "yes")
    assert (await house.relay.take(await house.ready(robin), second.id, "")).id == second.id


async def test_it_is_asked_only_where_somebody_here_knows(house: ChatHouse) -> None:
    words = [house.services.pages.catalogue.phrase(LANGUAGES[tag], "talk.ask.kin.yes") for tag in ("en", "ar")]
    app = whole_house(house.services, running(house.services))
    transport, origin = httpx.ASGITransport(app=app), house.services.settings.public_origin
    async with httpx.AsyncClient(transport=transport, base_url=origin) as client:
        assert not (await availability(house.services)("en")).kin
        assert words[0] not in (await client.get("/en/talk")).text
        await knows(house, "Robin", "en")
        await house.services.staff.news.tell(house.services.durable)
        assert (await availability(house.services)("en")).kin
        for tag, said in zip(("en", "ar"), words, strict=True):
            page = (await client.get(f"/{tag}/talk")).text
            assert said in page
            assert 'name="kin" value="yes">' in page, "nothing is ticked for her"
