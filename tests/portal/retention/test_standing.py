"""Counts what stands and what is past its day, of every kind; days set at the desk count."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.ids import random_id
from portal.records.case_deciding import CaseDeciding
from portal.records.case_holds import CaseHolds
from portal.records.case_tables import cases
from portal.records.case_words import ContactLink
from portal.records.tables import contact_records
from portal.retention.standing import Looking, Standing
from tests.chat.conftest import ChatHouse, house, prepared
from tests.portal.records.test_case_staying import after
from tests.portal.records.test_cases import body, rows
from tests.portal.records.test_contacts import record, written

__all__ = ["house", "prepared"]
pytestmark = pytest.mark.anyio


async def kinds(house: ChatHouse) -> dict[str, Standing]:
    return {each.rule.kind: each for each in await Looking(house.services).kinds()}


async def test_days_set_at_the_desk_count_at_once_for_cases(house: ChatHouse) -> None:
    services = house.services
    await services.cases.begin(house.advocate, body())
    async with services.database.write() as connection:
        await services.desk_settings.set(connection, {"case_days": "40", "case_people_days": "30"})
    await services.desk_settings.look()
    assert (services.settings.case_days, services.case_staying.terms.case) == (730, 40)
    await after(house, 40)
    assert len(await rows(house, cases)) == 1
    await after(house, 1)
    assert await rows(house, cases) == []


async def test_every_kind_is_counted_and_what_is_past_its_day_is_said_with_what_a_hold_keeps(house: ChatHouse) -> None:
    services, book = house.services, house.services.cases
    other = replace(house.advocate, staff_id=random_id(), alias="Sam")
    kept, gone = [await written(house, record()) for _ in range(2)]
    case = await book.begin(house.advocate, body(), link=ContactLink(kind="contact", ref=kept))
    await book.begin(house.advocate, body(), link=ContactLink(kind="contact", ref=gone))
    for each in (house.advocate, other):
        await CaseDeciding(book, CaseHolds(book.staff)).hold(each, case, "A court asked.")
    found = await kinds(house)
    assert (found["Cases"].stands, found["Records of contacts"].stands) == (2, 2)
    assert [kind for kind, each in found.items() if not each.is_shown] == []
    house.clock.advance(timedelta(days=services.settings.case_days + 1))
    found = await kinds(house)
    for kind in ("Cases", "Records of contacts"):
        assert (found[kind].past, found[kind].held, found[kind].is_shown) == (2, 1, False)
    await after(house, 0)
    assert await services.contacts.forget_over()
    found = await kinds(house)
    assert [(each.past, each.held) for each in found.values() if each.past] == [(1, 1), (1, 1)]
    assert [kind for kind, each in found.items() if not each.is_shown] == []
    assert [row.id for row in await rows(house, contact_records)] == [kept]
