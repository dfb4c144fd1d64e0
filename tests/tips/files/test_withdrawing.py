"""Holds the erasing of one file to its promise: gone for good, alone, and told alike where the law freezes it."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from portal.errors import NotThere
from tests.support import photos
from tests.tips.files.conftest import FilesHouse
from tests.tips.files.test_pages import opens_her_note, sends
from tests.tips.phone import Phone
from tests.tips.test_on_disk import on_disk
from tips.files import store
from tips.files.tables import tip_file_keys, tip_file_pieces, tip_files
from tips.files.withdrawing import Withdrawing
from tips.restoring import erase_again
from tips.tables import tip_tombstones

pytestmark = pytest.mark.anyio

MORE = "/en/note/back/more"
STEP = 0.4


@pytest.fixture(autouse=True)
def short_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Long enough for all there is to do, short enough for whoever waits for the tests."""
    monkeypatch.setattr("tips.files.withdrawing.STEP_SECONDS", STEP)


@pytest.fixture
def withdrawing(files: FilesHouse) -> Withdrawing:
    return Withdrawing(files.tips.services, files.uploads, files.tips.retention)


async def test_one_file_is_erased_for_good_and_no_other(files: FilesHouse, withdrawing: Withdrawing) -> None:
    visit = await files.visits()
    one = await files.sends(visit, photos.noise(400, 300), keeps=True)
    other = await files.sends(visit, photos.phone_photo())
    async with files.tips.services.database.read() as connection:
        of_one = (await connection.execute(select(tip_file_pieces.c.box).where(tip_file_pieces.c.file == one))).all()
        salts = await store.read_salts(connection, one)
        card = await store.read_file(connection, one)
    assert salts is not None
    assert card is not None
    sealed = [row.box[at : at + 24] for row in of_one for at in (40, 9000)] + [
        *(salts.copy, salts.original, card.card[100:124])
    ]
    before = on_disk(files.tips)
    assert [each for each in sealed if each not in before] == []
    await withdrawing.withdraw(visit, one)
    after = on_disk(files.tips)
    assert [each for each in sealed if each in after] == []
    assert [row.id for row in await files.showing.of_tip(files.tips.robin, visit.tip)] == [other]
    assert [file.id for file in await withdrawing.hers(visit)] == [other]
    await withdrawing.withdraw(visit, one)  # twice is once
    assert await files.tips.follow_up.read(visit)


async def test_an_older_backup_does_not_bring_an_erased_file_back(files: FilesHouse, withdrawing: Withdrawing) -> None:
    visit, database = await files.visits(), files.tips.services.database
    one, other = await files.sends(visit, photos.phone_photo()), await files.sends(visit, photos.phone_photo())
    async with database.read() as connection:
        was = {
            table: [dict(row._mapping) for row in await connection.execute(select(table))]
            for table in (tip_files, tip_file_pieces, tip_file_keys)
        }
    await withdrawing.withdraw(visit, one)
    async with database.write() as connection:
        marks = [(row.tip, row.day) for row in await connection.execute(select(tip_tombstones))]
        for table, rows in was.items():
            await connection.execute(table.delete())
            await connection.execute(table.insert(), rows)
        await connection.run_sync(lambda plain: erase_again(plain, marks))
    async with database.read() as connection:
        assert [row.id for row in await store.of_tip(connection, visit.tip)] == [other]
        assert await store.read_pieces(connection, one, store.DRAWN) == []
        assert await store.read_salts(connection, one) is None


async def test_a_frozen_file_is_erased_for_her_alone_in_the_same_words_and_time(
    files: FilesHouse, withdrawing: Withdrawing
) -> None:
    visit, robin = await files.visits(), files.tips.robin
    kim = replace(robin, staff_id=b"k" * 16)
    frozen, plain = await files.sends(visit, photos.phone_photo()), await files.sends(visit, photos.noise(1200, 900))
    for who in (robin, kim):
        await files.freezing.say(who, visit.tip, frozen, "freeze")
    took = {}
    for file_id in (frozen, plain, frozen):
        began = asyncio.get_running_loop().time()
        await withdrawing.withdraw(visit, file_id)
        took[file_id] = asyncio.get_running_loop().time() - began
    # A whole step each, whatever there was to do; the rest is the noise of the clock.
    assert [round(seconds / STEP, 1) for seconds in took.values()] == [1.0, 1.0]
    assert await withdrawing.hers(visit) == []
    (row,) = await files.showing.of_tip(robin, visit.tip)
    assert (row.id, row.held is not None) == (frozen, True)
    for who in (robin, kim):
        await files.freezing.say(who, visit.tip, frozen, "free")
    assert await files.showing.of_tip(robin, visit.tip) == []  # let go: what she erased is erased


async def test_another_tips_file_is_not_hers_to_erase(files: FilesHouse, withdrawing: Withdrawing) -> None:
    visit, stranger = await files.visits(), await files.visits()
    one = await files.sends(visit, photos.phone_photo())
    with pytest.raises(NotThere):
        await withdrawing.withdraw(stranger, one)
    assert [file.id for file in await withdrawing.hers(visit)] == [one]


async def test_she_erases_one_by_a_tap_and_a_question(files: FilesHouse, phone: Phone) -> None:
    tip = await opens_her_note(phone)
    await sends(phone, photos.phone_photo())
    name = re.findall(r'name="p" value="([^"]+)">\s*<span id="own-', phone.answer.text)[0]
    fields = {"t": phone.hidden("t"), "p": name}
    for _ in range(2):
        asked = await phone.posts(MORE, {**fields, "do": "item"})
        assert "Erase this file?" in asked.text
        assert "We keep safety copies. After 14 days they cannot open it either." in asked.text
    stays = await phone.posts(MORE, {**fields, "do": "open"})
    assert "One file is here." in stays.text
    gone = await phone.posts(MORE, {**fields, "do": "gone"})
    assert "It is erased." in gone.text
    assert "is here." not in gone.text
    assert await files.showing.of_tip(files.tips.robin, tip) == []
    wrong = await phone.posts(MORE, {"t": fields["t"], "p": "x", "do": "gone"})
    assert 'name="number"' in wrong.text


def test_the_room_of_a_house_is_summed_from_an_index_alone() -> None:
    """No row is read for it, and nothing is counted beside the rows: there is nothing that could drift."""
    assert [index.name for index in tip_files.indexes if list(index.columns) == [tip_files.c.pieces]]
