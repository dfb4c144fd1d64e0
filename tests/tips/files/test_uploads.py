"""Holds a picture's way in: confirmed piece by piece, on after a lost line, whole or gone, within its bounds."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from sqlalchemy import func, select

from portal.errors import NotThere
from portal.ids import random_id
from portal.vault.tip_files import PIECE_ROOM
from tests.support import photos
from tests.tips.files.conftest import FilesHouse
from tips.files.kinds import MOST_BYTES, MOST_OF_A_TIP
from tips.files.refusing import DrawingBusy, PictureRefused
from tips.files.tables import tip_file_pieces, tip_files
from tips.files.uploads import BURST, FilesOff, OutOfOrder, alive
from tips.tip import Status

pytestmark = pytest.mark.anyio

PHOTO = photos.noise(700, 500)
PIECES = [PHOTO[at : at + PIECE_ROOM] for at in range(0, len(PHOTO), PIECE_ROOM)]


async def rows(files: FilesHouse) -> tuple[int, int]:
    """How many pictures and pieces stand in the house."""
    async with files.tips.services.database.read() as connection:
        counted = [
            await connection.scalar(select(func.count()).select_from(each)) for each in (tip_files, tip_file_pieces)
        ]
    return counted[0] or 0, counted[1] or 0


async def test_a_picture_that_came_in_pieces_opens_for_staff_without_its_place(files: FilesHouse) -> None:
    visit = await files.visits()
    file_id = await files.sends(visit, photos.phone_photo())
    (row,) = await files.showing.of_tip(files.tips.robin, visit.tip)
    assert (row.id, row.kind, row.has_original, row.held) == (file_id, "jpeg", False, None)
    opened, kind = await files.showing.open(files.tips.robin, visit.tip, file_id, "seen")
    with Image.open(io.BytesIO(opened)) as picture:
        assert (kind, picture.size, dict(picture.getexif())) == ("jpeg", (320, 200), {})
    with pytest.raises(NotThere):
        await files.showing.open(files.tips.robin, visit.tip, file_id, "original")


async def test_the_original_is_kept_only_where_its_sender_wished_so(files: FilesHouse) -> None:
    visit, sent = await files.visits(), photos.phone_photo()
    file_id = await files.sends(visit, sent, keeps=True)
    assert await files.showing.open(files.tips.robin, visit.tip, file_id, "original") == (sent, "jpeg")
    seen, _ = await files.showing.open(files.tips.robin, visit.tip, file_id, "seen")
    assert seen != sent
    assert photos.CANARIES["place"].encode() not in seen


async def test_a_lost_line_goes_on_from_the_last_confirmed_piece(files: FilesHouse) -> None:
    assert len(PIECES) > 3
    visit, file_id = await files.visits(), random_id()
    begun = await files.uploads.begin(visit, file_id, keeps_original=True)
    assert (begun.kept, begun.is_ready) == (0, False)
    assert (await files.uploads.take(visit, file_id, 0, PIECES[:2])).kept == 2
    # The line is lost here; the page asks how far it came, and sends one again whose answer it never had.
    again = await files.uploads.begin(visit, file_id, keeps_original=True)
    assert again.kept == 2
    assert (await files.uploads.take(visit, file_id, 1, [PIECES[1]])).kept == 2
    with pytest.raises(OutOfOrder):
        await files.uploads.take(visit, file_id, 3, PIECES[3:4])
    assert (await files.uploads.take(visit, file_id, 2, PIECES[2:])).kept == len(PIECES)
    await files.redrawing.finish(visit, file_id)
    await files.redrawing.finish(visit, file_id)
    assert (await files.uploads.begin(visit, file_id, keeps_original=True)).is_ready
    assert await files.showing.open(files.tips.robin, visit.tip, file_id, "original") == (PHOTO, "jpeg")


async def test_a_picture_makes_its_tip_new_again_and_is_not_seen_before_it_is_whole(files: FilesHouse) -> None:
    visit, robin = await files.visits(), files.tips.robin
    await files.tips.review.set_status(robin, visit.tip, Status.CLOSED)
    file_id = random_id()
    await files.uploads.begin(visit, file_id, keeps_original=False)
    await files.uploads.take(visit, file_id, 0, PIECES)
    assert await files.showing.of_tip(robin, visit.tip) == []
    assert await files.uploads.how_many(visit) == 0
    with pytest.raises(NotThere):
        await files.showing.open(robin, visit.tip, file_id, "seen")
    await files.redrawing.finish(visit, file_id)
    assert await files.uploads.how_many(visit) == 1
    assert (await files.tips.follow_up.read(visit)).status is Status.NEW


async def test_of_what_cannot_be_drawn_nothing_is_left(files: FilesHouse) -> None:
    visit = await files.visits()
    for sent in (b"%PDF-1.7 and so on", b"\xff\xd8\xff" + bytes(9000), PHOTO[: len(PHOTO) // 2]):
        with pytest.raises(PictureRefused):
            await files.sends(visit, sent, keeps=True)
        assert await rows(files) == (0, 0)


async def test_where_pictures_are_off_no_act_takes_one(files: FilesHouse) -> None:
    visit, file_id = await files.visits(), random_id()
    await files.uploads.begin(visit, file_id, keeps_original=False)
    await files.switching.switch_off(files.tips.robin)
    with pytest.raises(FilesOff):
        await files.uploads.begin(visit, random_id(), keeps_original=False)
    with pytest.raises(FilesOff):
        await files.uploads.take(visit, file_id, 0, PIECES)
    with pytest.raises(FilesOff):
        await files.redrawing.finish(visit, file_id)


async def test_another_tips_picture_is_not_there(files: FilesHouse) -> None:
    visit, stranger = await files.visits(), await files.visits()
    file_id = await files.sends(visit, PHOTO)
    for act in (
        files.uploads.begin(stranger, file_id, keeps_original=False),
        files.uploads.take(stranger, file_id, 0, PIECES),
        files.uploads.drop(stranger, file_id),
        files.redrawing.finish(stranger, file_id),
        files.uploads.take(visit, random_id(), 0, PIECES),
    ):
        with pytest.raises(NotThere):
            await act
    assert (await rows(files))[0] == 1
    with pytest.raises(NotThere):
        await files.showing.open(files.tips.robin, stranger.tip, file_id, "seen")
    with pytest.raises(NotThere):
        await files.showing.open(files.tips.without_keys, visit.tip, file_id, "seen")


async def test_a_picture_that_grows_too_large_is_given_up(files: FilesHouse) -> None:
    visit, file_id = await files.visits(), random_id()
    await files.uploads.begin(visit, file_id, keeps_original=False)
    await files.uploads.take(visit, file_id, 0, PIECES)
    with pytest.raises(PictureRefused, match="large"):
        await files.uploads.take(visit, file_id, MOST_BYTES // PIECE_ROOM, [bytes(PIECE_ROOM)])
    assert await rows(files) == (0, 0)


async def test_a_tip_holds_so_many_pictures_and_a_house_so_many_bytes(
    files: FilesHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = await files.visits()
    for _ in range(MOST_OF_A_TIP):
        await files.uploads.begin(visit, random_id(), keeps_original=False)
    with pytest.raises(PictureRefused, match="many"):
        await files.uploads.begin(visit, random_id(), keeps_original=False)
    monkeypatch.setattr("tips.files.uploads.PIECES_OF_A_MIB", 0)
    with pytest.raises(PictureRefused, match="full"):
        await files.uploads.begin(await files.visits(), random_id(), keeps_original=False)


async def test_a_flood_of_pictures_is_slowed_down(files: FilesHouse) -> None:
    visits = [await files.visits() for _ in range(4)]
    for at in range(BURST):
        await files.uploads.begin(visits[at % 4], random_id(), keeps_original=False)
    with pytest.raises(DrawingBusy):
        await files.uploads.begin(visits[0], random_id(), keeps_original=False)


async def test_erasing_a_tip_erases_its_pictures_whole_or_not(files: FilesHouse) -> None:
    visit, other = await files.visits(), await files.visits()
    await files.sends(visit, PHOTO, keeps=True)
    half = random_id()
    await files.uploads.begin(visit, half, keeps_original=False)
    await files.uploads.take(visit, half, 0, PIECES)
    stays = await files.sends(other, PHOTO)
    await files.tips.follow_up.erase(visit)
    assert (await rows(files))[0] == 1
    assert await files.showing.open(files.tips.robin, other.tip, stays, "seen")
    with pytest.raises(NotThere):
        await files.uploads.take(visit, half, len(PIECES), PIECES)
    with pytest.raises(NotThere):
        await files.uploads.begin(visit, half, keeps_original=False)


async def test_the_sweep_takes_half_pictures_nobody_sends_any_more_and_no_other(files: FilesHouse) -> None:
    visit, embers = await files.visits(), files.tips.services.embers
    whole, half, under_way = await files.sends(visit, PHOTO), random_id(), random_id()
    for file_id in (half, under_way):
        await files.uploads.begin(visit, file_id, keeps_original=False)
        await files.uploads.take(visit, file_id, 0, PIECES)
    assert await files.sweep.once() == 0
    await embers.delete(alive(half))
    await embers.delete(alive(whole))
    assert await files.sweep.once() == 1
    await files.redrawing.finish(visit, under_way)
    assert {row.id for row in await files.showing.of_tip(files.tips.robin, visit.tip)} == {whole, under_way}


async def test_the_sweep_takes_pictures_whose_tip_an_older_house_erased(files: FilesHouse) -> None:
    from tips import store

    visit = await files.visits()
    await files.sends(visit, PHOTO)
    async with files.tips.services.database.write() as connection:
        await store.erase(connection, visit.tip, "2026-03-04")
    assert await files.sweep.once() == 1
    assert await rows(files) == (0, 0)
