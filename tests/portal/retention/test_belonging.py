"""What was made for a case goes when the case goes, stays while a hold keeps it, and stays gone in a house put back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import delete, insert

from portal.directory.referral import About, Referral
from portal.directory.referral_tables import referrals
from portal.ids import random_id, to_text
from portal.records.case_deciding import CaseDeciding
from portal.records.case_holds import CaseHolds
from portal.records.case_proving import erase_again
from portal.records.case_tables import case_tombstones
from portal.records.case_words import ContactLink
from portal.retention.standing import Looking
from tests.chat.conftest import ChatHouse, house, prepared
from tests.portal.records.test_cases import body, rows
from tests.portal.records.test_contacts import record, written

__all__ = ["house", "prepared"]
pytestmark = pytest.mark.anyio

MADE = Referral(
    service="s",
    service_name="Kestrel shelter",
    organisation="o",
    organisation_name="Haven",
    kind="ngo",
    way="card",
)


async def referred(house: ChatHouse, kind: About, thing: bytes) -> bytes:
    made = msgspec.structs.replace(MADE, about=kind, about_id=to_text(thing))
    return await house.services.referrals.write(house.advocate, made)


async def referral_ids(house: ChatHouse) -> set[bytes]:
    return {row.id for row in await rows(house, referrals)}


async def test_a_case_that_is_erased_takes_its_referrals_and_no_other_and_a_backup_brings_none_back(
    house: ChatHouse,
) -> None:
    book, services = house.services.cases, house.services
    case, other = await book.begin(house.advocate, body()), await book.begin(house.advocate, body())
    hers, more = await referred(house, "case", case), await referred(house, "case", case)
    stays = {await referred(house, "case", other), await referred(house, "contact", case)}
    stays.add(await services.referrals.write(house.advocate, MADE))
    before = await rows(house, referrals)
    # On the disk no two are alike, though two are for one case.
    assert len({row.part for row in before}) == len(before) == 5
    assert len({len(row.part) for row in before}) == 1
    await services.case_staying.erase(house.advocate, case)
    assert await referral_ids(house) == stays
    (proof,) = await services.case_staying.proving.proofs()
    assert (proof.erased, proof.searched, proof.is_shown) == (3, 3, True)
    assert {hers, more, case} == {row.id for row in await rows(house, case_tombstones)}
    async with services.database.write() as connection:  # the rows of a backup of the day before
        await connection.execute(delete(referrals))
        await connection.execute(insert(referrals), [dict(row._mapping) for row in before])
        await connection.run_sync(erase_again, [])
    assert await referral_ids(house) == stays


async def test_what_a_hold_keeps_keeps_what_was_made_for_it_and_for_its_contacts(house: ChatHouse) -> None:
    book, services = house.services.cases, house.services
    other = replace(house.advocate, staff_id=random_id(), alias="Sam")
    contact = await written(house, record())
    case = await book.begin(house.advocate, body(), link=ContactLink(kind="contact", ref=contact))
    kept = {await referred(house, "case", case), await referred(house, "contact", contact)}
    gone = await referred(house, "case", random_id())
    for each in (house.advocate, other):
        await CaseDeciding(book, CaseHolds(book.staff)).hold(each, case, "A court asked.")
    house.clock.advance(timedelta(days=services.settings.referral_days + 1))
    assert await services.along.forget_over()
    assert await referral_ids(house) == kept
    assert gone not in kept
    assert not await services.along.forget_over()
    (kind,) = [each for each in await Looking(services).kinds() if each.rule.kind == "Referrals"]
    assert (kind.stands, kind.past, kind.held, kind.is_shown) == (2, 2, 2, True)
    for each in (other, house.advocate):
        await CaseDeciding(book, CaseHolds(book.staff)).hold(each, case, "The court is done.")
    (kind,) = [each for each in await Looking(services).kinds() if each.rule.kind == "Referrals"]
    assert (kind.past, kind.held, kind.is_shown) == (2, 0, False)
    assert await services.along.forget_over()
    assert await referral_ids(house) == set()
