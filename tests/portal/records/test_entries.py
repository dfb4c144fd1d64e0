"""An entry is read by whoever holds the records, said by nobody else, and answered once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import delete, insert, select, update

from portal.ids import random_id
from portal.records.entries import Account, Entries
from portal.records.tables import sealed_entries
from portal.staff.tables import audit
from tests.chat.conftest import ChatHouse, house, prepared

__all__ = ["house", "prepared"]
pytestmark = pytest.mark.anyio

ACCOUNT = Account(about="child", outcome="impossible", words="The kestrel was told.", by="Robin", at_ms=5)


async def test_an_entry_opens_for_the_records_alone_and_stands_sealed_in_the_file(house: ChatHouse) -> None:
    entries = house.services.entries
    row = await entries.write("danger", ACCOUNT, house.advocate.staff_id)
    (read,) = await entries.read(house.advocate)
    assert (read.id, read.kind, read.answer, read.account) == (row, "danger", "", ACCOUNT)
    (closed,) = await entries.read(replace(house.advocate, _keys={}))
    assert (closed.kind, closed.account) == ("danger", None)
    await house.services.database.checkpoint()
    assert b"kestrel" not in house.services.settings.database_path.read_bytes()
    async with house.services.database.read() as connection:
        acts = [(line.act, line.subject) for line in await connection.execute(select(audit))]
    assert ("entry.danger", row) in acts


async def test_under_one_name_an_entry_is_kept_once(house: ChatHouse) -> None:
    entries, row = house.services.entries, random_id()
    for _ in range(2):
        await entries.write("danger", ACCOUNT, house.advocate.staff_id, row=row)
    assert [each.id for each in await entries.read(house.advocate)] == [row]


async def test_one_that_waits_is_answered_once_and_stands_first_until_then(house: ChatHouse) -> None:
    entries = house.services.entries
    await entries.write("danger", ACCOUNT, house.advocate.staff_id)
    waits = await entries.write("danger", ACCOUNT, house.advocate.staff_id, answer="waits")
    assert next(iter(await entries.read(house.advocate))).id == waits
    assert await entries.answer(house.advocate, waits, "no")
    assert not await entries.answer(house.advocate, waits, "yes")
    assert not await entries.answer(house.advocate, random_id(), "yes")
    one = await entries.one(house.advocate, waits)
    assert one is not None
    assert (one.answer, one.answered_by, one.account) == ("no", house.advocate.staff_id, ACCOUNT)


async def test_who_only_writes_rows_slips_no_entry_in_and_answers_none(
    house: ChatHouse, caplog: pytest.LogCaptureFixture
) -> None:
    entries: Entries = house.services.entries
    row = await entries.write("danger", ACCOUNT, house.advocate.staff_id, answer="waits")
    async with house.services.database.write() as connection:
        kept = (await connection.execute(select(sealed_entries))).one()
        await connection.execute(insert(sealed_entries).values(**{**kept._mapping, "id": random_id()}))
    assert [each.id for each in await entries.read(house.advocate)] == [row]
    async with house.services.database.write() as connection:
        await connection.execute(delete(sealed_entries).where(sealed_entries.c.id != row))
        await connection.execute(update(sealed_entries).values(answer="yes"))
    assert list(await entries.read(house.advocate)) == []
    assert not await entries.answer(house.advocate, row, "yes")
    assert "sealed_entry_refused" in caplog.text
