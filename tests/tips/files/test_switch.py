"""Holds pictures to being off until a procedure was confirmed, and the switch to being this house's own."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, select, update

from portal.staff.tables import audit
from tests.support.house_of_files import CONFIRMS
from tests.tips.conftest import TipHouse
from tests.tips.files.conftest import FilesHouse, files_house
from tips.files.book import FilesBook
from tips.files.switching import ASKED, CONFIRMED, Procedure, read_procedure
from tips.files.tables import tip_files_switch

pytestmark = pytest.mark.anyio


async def test_a_new_house_takes_no_pictures(house: TipHouse) -> None:
    assert not (await files_house(house).book.switch()).is_on


@pytest.mark.parametrize("left_out", [*CONFIRMED, *ASKED])
def test_without_any_one_answer_it_is_not_confirmed(left_out: str) -> None:
    assert isinstance(read_procedure(CONFIRMS), Procedure)
    said = {name: value for name, value in CONFIRMS.items() if name != left_out}
    wrongs = read_procedure(said)
    assert isinstance(wrongs, dict)
    assert list(wrongs) == [left_out]
    assert isinstance(read_procedure(CONFIRMS | {left_out: " "}), dict)
    assert isinstance(read_procedure(CONFIRMS | {left_out: "x" * 300}), dict)


async def test_what_was_confirmed_stands_among_the_records_and_in_the_chain(files: FilesHouse) -> None:
    services, robin = files.tips.services, files.tips.robin
    switch = await files.book.switch()
    row = await services.entries.one(robin, switch.entry)
    assert row is not None
    assert row.account is not None
    assert (row.kind, row.account.done, row.account.by) == ("files", CONFIRMED, robin.alias)
    assert (row.account.words, row.account.who, switch.whom) == (CONFIRMS["whom"], CONFIRMS["who"], CONFIRMS["whom"])
    await files.switching.switch_off(robin)
    assert not (await files.book.switch()).is_on
    async with services.database.read() as connection:
        acts = list((await connection.execute(select(audit.c.act).order_by(audit.c.n))).scalars())
    assert [act for act in acts if "files" in act] == ["entry.files", "files.on", "files.off"]


async def test_who_only_writes_rows_switches_nothing_on(house: TipHouse) -> None:
    files = files_house(house)
    row = {"id": 1, "word": "on", "entry": b"e" * 16, "whom": "", "by": house.robin.staff_id, "mark": bytes(32)}
    async with house.services.database.write() as connection:
        await connection.execute(insert(tip_files_switch).values(**row))
    assert not (await files.book.switch()).is_on
    await files.switches_on()
    await files.switching.switch_off(house.robin)
    async with house.services.database.write() as connection:
        await connection.execute(update(tip_files_switch).values(word="on"))
    assert not (await FilesBook(house.services.database, house.services.staff.folder).switch()).is_on


async def test_with_the_database_away_nothing_is_taken(files: FilesHouse) -> None:
    database = files.tips.services.database
    book = FilesBook(database, files.tips.services.staff.folder)
    path = files.tips.services.settings.database_path
    away = path.with_suffix(".away")
    path.rename(away)
    try:
        assert not (await book.switch()).is_on
    finally:
        away.rename(path)
