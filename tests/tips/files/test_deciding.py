"""Holds what becomes of a frozen file to two people's word, and to being seen when somebody takes its rows away."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest
from sqlalchemy import Executable, delete, select, text, update

from portal.errors import NotThere
from portal.ids import random_key, to_text
from portal.staff.sessions.session import Signed
from portal.staff.tables import audit
from tests.support import photos
from tests.support.html import Document
from tests.tips.desk import Desk, where
from tests.tips.files.conftest import FilesHouse
from tests.tips.files.test_desk_pages import acts
from tests.tips.files.test_uploads import rows
from tests.tips.test_on_disk import on_disk
from tips import store as tip_store
from tips.access import Visit
from tips.files import store
from tips.files.holds import Act, Hold, SecondPersonNeeded, WordsNeeded
from tips.files.tables import tip_file_holds, tip_file_keys, tip_files
from tips.work import sealed

pytestmark = pytest.mark.anyio

REPORTED = "National centre, number 4711, 4 March"


def kim(files: FilesHouse) -> Signed:
    """A second person."""
    return replace(files.tips.robin, staff_id=b"k" * 16, alias="Kim")


async def frozen(files: FilesHouse) -> tuple[Visit, bytes]:
    """A photo that two people have frozen."""
    visit = await files.visits()
    file_id = await files.sends(visit, photos.phone_photo())
    for who in (files.tips.robin, kim(files)):
        await files.freezing.say(who, visit.tip, file_id, "freeze")
    return visit, file_id


async def nobody_opens(files: FilesHouse, tip: bytes, file_id: bytes) -> bool:
    for how in ("seen", "copied", "original"):
        with pytest.raises(NotThere):
            await files.showing.open(files.tips.robin, tip, file_id, how)
    return True


async def test_one_that_was_reported_is_kept_for_the_police_by_two_people_and_opens_for_nobody(
    files: FilesHouse,
) -> None:
    visit, file_id = await frozen(files)
    robin = files.tips.robin
    with pytest.raises(WordsNeeded):
        await files.freezing.say(robin, visit.tip, file_id, "police")
    await files.freezing.say(robin, visit.tip, file_id, "police", REPORTED)
    with pytest.raises(SecondPersonNeeded):
        await files.freezing.say(robin, visit.tip, file_id, "police")
    with pytest.raises(NotThere):
        await files.freezing.say(kim(files), visit.tip, file_id, "destroy", "somebody else's decision")
    await files.freezing.say(kim(files), visit.tip, file_id, "police")
    (one,) = await files.freezing.everything()
    assert (one.held.hold, one.held.what, one.held.is_lost) == (Hold.FROZEN, "police", False)
    assert await nobody_opens(files, visit.tip, file_id)
    written = await files.tips.services.entries.one(robin, one.held.entry)
    assert written is not None
    assert written.account is not None
    assert (written.kind, written.account.about, written.account.words) == ("hold", "police", REPORTED)
    assert REPORTED.encode() not in on_disk(files.tips)
    async with files.tips.services.database.read() as connection:
        tip = await files.tips.doors.tip_for_advocate(connection, robin, visit.tip)
        kept = await tip_store.read_parts(connection, visit.tip)
        lines = list((await connection.execute(select(audit.c.act).where(audit.c.subject == file_id))).scalars())
    assert tip is not None
    said = {(entry.act, entry.said["what"], entry.text) for entry in sealed.open_entries(tip, kept)[0]}
    assert said == {("file_hold", "freeze", ""), ("file_hold", "police", REPORTED), ("file_hold", "police", "")}
    assert lines == ["file.freeze", "file.freeze", "file.police", "file.police"]
    # Kept for the police it outlives its tip, like every frozen one.
    await files.tips.follow_up.erase(visit)
    assert await files.sweep.once() == 0
    assert (await rows(files))[0] == 1


async def test_one_that_the_law_wants_gone_is_destroyed_by_two_people_and_leaves_nothing(files: FilesHouse) -> None:
    visit, file_id = await frozen(files)
    async with files.tips.services.database.read() as connection:
        boxes = await store.read_pieces(connection, file_id, store.DRAWN)
        key = (await connection.execute(select(tip_file_holds.c.key_copy))).scalar_one()
    await files.freezing.say(files.tips.robin, visit.tip, file_id, "destroy", "Court of Mill Road, 12/3")
    await files.freezing.say(kim(files), visit.tip, file_id, "destroy")
    assert await rows(files) == (0, 0)
    assert await files.freezing.everything() == []
    left = on_disk(files.tips)
    assert [each for each in (boxes[0][9000:9024], key[10:34]) if each in left] == []
    assert await files.tips.follow_up.read(visit)  # her page says nothing of it, and lives on


@pytest.mark.parametrize("decision", ["free", "police", "destroy"])
async def test_a_decision_may_be_taken_back_by_one_word(files: FilesHouse, decision: Act) -> None:
    visit, file_id = await frozen(files)
    await files.freezing.say(files.tips.robin, visit.tip, file_id, decision, REPORTED)
    await files.freezing.say(kim(files), visit.tip, file_id, "freeze")
    (one,) = await files.freezing.everything()
    assert (one.held.hold, one.held.what) == (Hold.FROZEN, "")


# The database refuses to take lines of the audit chain away; a writer who may change its rules first can.
MAY: Final = text("DROP TRIGGER audit_lines_no_delete")
TAKEN: dict[str, list[Executable]] = {
    "its row": [delete(tip_file_holds)],
    "its lines": [MAY, delete(audit).where(audit.c.act.startswith("file."))],
    "its row and its lines": [MAY, delete(tip_file_holds), delete(audit).where(audit.c.act.startswith("file."))],
    "the second word": [update(tip_file_holds).values(hold="asked", second=b"")],
    "two people's word": [update(tip_file_holds).values(hold="freeing", third=b"k" * 16, what="free")],
}


@pytest.mark.parametrize("what", TAKEN)
async def test_what_a_writer_of_rows_takes_away_is_seen_and_lets_nothing_go(files: FilesHouse, what: str) -> None:
    visit, file_id = await frozen(files)
    async with files.tips.services.database.write() as connection:
        for statement in TAKEN[what]:
            await connection.execute(statement)
    robin = files.tips.robin
    assert await nobody_opens(files, visit.tip, file_id)
    (row,) = await files.showing.of_tip(robin, visit.tip)
    assert row.held is not None
    assert row.held.is_lost
    # One word lets nothing go; the first is written down again, and after it nothing is lost any more.
    await files.freezing.say(robin, visit.tip, file_id, "free")
    assert await nobody_opens(files, visit.tip, file_id)
    (one,) = await files.freezing.everything()
    assert (one.held.hold, one.held.is_lost) == (Hold.FREEING, False)
    await files.freezing.say(kim(files), visit.tip, file_id, "free")
    assert await files.showing.open(robin, visit.tip, file_id, "seen")


async def test_without_its_row_a_frozen_file_outlives_its_tip_all_the_same(files: FilesHouse) -> None:
    visit, file_id = await frozen(files)
    other = await files.sends(visit, photos.phone_photo())
    async with files.tips.services.database.write() as connection:
        await connection.execute(delete(tip_file_holds))
    await files.tips.follow_up.erase(visit)
    await files.sweep.once()
    async with files.tips.services.database.read() as connection:
        assert await store.read_file(connection, file_id) is not None
        assert await store.read_file(connection, other) is None
    (one,) = await files.freezing.everything()
    assert (one.file, one.held.is_lost) == (file_id, True)


async def test_a_frozen_file_that_somebody_took_out_of_the_database_is_said_to_be_gone(
    desk: Desk, files: FilesHouse
) -> None:
    _, file_id = await frozen(files)
    async with files.tips.services.database.write() as connection:
        for table in (tip_file_holds, tip_file_keys, tip_files):
            await connection.execute(delete(table))
    (one,) = await files.freezing.everything()
    assert (one.file, one.tip) == (file_id, b"")
    assert "A frozen file is gone from the database" in (await desk.opens("/desk/files")).text


async def test_the_desk_decides_on_a_page_that_shows_nothing_of_it(desk: Desk, files: FilesHouse) -> None:
    visit, file_id = await frozen(files)
    at = f"{where(visit.tip)}/files/{to_text(file_id)}/freeze"
    page = await desk.opens("/desk/files")
    assert "Reported to the police: keep it for them" in page.text
    assert "<img" not in page.text
    assert "<iframe" not in page.text
    tip = Document((await desk.opens(where(visit.tip))).text).words
    assert "What becomes of it is decided under Files" in tip
    assert "keep it for them" not in tip
    wrong = await desk.posts(at, do="police", words=" ", **{"from": "files"})
    assert "3 to 200 letters" in (await desk.opens(wrong.headers["location"])).text
    assert (await desk.posts(at, do="police", words=REPORTED, **{"from": "files"})).status_code == 303
    said = Document((await desk.opens("/desk/files")).text).words
    assert REPORTED in said
    assert "I say so too" not in said  # hers is the first word
    await files.freezing.say(kim(files), visit.tip, file_id, "police")
    said = Document((await desk.opens("/desk/files")).text).words
    assert "Kept for the police" in said
    assert REPORTED in said
    assert await acts(desk) == ["file.freeze", "file.freeze", "file.police", "file.police"]


async def test_a_mark_of_another_row_holds_nothing(files: FilesHouse) -> None:
    visit, file_id = await frozen(files)
    async with files.tips.services.database.write() as connection:
        await connection.execute(update(tip_file_holds).values(mark=random_key()))
    (row,) = await files.showing.of_tip(files.tips.robin, visit.tip)
    assert row.held is not None
    assert row.held.is_lost
    assert await nobody_opens(files, visit.tip, file_id)
