"""Looks for a photo, and what a phone wrote beside it, in every file and every line the house leaves after it came."""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.ids import random_id
from portal.vault import tip_files as vault
from portal.vault.errors import SealBroken
from portal.vault.tip_files import PIECE_ROOM
from tests.support import photos
from tests.support.disk_search import search
from tests.tips.files.conftest import FilesHouse
from tests.tips.files.test_pages import opens_her_note, sends
from tests.tips.phone import Phone
from tests.tips.test_on_disk import on_disk
from tips.files import store
from tips.files.card import open_card
from tips.files.tables import tip_file_pieces
from tips.files.uploads import alive

pytestmark = pytest.mark.anyio


def pieces_of(data: bytes) -> list[bytes]:
    """A few bytes from many places of a picture."""
    return [data[at : at + 24] for at in range(600, len(data) - 24, 4096)]


async def test_nothing_of_a_photo_stands_in_clear_on_the_disk_in_a_log_or_in_a_temporary_folder(
    files: FilesHouse, phone: Phone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("porchlight", "python_multipart", "uvicorn"):
        caplog.set_level(logging.DEBUG, name)
    spooled = tmp_path / "spooled"
    spooled.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(spooled))
    monkeypatch.setenv("TMPDIR", str(spooled))
    tip = await opens_her_note(phone)
    sent = photos.phone_photo(picture=photos.scene(2400, 1800)) + photos.noise(900, 700)
    assert len(sent) > 8 * PIECE_ROOM
    await sends(phone, sent, name="CANARYFILENAME59.jpg", keep=True)
    await opens_her_note(phone)
    await sends(phone, photos.screenshot(), name="CANARYFILENAME59.png")
    (row,) = await files.showing.of_tip(files.tips.robin, tip)
    drawn, _ = await files.showing.open(files.tips.robin, tip, row.id, "seen")

    house = files.tips.services.settings
    words = [*photos.CANARIES.values(), "CANARYFILENAME59"]
    assert search(words, [house.data_dir, house.keys_dir, spooled]) == []
    assert list(spooled.iterdir()) == []
    left = on_disk(files.tips)
    assert [piece for piece in pieces_of(sent) + pieces_of(drawn) if piece in left] == []
    assert [word for word in words if word in caplog.text] == []


async def test_an_original_that_was_not_to_be_kept_opens_for_nobody_whatever_a_copy_of_the_disk_holds(
    files: FilesHouse,
) -> None:
    """A backup taken while it came in, a log, a page the database gave free: what they need is gone from memory."""
    visit, kept, embers = await files.visits(), random_id(), files.tips.services.embers
    for file_id, keeps in ((random_id(), False), (kept, True)):
        await files.uploads.begin(visit, file_id, keeps_original=keeps)
        salt = await embers.get(alive(file_id))
        assert salt is not None
        await files.uploads.take(visit, file_id, 0, [photos.phone_photo()])
        async with files.tips.services.database.read() as connection:
            (copied,) = await store.read_pieces(connection, file_id, store.ORIGINAL)
        with pytest.raises(SealBroken):
            vault.open_piece(vault.drawn_key(visit.keys.words, file_id), visit.tip, file_id, "original", 0, copied)
        await files.redrawing.finish(visit, file_id)
        assert await embers.get(alive(file_id)) is None
        async with files.tips.services.database.read() as connection:
            row, salts = await store.read_file(connection, file_id), await store.read_salts(connection, file_id)
        assert row is not None
        assert salts is not None
        assert salts.original == (salt if keeps else b"")
        assert open_card(visit.keys.words, row).salt == b""


async def test_an_original_that_was_not_to_be_kept_is_in_no_file_and_no_log_of_the_database(files: FilesHouse) -> None:
    visit, sent, file_id = await files.visits(), photos.noise(700, 500), random_id()
    await files.uploads.begin(visit, file_id, keeps_original=False)
    pieces = [sent[at : at + PIECE_ROOM] for at in range(0, len(sent), PIECE_ROOM)]
    await files.uploads.take(visit, file_id, 0, pieces)
    async with files.tips.services.database.read() as connection:
        boxes = list((await connection.execute(select(tip_file_pieces.c.box))).scalars())
    sealed = [box[at : at + 24] for box in boxes for at in (40, 9000, 60_000)]
    before = on_disk(files.tips)
    assert [piece for piece in sealed if piece not in before] == []
    await files.redrawing.finish(visit, file_id)
    after = on_disk(files.tips)
    assert [piece for piece in sealed if piece in after] == []


async def test_after_erasing_no_piece_of_a_photo_is_left(files: FilesHouse) -> None:
    visit = await files.visits()
    await files.sends(visit, photos.noise(700, 500), keeps=True)
    async with files.tips.services.database.read() as connection:
        boxes = list((await connection.execute(select(tip_file_pieces.c.box))).scalars())
    await files.tips.follow_up.erase(visit)
    left = on_disk(files.tips)
    assert [box for box in boxes if box[9000:9024] in left or box[40:64] in left] == []
