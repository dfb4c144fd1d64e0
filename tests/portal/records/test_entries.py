"""An entry is read by whoever holds the records, said by nobody else, and answered once."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from msgspec.structs import replace as replace_words
from sqlalchemy import delete, insert, select, update

from portal.ids import random_id
from portal.records.entries import Account, Entries
from portal.records.tables import sealed_entries
from portal.services import Services
from portal.staff.tables import audit
from tests.chat.conftest import ChatHouse, house, prepared
from tests.portal.staff.walker import set_up, walker

__all__ = ["house", "prepared"]
pytestmark = pytest.mark.anyio

ACCOUNT = Account(about="child", outcome="impossible", words="The kestrel was told.", by="Robin", at_ms=5)


async def test_an_entry_opens_for_the_records_alone_and_stands_sealed_in_the_file(house: ChatHouse) -> None:
    entries = house.services.entries
    row = await entries.write("danger", ACCOUNT, house.advocate.staff_id)
    (read,) = (await entries.read(house.advocate)).rows
    assert (read.id, read.kind, read.answer, read.account) == (row, "danger", "", ACCOUNT)
    assert "kestrel" not in repr(read)
    (closed,) = (await entries.read(replace(house.advocate, _keys={}))).rows
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
    assert [each.id for each in (await entries.read(house.advocate)).rows] == [row]


async def test_one_that_waits_is_answered_once_and_stands_first_until_then(house: ChatHouse) -> None:
    entries = house.services.entries
    await entries.write("danger", ACCOUNT, house.advocate.staff_id)
    waits = await entries.write("danger", ACCOUNT, house.advocate.staff_id, answer="waits")
    assert (await entries.read(house.advocate)).rows[0].id == waits
    assert await entries.answer(house.advocate, waits, "no")
    assert not await entries.answer(house.advocate, waits, "yes")
    assert not await entries.answer(house.advocate, random_id(), "yes")
    one = await entries.one(house.advocate, waits)
    assert one is not None
    assert (one.answer, one.answered_by, one.account) == ("no", house.advocate.staff_id, ACCOUNT)


@pytest.mark.parametrize("waiting", [0, 2, 5])
async def test_every_entry_stands_on_one_page_of_the_book(
    house: ChatHouse, monkeypatch: pytest.MonkeyPatch, waiting: int
) -> None:
    monkeypatch.setattr("portal.records.entries.SHOWN", 3)
    entries = house.services.entries
    written = []
    for number in range(8):
        house.clock.advance(timedelta(hours=9))  # some on the same day
        is_waiting = number < waiting
        row = await entries.write("danger", ACCOUNT, house.advocate.staff_id, answer="waits" if is_waiting else "")
        written.append((not is_waiting, -house.clock.now().date().toordinal(), row))
    # One that nobody here wrote, at the very end of a page, hides nothing of what follows.
    fourth = sorted(written)[2][2]
    async with house.services.database.write() as connection:
        await connection.execute(update(sealed_entries).where(sealed_entries.c.id == fourth).values(kind="kept"))
    found: list[bytes] = []
    after = None
    for _ in range(3):
        leaf = await entries.read(house.advocate, after)
        found += [row.id for row in leaf.rows]
        after = leaf.ends
        if after is None:
            break
    assert after is None
    assert found == [row for *_, row in sorted(written) if row != fourth]


async def test_the_page_leads_on_to_older_ones_and_back(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.records.entries.SHOWN", 3)
    ada = await set_up(walker(services))
    for number in range(7):
        await services.entries.write("danger", replace_words(ACCOUNT, words=f"kestrel {number}."), bytes(16))
    seen: list[str] = []
    await ada.open("/desk/entries")
    while onward := re.search(r'href="(/desk/entries\?after=[^"]+)"', ada.page):
        seen += re.findall(r"kestrel \d", ada.page)
        assert await ada.open(onward[1]) == 203
        assert ada.sees("Back to the newest")
    seen += re.findall(r"kestrel \d", ada.page)
    assert sorted(seen) == [f"kestrel {number}" for number in range(7)]
    for broken in ("w", "d2026-02-30.AAAAAAAAAAAAAAAAAAAAAA", "d2026-02-03.A", "d2026-02-03"):
        assert await ada.open(f"/desk/entries?after={broken}") == 404


async def test_who_only_writes_rows_slips_no_entry_in_and_answers_none(
    house: ChatHouse, caplog: pytest.LogCaptureFixture
) -> None:
    entries: Entries = house.services.entries
    row = await entries.write("danger", ACCOUNT, house.advocate.staff_id, answer="waits")
    async with house.services.database.write() as connection:
        kept = (await connection.execute(select(sealed_entries))).one()
        await connection.execute(insert(sealed_entries).values(**{**kept._mapping, "id": random_id()}))
    assert [each.id for each in (await entries.read(house.advocate)).rows] == [row]
    async with house.services.database.write() as connection:
        await connection.execute(delete(sealed_entries).where(sealed_entries.c.id != row))
        await connection.execute(update(sealed_entries).values(answer="yes"))
    assert (await entries.read(house.advocate)).rows == []
    assert not await entries.answer(house.advocate, row, "yes")
    assert "sealed_entry_refused" in caplog.text
