"""A referral is written without a key, gone on with by whoever made it alone, and let go on its last day."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import select

from i18n.languages import LANGUAGES, Language
from portal.consent.record import Consent
from portal.consent.terms import Kind, Purpose, Way, What, Whom
from portal.directory.carriers import Held
from portal.directory.referral import STEPS, Referral, gone_on
from portal.directory.referral_tables import referrals
from portal.errors import NotThere
from portal.ids import random_id, to_text
from portal.records.case_words import CaseBody, ContactLink
from portal.records.contact import ContactRecord
from portal.services import Services
from portal.staff.sessions.session import Signed
from tests.chat.conftest import ChatHouse, house, prepared
from tests.portal.directory.conftest import NATIONAL, SHELTER, fill
from tests.portal.staff.walker import Walker, set_up, walker

__all__ = ["house", "prepared"]
pytestmark = pytest.mark.anyio

ORGANISATION = to_text(bytes(15) + b"o")
MADE = Referral(
    service="s",
    service_name="Kestrel shelter",
    organisation="o",
    organisation_name="Haven",
    kind="ngo",
    way="card",
    about="case",
    about_id="c",
    needs=("bed",),
)


def test_a_ticked_step_makes_a_warm_transfer_and_what_is_none_of_ours_counts_for_nothing() -> None:
    gone = gone_on(MADE, ["handed", "asked", "sneaked"], "full")
    assert (gone.way, gone.steps, gone.outcome) == ("warm", ("asked", "handed"), "full")
    assert gone_on(MADE, [], "sold").outcome == ""


async def test_whoever_made_it_goes_on_with_it_and_nobody_else(house: ChatHouse) -> None:
    book = house.services.referrals
    without = replace(house.advocate, _keys={})
    row = await book.write(without, MADE)
    assert await book.write(without, MADE, row=row) == row
    assert await book.one(without, row) is None
    assert await book.one(house.another(), row) is None
    found = await book.one(house.advocate, row)
    assert found is not None
    assert (found.referral, found.waits) == (MADE, True)
    assert [each.id for each in (await book.mine(house.advocate))[0]] == [row]
    assert await book.go_on(house.advocate, row, STEPS, "full")
    assert not await book.go_on(house.another(), row, STEPS, "reached")
    assert (await book.mine(house.advocate))[0] == []
    (known,) = await book.about(house.another(), "case", "c")
    assert (known.referral.outcome, known.referral.steps) == ("full", STEPS)
    assert await book.about(house.advocate, "case", "d") == []


async def test_the_file_says_neither_where_she_was_sent_nor_who_she_is_and_after_its_day_nothing(
    house: ChatHouse,
) -> None:
    book, services = house.services.referrals, house.services
    await book.write(house.advocate, MADE)
    await services.database.checkpoint()
    assert b"Kestrel" not in services.settings.database_path.read_bytes()
    house.clock.advance(timedelta(days=services.settings.referral_days))
    assert not await services.along.forget_over()
    house.clock.advance(timedelta(days=1))
    assert await services.along.forget_over()
    assert not await services.along.forget_over()
    async with services.database.read() as connection:
        assert (await connection.execute(select(referrals))).all() == []


@pytest.fixture
async def ada(services: Services) -> Walker:
    """The first administrator, signed in."""
    return await set_up(walker(services))


async def test_one_press_sends_the_card_in_her_language_and_writes_it_down_once(
    ada: Walker, services: Services
) -> None:
    carried: list[tuple[str, bytes, str]] = []
    talk, tip = random_id(), random_id()

    async def held(_signed: Signed) -> list[Held]:
        return [Held(talk, LANGUAGES["fr"], "Lua")]

    async def say(_signed: Signed, to: bytes, text: str, _part: bytes) -> None:
        carried.append(("talk", to, text))

    async def reply(_signed: Signed, to: bytes, text: str, language: Language, _part: bytes) -> None:
        if to != tip:
            raise NotThere
        carried.append((language.tag, to, text))

    services.carriers.held, services.carriers.say, services.carriers.reply = held, say, reply
    await ada.open("/desk/me")
    signed = await services.staff.who(ada.cookie)
    row = to_text((await fill(services.directory, signed))[SHELTER.name])
    one = f"/desk/directory/service/{row}"
    await ada.open(one)
    assert ada.sees("Send the card to Lua now")
    assert ada.sees("Here is a place that may help.")
    part = re.search(r'name="part" value="([^"]+)"', ada.page)
    assert part is not None
    for _ in range(2):
        await ada.post(f"{one}/send", {"for": f"conversation.{to_text(talk)}", "part": part[1]})
    assert ada.address == f"/desk/referrals/{part[1]}"
    assert carried[0][:2] == ("talk", talk)
    assert carried[0][2].startswith("Voici un endroit")
    await ada.post(ada.address, {"steps": ["asked", "called"], "outcome": ""})
    assert ada.address == f"/desk/referrals/{part[1]}"
    assert ada.page.count(" checked") == 2
    await ada.open(f"{one}?for=tip.{to_text(tip)}&in=fr")
    await ada.post(f"{one}/send", {"for": f"tip.{to_text(tip)}", "in": "fr", "part": to_text(random_id())})
    assert carried[-1][:2] == ("fr", tip)
    for wrong in (f"tip.{to_text(random_id())}", f"conversation.{to_text(random_id())}"):
        assert await ada.post(f"{one}/send", {"for": wrong, "part": to_text(random_id())}) == 404
    await ada.open("/desk/referrals")
    assert ada.page.count("Women’s shelter") + ada.page.count("Women&#39;s shelter") == 2
    await ada.post(f"/desk/referrals/{part[1]}", {"steps": ["asked"], "outcome": "full"})
    assert ada.address == "/desk/referrals"
    assert ada.page.count("directory-line") == 1


async def test_nobody_is_sent_to_the_police_who_did_not_ask_for_them_or_say_yes(
    ada: Walker, services: Services
) -> None:
    await ada.open("/desk/me")
    signed = await services.staff.who(ada.cookie)
    row = to_text((await fill(services.directory, signed))["Trafficking unit"])
    one, part = f"/desk/directory/service/{row}", to_text(random_id())
    await ada.open(one)
    assert ada.sees("A card tells her of the police, and tells the police nothing.")
    await ada.post(f"{one}/send", {"for": "", "part": part})
    assert ada.sees("Nothing was sent.")
    assert (await services.referrals.mine(signed))[0] == []
    await ada.post(f"{one}/send", {"for": "", "part": part, "asked": "yes"})
    assert ada.address == f"/desk/referrals/{part}"
    assert ada.sees("She asked for the police, or said yes to them")
    (found,), _ = await services.referrals.mine(signed)
    assert (found.referral.kind, found.referral.asked) == ("police", True)


async def test_a_partner_hotline_is_known_as_one_by_its_card_and_its_referral(ada: Walker, services: Services) -> None:
    await ada.open("/desk/me")
    signed = await services.staff.who(ada.cookie)
    row = to_text((await fill(services.directory, signed))[NATIONAL.name])
    one, part = f"/desk/directory/service/{row}", to_text(random_id())
    await ada.open(one)
    assert ada.sees("Partner hotline")
    assert ada.sees("This is another hotline.")
    await ada.post(f"{one}/send", {"for": "", "part": part})
    (found,), _ = await services.referrals.mine(signed)
    assert (found.referral.kind, found.referral.is_partner, found.referral.asked) == ("ngo", True, False)


async def test_what_she_agreed_to_in_a_case_counts_for_a_card_that_was_sent_before_there_was_one(
    ada: Walker, services: Services
) -> None:
    """The card went into the talk, the case was begun from its record, her yes was written down on the case."""
    await ada.open("/desk/me")
    signed = await services.staff.who(ada.cookie)
    record = await services.contacts.seal(ContactRecord(version=1, channel="chat", by="Ada"))
    await services.contacts.put(record)
    made = msgspec.structs.replace(MADE, organisation=ORGANISATION, about="contact", about_id=to_text(record.id))
    row = to_text(await services.referrals.write(signed, made))
    link = ContactLink(kind="contact", ref=record.id, day=record.day)
    case = await services.cases.begin(signed, CaseBody(by="Ada"), link=link)
    tells: dict[str, str | list[str]] = {"steps": ["asked"], "told": ["story"], "outcome": ""}
    await ada.post(f"/desk/referrals/{row}", tells)
    assert ada.sees("Nothing leaves")
    assert f"case.{to_text(case)}" in ada.page, "the way to her consents leads to the case"
    today = services.clock.now().date()
    agreed = Consent(
        version=1,
        kind=Kind.CASE,
        subject=case,
        whom=Whom.ORGANISATION,
        to_key=ORGANISATION,
        what=(What.STORY,),
        purpose=Purpose.HELP,
        day=today,
        until=today,
        language="es",
        way=Way.CHAT,
        by="Ada",
    )
    await services.consents.give(signed, agreed)
    await ada.post(f"/desk/referrals/{row}", tells)
    assert not ada.sees("Nothing leaves")
    (found,), _ = await services.referrals.mine(signed)
    assert found.referral.told == (What.STORY,)
