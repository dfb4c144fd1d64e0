"""How long what belongs to a case stays: names first, then people, then all of it, unless two people hold it."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update

from portal.errors import NotThere
from portal.ids import random_id
from portal.records.case_deciding import CaseDeciding, EntryNeeded
from portal.records.case_holds import CaseHolds, HeldNow
from portal.records.case_people import CasePeople
from portal.records.case_proving import erase_again
from portal.records.case_tables import PARTS, case_holds, case_people, case_tombstones, cases
from portal.records.case_words import ContactLink, PersonBody
from portal.staff.sessions.session import Signed
from portal.store.sought import PIECE
from tests.chat.conftest import ChatHouse, house, prepared
from tests.portal.records.test_cases import body, rows
from tests.portal.records.test_contacts import AGREED, record, written

__all__ = ["house", "prepared"]
pytestmark = pytest.mark.anyio


async def named(house: ChatHouse) -> bytes:
    """A case with one person, who is named."""
    book = house.services.cases
    case = await book.begin(house.advocate, body())
    people = CasePeople(book, CaseHolds(book.staff))
    await people.add(house.advocate, case, PersonBody(said={"age": ("adult",)}), {"name": "Kestrel Lane"})
    return case


async def after(house: ChatHouse, days: int) -> None:
    house.clock.advance(timedelta(days=days))
    staying = house.services.case_staying
    while await staying.forget_over():
        pass
    assert await staying.empty_log()


async def held_by(house: ChatHouse, *people: Signed) -> bytes:
    book = house.services.cases
    deciding, case = CaseDeciding(book, CaseHolds(book.staff)), await named(house)
    for each in people:
        await deciding.hold(each, case, "A court asked.")
    return case


async def test_names_go_first_then_people_then_the_case_and_nothing_is_found_of_them(house: ChatHouse) -> None:
    case, settings = await named(house), house.services.settings
    (was,) = await rows(house, case_people)
    await after(house, settings.case_names_days)
    assert (await rows(house, case_people))[0].names != b""
    await after(house, 1)
    (person,) = (await house.services.cases.whole(house.advocate, case)).people
    assert (person.has_names, person.body is not None) == (False, True)
    await after(house, settings.case_people_days - settings.case_names_days)
    assert await rows(house, case_people) == []
    assert (await house.services.cases.open(house.advocate, case)).body.get("likelihood") == "none"
    await after(house, settings.case_days - settings.case_people_days)
    for table in (cases, *PARTS):
        assert await rows(house, table) == []
    place = settings.database_place
    assert isinstance(place, Path)
    held = b"".join(path.read_bytes() for path in place.parent.glob(f"{place.name}*"))
    assert was.names[PIECE] not in held
    assert was.sealed[PIECE] not in held
    proofs = await house.services.case_staying.proving.proofs()
    assert [(proof.erased, proof.is_shown) for proof in proofs] == [(1, True)] * 3


async def test_work_on_it_begins_its_days_anew(house: ChatHouse) -> None:
    case, days = await named(house), house.services.settings.case_days
    await after(house, days - 600)
    book = house.services.cases
    await CaseDeciding(book, CaseHolds(book.staff)).keep(house.advocate, case)
    await after(house, 601)
    assert (await book.open(house.advocate, case)).touched < book.today


async def test_what_two_people_hold_stays_and_nobody_erases_it(house: ChatHouse) -> None:
    other = replace(house.advocate, staff_id=random_id(), alias="Sam")
    case = await held_by(house, house.advocate, other)
    asked = await held_by(house, house.advocate)
    await after(house, house.services.settings.case_days + 1)
    assert [row.id for row in await rows(house, cases)] == [case]
    with pytest.raises(HeldNow):
        await house.services.case_staying.erase(house.advocate, case)
    with pytest.raises(NotThere):
        await house.services.cases.open(house.advocate, asked)  # asked for by one is not held
    book = house.services.cases
    for each in (other, house.advocate):
        await CaseDeciding(book, CaseHolds(book.staff)).hold(each, case, "The court is done.")
    await house.services.case_staying.erase(house.advocate, case)
    assert await rows(house, cases) == []


async def test_the_records_of_a_case_that_is_held_stay_with_it(house: ChatHouse) -> None:
    book, other = house.services.cases, replace(house.advocate, staff_id=random_id(), alias="Sam")
    contacts, deciding = house.services.contacts, CaseDeciding(book, CaseHolds(book.staff))
    kept, gone = [await written(house, record()) for _ in range(2)]
    case = await book.begin(house.advocate, body(), link=ContactLink(kind="contact", ref=kept))
    await book.begin(house.advocate, body(), link=ContactLink(kind="contact", ref=gone))
    for each in (house.advocate, other):
        await deciding.hold(each, case, "A court asked.")
    house.clock.advance(timedelta(days=house.services.settings.record_days + 1))
    assert await contacts.forget_over()
    assert set(await contacts.some(house.advocate, [kept, gone])) == {kept}
    assert not await contacts.forget_over()


async def test_a_case_that_is_opened_again_is_closed_by_a_new_entry_alone(house: ChatHouse) -> None:
    book = house.services.cases
    deciding, case = CaseDeciding(book, CaseHolds(book.staff)), await book.begin(house.advocate, body("possible"))
    await deciding.write(house.advocate, case, AGREED)
    await deciding.set_status(house.advocate, case, "referred", "A shelter took over.")
    closed = (await book.open(house.advocate, case)).body
    assert (closed.word("closure"), closed.closed) == ("A shelter took over.", book.today)
    await deciding.set_status(house.advocate, case, "active", "")
    again = await book.open(house.advocate, case)
    assert (again.waits, again.body.closed, again.body.word("closure")) == ("shift", "", "")
    with pytest.raises(EntryNeeded):
        await deciding.set_status(house.advocate, case, "closed", "Nothing more to do.")


async def test_who_meddles_with_the_list_of_holds_frees_nothing(
    house: ChatHouse, caplog: pytest.LogCaptureFixture
) -> None:
    other = replace(house.advocate, staff_id=random_id(), alias="Sam")
    case = await held_by(house, house.advocate, other)
    async with house.services.database.write() as connection:
        await connection.execute(update(case_holds).where(case_holds.c.n == 2).values(word="ended"))
    with caplog.at_level(logging.CRITICAL):
        await after(house, house.services.settings.case_days + 1)
    assert [row.id for row in await rows(house, cases)] == [case]


async def test_what_was_erased_stays_erased_in_a_house_that_is_put_back(house: ChatHouse) -> None:
    gone, stays = await named(house), await named(house)
    kept: list[Any] = [row for table in (cases, *PARTS) for row in [(table, each) for each in await rows(house, table)]]
    await house.services.case_staying.erase(house.advocate, gone)
    stones = [(row.id, row.day) for row in await rows(house, case_tombstones)]
    assert len(stones) == 2
    async with house.services.database.write() as connection:  # the rows of a backup of the day before
        for table in (case_tombstones, cases, *PARTS):
            await connection.execute(delete(table))
        for table, row in kept:
            await connection.execute(table.insert().values(**row._mapping))
        for erased in (1, 0):
            assert await connection.run_sync(erase_again, stones) == erased
        assert await connection.scalar(select(func.count()).select_from(case_people)) == 1
    assert (await house.services.cases.open(house.advocate, stays)).id == stays
