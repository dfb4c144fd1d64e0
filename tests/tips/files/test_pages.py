"""Holds the reporter's page: a field only where pictures are taken, 303 whatever is sent, and the script's steps."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import AsyncIterator

import httpx
import pytest
from PIL import Image

from portal.ids import to_text
from portal.vault.tip_files import PIECE_ROOM
from tests.support import photos
from tests.tips.conftest import TipHouse
from tests.tips.files.conftest import FilesHouse
from tests.tips.phone import Phone
from tests.tips.test_filing import file_with_receipt
from tips.files import store
from tips.files.kinds import MOST_BYTES
from tips.pages import files as file_pages

pytestmark = pytest.mark.anyio

ITEM = "/en/note/back/item"
OURS = {"sec-fetch-site": "same-origin"}


async def opens_her_note(phone: Phone) -> bytes:
    """Come back with a number; the id of the note."""
    filing, receipt = await file_with_receipt(phone.house)
    await phone.comes_back(str.__str__(receipt.code))
    return filing.tip


async def sends(phone: Phone, data: bytes, *, keep: bool = False, name: str = "x.jpg", again: bool = False) -> str:
    """The form as a browser without script sends it; the words of the page it leads to."""
    fields = {"t": phone.hidden("t"), "p": phone.hidden("p")} if not again else dict(LAST)
    LAST.update(fields)
    fields |= {"o": "1"} if keep else {}
    answer = await phone.web.post(ITEM, data=fields, files={"item": (name, data, "image/jpeg")}, headers=OURS)
    assert (answer.status_code, answer.content) == (303, b"")
    return (await phone.opens(answer.headers["location"])).text


LAST: dict[str, str] = {}


async def test_where_pictures_are_off_no_page_shows_a_field_and_no_address_takes_one(
    phone: Phone, house: TipHouse
) -> None:
    await opens_her_note(phone)
    token = phone.hidden("t")
    assert 'type="file"' not in phone.answer.text
    sent = {"item": ("x", photos.phone_photo())}
    answer = await phone.web.post(ITEM, data={"t": token, "p": "A" * 22}, files=sent, headers=OURS)
    assert answer.status_code == 303
    assert "/sorry/" in answer.headers["location"]
    assert (await step(phone, "begin", token=token)).status_code == 404
    assert await left(house) == ([], 0)


async def left(house: TipHouse) -> tuple[list[bytes], int]:
    """Pictures that are not whole, and pieces of any."""
    async with house.services.database.read() as connection:
        return await store.arriving(connection), await store.pieces_of_the_house(connection)


async def test_a_photo_is_taken_in_one_form_and_said_to_be_there(files: FilesHouse, phone: Phone) -> None:
    tip = await opens_her_note(phone)
    assert 'enctype="multipart/form-data"' in phone.answer.text
    assert "Add a photo<" in phone.answer.text
    assert "Sound: MP3" not in phone.answer.text
    assert not re.search(r'name="o"[^>]*checked', phone.answer.text)
    text = await sends(phone, photos.phone_photo())
    assert "It came through." in text
    assert "One file is here." in text
    (row,) = await files.showing.of_tip(files.tips.robin, tip)
    assert not row.has_original


async def test_a_form_sent_twice_keeps_one_photo(files: FilesHouse, phone: Phone) -> None:
    tip = await opens_her_note(phone)
    await sends(phone, photos.phone_photo(), keep=True)
    assert "It came through." in await sends(phone, photos.phone_photo(), keep=True, again=True)
    (row,) = await files.showing.of_tip(files.tips.robin, tip)
    assert row.has_original


async def test_a_large_photo_is_taken_piece_by_piece(files: FilesHouse, phone: Phone) -> None:
    tip = await opens_her_note(phone)
    sent = photos.noise(1800, 1300)
    assert len(sent) > 20 * PIECE_ROOM
    await sends(phone, sent, keep=True)
    (row,) = await files.showing.of_tip(files.tips.robin, tip)
    assert (await files.showing.open(files.tips.robin, tip, row.id, "original"))[0] == sent


WRONG = {
    "nothing": (b"", "Choose a photo or file first."),
    "a paper": (b"%PDF-1.7 " + bytes(500), "We cannot take this kind of file"),
    "a sound": (b"ID3\x04" + bytes(500), "We cannot take this kind of file"),
    "half a photo": (photos.phone_photo()[:2000], "We could not open this file."),
    "one that moves": (photos.moving("PNG"), "This picture moves."),
    "too many bytes": (photos.phone_photo() + bytes(MOST_BYTES), "This file is too large"),
    "far too many": (photos.phone_photo() + bytes(2 * MOST_BYTES), "This file is too large"),
}


@pytest.mark.parametrize("sent", WRONG)
async def test_what_is_not_taken_is_said_and_nothing_of_it_stays(files: FilesHouse, phone: Phone, sent: str) -> None:
    await opens_her_note(phone)
    data, words = WRONG[sent]
    assert words in await sends(phone, data)
    assert await left(files.tips) == ([], 0)


async def test_a_visit_that_is_over_leads_back_to_the_number(files: FilesHouse, phone: Phone) -> None:
    await opens_her_note(phone)
    fields = {"t": to_text(b"x" * 32), "p": phone.hidden("p")}
    answer = await phone.web.post(ITEM, data=fields, files={"item": ("x", photos.phone_photo())}, headers=OURS)
    assert answer.status_code == 303
    assert 'name="number"' in (await phone.opens(answer.headers["location"])).text


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b""),
        ("multipart/form-data; boundary=x", b"--y\r\n\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=t\r\n\r\n" + b"a" * 5000),
        ("multipart/form-data; boundary=x", b"--x\r\nX: y\r\n\r\nz\r\n--x--\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\n" + b"A" * 9000 + b": y\r\n\r\nz\r\n--x--\r\n"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="t"\r\n\r\n1\r\n' * 40),
        ("application/x-www-form-urlencoded", b"t=1"),
        ("text/plain", b"t=1"),
    ],
)
async def test_a_broken_form_is_answered_303_too(files: FilesHouse, phone: Phone, kind: str, body: bytes) -> None:
    answer = await phone.web.post(ITEM, content=body, headers={**OURS, "content-type": kind})
    assert answer.status_code == 303
    assert "/sorry/" in answer.headers["location"]


async def test_when_many_come_in_the_newest_is_told_so(
    files: FilesHouse, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_pages, "MOST_AT_ONCE", 0)
    await opens_her_note(phone)
    assert "Many files come in right now." in await sends(phone, photos.phone_photo())


async def test_a_line_that_is_cut_in_a_form_leaves_nothing(files: FilesHouse, phone: Phone) -> None:
    await opens_her_note(phone)
    head = b"".join(
        b'--x\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n' % (name.encode(), phone.hidden(name).encode())
        for name in ("t", "p")
    )
    head += b'--x\r\nContent-Disposition: form-data; name="item"; filename="a"\r\n\r\n'

    async def cut() -> AsyncIterator[bytes]:
        yield head + photos.noise(1800, 1300)[: 12 * PIECE_ROOM]

    kind = {"content-type": "multipart/form-data; boundary=x"}
    answer = await phone.web.post(ITEM, content=cut(), headers=OURS | kind)
    assert answer.status_code == 303
    assert await left(files.tips) == ([], 0)


async def step(
    phone: Phone, what: str, *, token: str, file_id: str = "A" * 22, at: int = 0, body: bytes = b"", keep: bool = False
) -> httpx.Response:
    """One step of the page's script."""
    said = {"x-do": what, "x-t": token, "x-p": file_id, "x-n": str(at), "x-o": "1" if keep else ""}
    kind = {"content-type": "application/octet-stream"}
    return await phone.web.post(ITEM, content=body, headers=OURS | said | kind)


async def test_the_script_is_told_what_is_kept_and_goes_on_after_a_lost_line(files: FilesHouse, phone: Phone) -> None:
    tip = await opens_her_note(phone)
    token, name, sent = phone.hidden("t"), phone.hidden("p"), photos.noise(700, 500)
    pieces = [sent[at : at + PIECE_ROOM] for at in range(0, len(sent), PIECE_ROOM)]
    assert (await step(phone, "begin", token=token, file_id=name, keep=True)).json() == {"kept": 0, "ready": False}
    for at, piece in enumerate(pieces):
        kept = (await step(phone, "piece", token=token, file_id=name, at=at, body=piece)).json()["kept"]
        assert (await step(phone, "begin", token=token, file_id=name)).json()["kept"] == kept == at + 1
    gap = await step(phone, "piece", token=token, file_id=name, at=len(pieces) + 2, body=b"x")
    assert gap.status_code == 409
    done = (await step(phone, "done", token=token, file_id=name)).json()["to"]
    assert "It came through." in (await phone.opens(done)).text
    (row,) = await files.showing.of_tip(files.tips.robin, tip)
    assert (await files.showing.open(files.tips.robin, tip, row.id, "original"))[0] == sent


@pytest.mark.parametrize(
    ("what", "token", "name", "status"),
    [
        ("begin", "x", "A" * 22, 404),
        ("begin", "", "x", 404),
        ("piece", "", "A" * 22, 404),
        ("other", "", "A" * 22, 400),
    ],
)
async def test_a_step_of_nobody_changes_nothing(
    files: FilesHouse, phone: Phone, what: str, token: str, name: str, status: int
) -> None:
    await opens_her_note(phone)
    answer = await step(phone, what, token=token or phone.hidden("t"), file_id=name, body=b"x")
    assert answer.status_code == status
    assert answer.json()["words"]


async def test_a_step_with_more_than_a_piece_is_refused(files: FilesHouse, phone: Phone) -> None:
    await opens_her_note(phone)
    answer = await step(phone, "piece", token=phone.hidden("t"), body=b"x" * (PIECE_ROOM + 1))
    assert answer.status_code == 413


async def test_a_step_that_ends_a_paper_leads_to_the_page_that_says_why(files: FilesHouse, phone: Phone) -> None:
    await opens_her_note(phone)
    token = phone.hidden("t")
    await step(phone, "begin", token=token)
    await step(phone, "piece", token=token, body=b"%PDF-1.7")
    done = await step(phone, "done", token=token)
    assert "We cannot take this kind of file" in (await phone.opens(done.json()["to"])).text


@pytest.mark.parametrize("language", ["fr", "es", "ar"])
async def test_the_field_is_there_in_every_language(files: FilesHouse, phone: Phone, language: str) -> None:
    _, receipt = await file_with_receipt(phone.house)
    await phone.posts(f"/{language}/note/back", {"number": str.__str__(receipt.code)})
    assert 'type="file"' in phone.answer.text
    token = phone.hidden("t")
    await phone.posts(f"/{language}/note/back/more", {"t": token, "do": "ask"})
    assert phone.answer.status_code == 203


async def test_many_photos_at_once_are_each_drawn(files: FilesHouse) -> None:
    visit = await files.visits()
    sent = await asyncio.gather(*(files.sends(visit, photos.phone_photo()) for _ in range(4)))
    for file_id in sent:
        opened, _ = await files.showing.open(files.tips.robin, visit.tip, file_id, "seen")
        with Image.open(io.BytesIO(opened)) as picture:
            assert picture.size == (320, 200)
