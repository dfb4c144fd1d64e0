"""The same is found in a file and on a server, in any language, by place, need and language together."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from portal.directory import indexing
from portal.directory.book import HasServices
from portal.directory.entry import Organisation, read_service, write
from portal.directory.finding import Wanted
from portal.directory.tables import organisations, services, words
from portal.staff.tables import audit
from tests.chat.conftest import ChatHouse, house, prepared
from tests.portal.directory.conftest import GONE, HAVEN, LAWYER, NATIONAL, SHELTER, fill

__all__ = ["house", "prepared"]
pytestmark = pytest.mark.anyio

UNIT = "Trafficking unit"
FOUND = [
    (Wanted(), {SHELTER.name, LAWYER.name, NATIONAL.name, UNIT}),
    (Wanted(typed="庇護"), {SHELTER.name}),
    (Wanted(typed="บ้านพัก"), {LAWYER.name}),
    (Wanted(typed="الملجا"), {LAWYER.name}),
    (Wanted(typed="montreal"), {LAWYER.name}),
    (Wanted(typed="haven th bay"), {SHELTER.name}),
    (Wanted(typed="8075550142"), {SHELTER.name}),
    (Wanted(typed="OPP"), {UNIT}),
    (Wanted(typed="'\" * OR NOT :* & | ! (("), set()),
    (Wanted(region="ca-on"), {SHELTER.name, NATIONAL.name, UNIT}),
    (Wanted(region="ca"), {SHELTER.name, LAWYER.name, NATIONAL.name, UNIT}),
    (Wanted(need="bed"), {SHELTER.name}),
    (Wanted(language="zh-Hans"), {SHELTER.name, LAWYER.name}),
    (Wanted(language="es", region="ca-qc", need="lawyer"), {LAWYER.name}),
    (Wanted(population="men"), {LAWYER.name, NATIONAL.name, UNIT}),
    (Wanted(kind="police"), {UNIT}),
    (Wanted(kind="police", sub="provincial", region="ca-on"), {UNIT}),
    (Wanted(kind="police", sub="municipal", region="ca-on"), set()),
    (Wanted(sub="direct", phase="emergency"), {SHELTER.name}),
    (Wanted(area="trafficking", phase="emergency"), {SHELTER.name}),
    (Wanted(public=True), {SHELTER.name}),
    (Wanted(need="bed", with_closed=True), {SHELTER.name, GONE.name}),
]


async def test_words_place_need_and_language_find_the_same_everywhere(house: ChatHouse) -> None:
    book = house.services.directory
    await fill(book, house.advocate)
    for wanted, names in FOUND:
        leaf = await book.find(wanted)
        assert {each.service.name for each in leaf.rows} == names, wanted
        assert not leaf.more


async def test_what_the_name_says_comes_first_and_then_the_alphabet(house: ChatHouse) -> None:
    book = house.services.directory
    await fill(book, house.advocate)
    haven = (await book.find(Wanted(typed="haven"))).rows[0].organisation_id
    for name in ("Haven of rest", "Aaron's place"):
        await book.add_service(house.advocate, haven, NATIONAL.__class__(name=name))
    leaf = await book.find(Wanted(typed="haven"))
    assert [each.service.name for each in leaf.rows][:3] == ["Haven of rest", "Aaron's place", NATIONAL.name]


async def test_a_changed_entry_is_found_by_its_new_words_alone(house: ChatHouse) -> None:
    book = house.services.directory
    rows = await fill(book, house.advocate)
    assert await book.change_service(house.advocate, rows[SHELTER.name], LAWYER)
    assert await book.change_organisation(house.advocate, rows[HAVEN.name], Organisation(name="Ark", kind="ngo"))
    assert not (await book.find(Wanted(typed="haven"))).rows
    assert not (await book.find(Wanted(need="bed"))).rows
    assert len((await book.find(Wanted(typed="ark juri"))).rows) == 2
    await book.remove_service(house.advocate, rows[SHELTER.name])
    assert len((await book.find(Wanted(typed="ark juri"))).rows) == 1
    with pytest.raises(HasServices):
        await book.remove_organisation(house.advocate, rows[HAVEN.name])


async def test_an_entry_somebody_else_wrote_is_nobodys(house: ChatHouse, caplog: pytest.LogCaptureFixture) -> None:
    """Whoever can write rows would send people in need to himself."""
    book = house.services.directory
    rows = await fill(book, house.advocate)
    async with house.services.database.write() as connection:
        body = (
            await connection.execute(select(services.c.body).where(services.c.id == rows[SHELTER.name]))
        ).scalar_one()
        forged = write(read_service(body.replace("8075550142", "8075550666")))
        await connection.execute(update(services).where(services.c.id == rows[SHELTER.name]).values(body=forged))
    assert await book.service(rows[SHELTER.name]) is None
    assert SHELTER.name not in {each.service.name for each in (await book.find(Wanted())).rows}
    assert not await book.review(house.advocate, rows[SHELTER.name])
    async with house.services.database.write() as connection:
        await connection.execute(update(organisations).values(body=write(Organisation(name="Trap", kind="ngo"))))
    assert (await book.find(Wanted())).rows == []
    assert "directory_entry_refused" in caplog.text


async def test_the_index_is_made_again_from_its_rows(house: ChatHouse) -> None:
    """As a backup that is put back does: it brings the rows, and no index."""
    book, database = house.services.directory, house.services.database
    await fill(book, house.advocate)
    async with database.write() as connection:
        kept = [dict(row._mapping) for row in await connection.execute(select(words))]
        await indexing.forget(connection, [row["number"] for row in kept])
    assert (await book.find(Wanted(typed="haven"))).rows == []
    async with database.write() as connection:
        await connection.execute(words.insert(), kept)
        await connection.run_sync(indexing.index_again)
    assert len((await book.find(Wanted(typed="haven"))).rows) == 3


async def test_what_was_changed_is_in_the_audit_and_what_was_looked_up_is_not(house: ChatHouse) -> None:
    book = house.services.directory
    rows = await fill(book, house.advocate)
    for wanted, _ in FOUND:
        await book.find(wanted)
    await book.service(rows[SHELTER.name])
    await book.review(house.advocate, rows[SHELTER.name])
    async with house.services.database.read() as connection:
        acts = [act for (act,) in await connection.execute(select(audit.c.act)) if "director" in act]
    assert acts == ["directory.added"] * 7 + ["directory.reviewed"]
