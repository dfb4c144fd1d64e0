"""Reads the database file and its log byte by byte: no clear words after filing, nothing at all after erasing."""

from pathlib import Path

import anyio
import pytest

from portal.ids import random_id
from tests.support.disk_search import search
from tests.tips.conftest import TipHouse
from tests.tips.test_filing import file_with_receipt
from tips import store
from tips.form import TipForm

pytestmark = pytest.mark.anyio

CANARIES = ("CANARYWORDS41", "CANARYPLACE42", "CANARYWHEN43", "CANARYREACH44", "CANARYADDED45", "CANARYREPLY46")
FORM = TipForm(words=CANARIES[0], place=CANARIES[1], when=CANARIES[2], reach=CANARIES[3])


async def test_no_word_and_no_number_is_readable_on_disk_while_a_tip_lives(house: TipHouse) -> None:
    filing, receipt = await file_with_receipt(house, FORM)
    await house.follow_up.add(filing.visit, CANARIES[4], random_id())
    await house.review.reply(house.robin, filing.tip, CANARIES[5], random_id())
    folders = [house.services.settings.data_dir, house.services.settings.keys_dir]
    assert search([*CANARIES, receipt.code, " ".join(receipt.groups)], folders) == []


async def test_after_erasing_neither_file_nor_log_holds_what_could_open_it(house: TipHouse) -> None:
    filing, _ = await file_with_receipt(house, FORM)
    kept = await sealed_bytes(house, filing.tip)
    assert all(piece in on_disk(house) for piece in kept)
    await house.follow_up.erase(filing.visit)
    left = on_disk(house)
    assert not any(piece in left for piece in kept)
    assert filing.tip in left  # its tombstone


async def test_an_erasing_that_was_cut_short_is_finished_at_the_next_start(house: TipHouse) -> None:
    filing, _ = await file_with_receipt(house, FORM)
    kept = await sealed_bytes(house, filing.tip)
    async with house.services.database.write() as connection:
        await store.erase(connection, filing.tip, "2026-03-04")
    assert any(piece in on_disk(house) for piece in kept)  # killed here: the log still holds what the file lost
    with anyio.move_on_after(0.5):
        await house.retention.sweep()
    assert not any(piece in on_disk(house) for piece in kept)


async def sealed_bytes(house: TipHouse, tip_id: bytes) -> list[bytes]:
    """The stored bytes of a tip, a piece from the middle of each: boxes are longer than a page of the file."""
    from sqlalchemy import select

    from tips.tables import tip_keys, tip_parts

    async with house.services.database.read() as connection:
        keys = (await connection.execute(select(tip_keys).where(tip_keys.c.tip == tip_id))).one()
        parts = await connection.execute(select(tip_parts.c.box).where(tip_parts.c.tip == tip_id))
        whole = [keys.words_copy, keys.names_copy, keys.receipt_copy, keys.find, *(part.box for part in parts)]
    return [piece[:16] if len(piece) < 64 else piece[40:64] for piece in whole]


def on_disk(house: TipHouse) -> bytes:
    """The database file and everything beside it."""
    folder: Path = house.services.settings.database_path.parent
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
