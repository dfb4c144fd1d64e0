"""The book of contacts: sealed by whoever writes, read by whoever holds the records, answered by a supervisor."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from chat.calls import Calls
from chat.protocol.calls import OpenCall
from portal.alerts.ladder import Call
from portal.ids import random_id
from portal.records.contact import ContactRecord, filled
from portal.records.contacts import AnsweredAlready, Contacts
from portal.records.supervising import SupervisorEntry
from portal.records.tables import contact_records, supervisor_entries
from tests.chat.conftest import ChatHouse, house, prepared
from tests.portal.staff.walker import acts

__all__ = ["house", "prepared"]
pytestmark = pytest.mark.anyio

AGREED = SupervisorEntry(version=1, verdict="agreed", by="Kim", harm_of_telling="Little.", harm_of_silence="Grave.")


def record(case: str = "none", supervisor: str = "shift", line: str = "The kestrel asked for a bed.") -> ContactRecord:
    said = {"type": ("crisis",), "case": (case,), "supervisor": (supervisor,)}
    return filled(ContactRecord(version=1, channel="phone", by="Robin"), said, line, is_whole=True)


async def written(house: ChatHouse, what: ContactRecord, *, row: bytes = b"", anew: bool = False) -> bytes:
    contacts = house.services.contacts
    sealed = await contacts.seal(what, row=row)
    await contacts.put(sealed, anew=anew)
    return sealed.id


async def at_the_desk(house: ChatHouse) -> tuple[OpenCall, ...]:
    async def nobody(_: bytes) -> str:
        return ""

    return await Calls(house.services.alerts, house.services.clock).shown(house.advocate, (), nobody)


async def calls(house: ChatHouse) -> list[Call]:
    return [call for _, call in await house.services.alerts.calls() if call.is_open]


async def test_a_record_opens_for_the_records_alone_and_stands_sealed_in_the_file(house: ChatHouse) -> None:
    row = await written(house, record())
    contacts = house.services.contacts
    (read,) = (await contacts.read(house.advocate)).rows
    assert (read.id, read.waits, read.record) == (row, "", record())
    # Whoever writes them and holds no key of the records reads none, her own neither.
    (closed,) = (await contacts.read(replace(house.advocate, _keys={}))).rows
    assert (closed.day, closed.record) == (read.day, None)
    async with house.services.database.read() as connection:
        (raw,) = (await connection.execute(select(contact_records))).all()
    assert (raw.day, raw.waits, len(raw.until)) == (house.clock.now().date().isoformat(), "", 10)
    assert set(raw._mapping) == {"id", "day", "waits", "sealed", "pepper", "mark", "until"}
    await house.services.database.checkpoint()
    assert b"kestrel" not in house.services.settings.database_path.read_bytes()
    # Who dealt with how many people is not counted for ever.
    assert not [act for act in await acts(house.services) if act.startswith("record.")]


async def test_under_one_name_a_record_is_kept_once_and_its_writer_may_write_it_anew(house: ChatHouse) -> None:
    row = await written(house, record(line="First."))
    await written(house, record(line="Second."), row=row)
    assert [each.record.line for each in (await house.services.contacts.read(house.advocate)).rows if each.record] == [
        "First."
    ]
    await written(house, record("possible", line="Third."), row=row, anew=True)
    (read,) = (await house.services.contacts.read(house.advocate)).rows
    assert (read.record is not None and read.record.line, read.waits) == ("Third.", "shift")


async def test_a_supervisor_is_told_at_once_and_called_at_the_speed_that_was_asked(house: ChatHouse) -> None:
    await written(house, record("none", "now"))
    assert await calls(house) == []
    await written(house, record("possible", "shift"))
    (call,) = await calls(house)
    assert (call.kind, call.has_rung) == ("case_shift", False)
    urgent = await written(house, record("yes", "now"))
    assert sorted(call.kind for call in await calls(house)) == ["case", "case_shift"]
    # On a desk both stand at once, without a word of what they are about; only one of them rings.
    shown = await at_the_desk(house)
    assert {(each.kind, each.loud) for each in shown} == {("case", True), ("case_shift", False)}
    assert await house.services.contacts.waiting() == (1, 1)
    assert await house.services.contacts.write(house.advocate, urgent, AGREED)
    assert [call.kind for call in await calls(house)] == ["case_shift"]
    # When its shift is over, it rings too.
    house.clock.advance(timedelta(hours=9))
    await house.services.alerts.look()
    shown = await at_the_desk(house)
    assert {(each.kind, each.loud) for each in shown} == {("case_shift", True)}


async def test_an_entry_answers_once_a_question_goes_on_waiting_and_nothing_is_written_over(house: ChatHouse) -> None:
    contacts = house.services.contacts
    row = await written(house, record("possible"))
    asked = SupervisorEntry(version=1, verdict="asked_more", by="Kim")
    assert await contacts.write(house.advocate, row, asked)
    assert (await contacts.read(house.advocate, waiting=True)).rows[0].waits == "asked"
    with pytest.raises(AnsweredAlready):
        await written(house, record("none"), row=row, anew=True)
    assert await contacts.write(house.advocate, row, AGREED)
    assert not await contacts.write(house.advocate, row, AGREED)
    assert not await contacts.write(house.advocate, random_id(), AGREED)
    found = await contacts.one(house.advocate, row)
    assert found is not None
    assert found[0].waits == "done"
    assert {each.entry.verdict for each in found[1] if each.entry} == {"asked_more", "agreed"}
    assert (await contacts.read(house.advocate, waiting=True)).rows == []
    closed = await contacts.one(replace(house.advocate, _keys={}), row)
    assert closed is not None
    assert [each.entry for each in closed[1]] == [None, None]


async def test_the_urgent_ones_wait_first_and_every_record_stands_on_one_page(
    house: ChatHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.records.contacts.SHOWN", 2)
    rows = []
    for number in range(5):
        rows.append(await written(house, record("possible", "now" if number == 4 else "shift")))
        house.clock.advance(timedelta(hours=30))
    contacts = house.services.contacts
    assert (await contacts.read(house.advocate, waiting=True)).rows[0].id == rows[4]
    found: list[bytes] = []
    after = None
    for _ in range(3):
        leaf = await contacts.read(house.advocate, after=after)
        found += [row.id for row in leaf.rows]
        after = None if leaf.ends is None else (leaf.ends.day, leaf.ends.id)
    assert (found, after) == (rows[::-1], None)


async def test_who_only_writes_rows_slips_none_in_and_answers_none(house: ChatHouse) -> None:
    contacts: Contacts = house.services.contacts
    row = await written(house, record("possible"))
    async with house.services.database.write() as connection:
        kept = (await connection.execute(select(contact_records))).one()
        await connection.execute(insert(contact_records).values(**{**kept._mapping, "id": random_id()}))
    assert [each.id for each in (await contacts.read(house.advocate)).rows] == [row]
    await contacts.write(house.advocate, row, AGREED)
    async with house.services.database.write() as connection:
        await connection.execute(update(supervisor_entries).values(record=random_id()))
        await connection.execute(update(contact_records).values(waits="shift"))
    assert (await contacts.read(house.advocate)).rows == []
    assert not await contacts.write(house.advocate, row, AGREED)


async def test_a_record_and_what_was_written_to_it_are_gone_after_their_days(house: ChatHouse) -> None:
    contacts = house.services.contacts
    row = await written(house, record("possible"))
    house.clock.advance(timedelta(days=300))
    await contacts.write(house.advocate, row, AGREED)
    house.clock.advance(timedelta(days=house.services.settings.record_days - 300))
    assert not await contacts.forget_over()
    house.clock.advance(timedelta(days=1))
    assert await contacts.forget_over()
    assert await contacts.empty_log()
    async with house.services.database.read() as connection:
        for table in (contact_records, supervisor_entries):
            assert (await connection.execute(select(table.c.id))).all() == []
