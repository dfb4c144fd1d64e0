"""Consents and decisions go with the case they belong to, stay while a hold keeps it, and stay gone after a restore."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.consent.tables import consents
from portal.duty.tables import decisions
from portal.records.case_deciding import CaseDeciding
from portal.records.case_holds import CaseHolds
from portal.records.case_proving import erase_again
from portal.records.case_words import CaseBody
from tests.chat.conftest import ChatHouse, house, prepared
from tests.support.consents import decision, yes

__all__ = ["house", "prepared"]
pytestmark = pytest.mark.anyio


async def agreed(house: ChatHouse) -> bytes:
    """A case with a consent and a decision."""
    case, today = await house.services.cases.begin(house.advocate, CaseBody()), house.clock.now().date()
    await house.services.consents.give(house.advocate, yes(today, subject=case))
    await house.services.duty.write(house.advocate, decision(today, subject=case))
    return case


async def left(house: ChatHouse) -> list[int]:
    async with house.services.database.read() as connection:
        return [len((await connection.execute(select(table))).all()) for table in (consents, decisions)]


async def test_what_was_agreed_and_decided_goes_with_its_case_and_stays_gone(house: ChatHouse) -> None:
    services, case = house.services, await agreed(house)
    await agreed(house)
    async with services.database.read() as connection:
        kept = [dict(row._mapping) for row in (await connection.execute(select(consents))).all()]
    await services.case_staying.erase(house.advocate, case)
    assert await left(house) == [1, 1]
    proofs = await services.case_staying.proving.proofs()
    assert [(proof.erased, proof.is_shown) for proof in proofs] == [(3, True)]
    async with services.database.write() as connection:
        stays = set(await connection.scalars(select(consents.c.id)))
        (gone,) = [row for row in kept if row["id"] not in stays]
        await connection.execute(consents.insert().values(**gone))
        await connection.run_sync(erase_again, [])
    assert await left(house) == [1, 1]


async def test_a_hold_on_the_case_keeps_them_beyond_their_day(house: ChatHouse) -> None:
    services, held = house.services, await agreed(house)
    await agreed(house)
    deciding = CaseDeciding(services.cases, CaseHolds(services.staff))
    for each in (house.advocate, house.another("Kim")):
        await deciding.hold(each, held, "A court asked.")
    house.clock.advance(timedelta(days=31 + services.settings.record_days))
    assert await services.along.forget_over()
    assert await left(house) == [1, 1]
    assert len(await services.consents.of(house.advocate, [yes(house.clock.now().date(), subject=held).about])) == 1
