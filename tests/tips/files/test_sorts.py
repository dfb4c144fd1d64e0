"""Holds recordings and documents to switches of their own, to the sandbox, and to what the pages say of them."""

from __future__ import annotations

import base64
import re

import httpx
import pytest
from sqlalchemy import insert, select, update

from portal.ids import to_text
from portal.staff.tables import audit
from tests.support import papers
from tests.support.house_of_files import CONFIRMS
from tests.support.html import Document
from tests.tips.desk import Desk, where
from tests.tips.files.conftest import FilesHouse
from tests.tips.files.test_desk_pages import policy
from tests.tips.files.test_pages import left, opens_her_note, sends
from tests.tips.phone import Phone
from tips.files import stripping
from tips.files.book import FilesBook
from tips.files.kinds import Sort
from tips.files.refusing import PictureRefused
from tips.files.tables import tip_files_sorts

pytestmark = pytest.mark.anyio

PAPER, VOICE = papers.paper(1), papers.recording("opus.ogg")


async def takes_all(files: FilesHouse) -> None:
    for sort in (Sort.SOUND, Sort.PAPER):
        assert await files.switching.switch_sort(files.tips.robin, sort, is_on=True)


async def test_each_sort_has_a_switch_of_its_own_that_hangs_on_the_confirmed_procedure(files: FilesHouse) -> None:
    robin = files.tips.robin
    assert await files.uploads.takes() == {Sort.PHOTO}
    await files.switching.switch_sort(robin, Sort.SOUND, is_on=True)
    assert await files.uploads.takes() == {Sort.PHOTO, Sort.SOUND}
    visit = await files.visits()
    with pytest.raises(PictureRefused, match="kind"):
        await files.sends(visit, PAPER)
    await files.sends(visit, VOICE, keeps=True)
    (row,) = await files.showing.of_tip(robin, visit.tip)
    assert (row.kind, row.sort, row.has_original) == ("ogg", Sort.SOUND, False)  # originals of photos alone
    await files.switching.switch_off(robin)
    assert not await files.switching.switch_sort(robin, Sort.PAPER, is_on=True)
    await files.switches_on()  # another procedure: what hung on the old one is off
    assert await files.uploads.takes() == {Sort.PHOTO}
    async with files.tips.services.database.read() as connection:
        acts = list((await connection.execute(select(audit.c.act))).scalars())
    assert [act for act in acts if act.startswith("files.s")] == ["files.sound.on"]


async def test_who_only_writes_rows_switches_no_sort_on(files: FilesHouse) -> None:
    entry = (await files.book.switch()).entry
    row = {"sort": "paper", "entry": entry, "by": files.tips.robin.staff_id, "mark": bytes(32)}
    database, folder = files.tips.services.database, files.tips.services.staff.folder
    async with database.write() as connection:
        await connection.execute(insert(tip_files_sorts).values(**row))
    assert (await FilesBook(database, folder).switch()).sorts == frozenset()
    await files.switching.switch_sort(files.tips.robin, Sort.SOUND, is_on=True)
    async with database.write() as connection:
        await connection.execute(update(tip_files_sorts).where(tip_files_sorts.c.sort == "sound").values(sort="other"))
    assert (await FilesBook(database, folder).switch()).sorts == frozenset()


async def test_where_nothing_can_strip_them_they_are_neither_offered_nor_taken(
    files: FilesHouse, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    await takes_all(files)
    monkeypatch.setattr(stripping, "ASKED_AGAIN_SECONDS", -1.0)
    monkeypatch.setattr("shutil.which", lambda _name: None)
    assert await files.uploads.takes() == {Sort.PHOTO}
    assert not await files.switching.switch_sort(files.tips.robin, Sort.PAPER, is_on=True)
    await opens_her_note(phone)
    assert "Documents: PDF" not in phone.answer.text
    assert "We cannot take this kind of file." in await sends(phone, PAPER)
    assert await left(files.tips) == ([], 0)


async def test_the_page_says_which_kinds_are_taken_and_takes_them_without_script(
    files: FilesHouse, phone: Phone
) -> None:
    await takes_all(files)
    tip = await opens_her_note(phone)
    words = Document(phone.answer.text).words
    assert "Add a photo or file" in words
    assert "Sound: MP3 or Ogg, up to 12 MB." in words
    assert "Documents: PDF, up to 12 MB and 20 pages." in words
    assert "It came through." in await sends(phone, VOICE, name="voice.exe")
    await opens_again(phone)
    assert "It came through." in await sends(phone, PAPER, name="x.jpg", keep=True)
    assert {row.kind for row in await files.showing.of_tip(files.tips.robin, tip)} == {"ogg", "pdf"}
    page = Document(phone.answer.text).words
    assert "2 files are here." in page
    assert "Sound · " in page
    assert "Document · " in page


async def opens_again(phone: Phone) -> None:
    await phone.posts("/en/note/back/more", {"t": phone.hidden("t"), "do": "open"})


async def test_a_recording_plays_in_a_frame_that_may_do_nothing_and_a_document_is_only_downloaded(
    files: FilesHouse, desk: Desk
) -> None:
    await takes_all(files)
    visit = await files.visits()
    sound, paper = await files.sends(visit, VOICE), await files.sends(visit, PAPER)
    at = {name: f"{where(visit.tip)}/files/{to_text(name)}" for name in (sound, paper)}
    page = await desk.opens(where(visit.tip))
    assert "Listen to it" in page.text
    assert f'href="{at[paper]}"' not in page.text
    held = await desk.opens(f"{at[sound]}/frame")
    assert {"default-src 'none'", "sandbox", "media-src data:"} <= policy(held)
    assert not any("script" in each or "unsafe" in each for each in policy(held))
    played = re.search(r"audio/ogg;base64,([^\"]+)", held.text)
    assert played is not None
    assert base64.b64decode(played[1]).startswith(b"OggS")
    assert "autoplay" not in held.text
    for path in ("", "/frame", "/original"):
        assert (await desk.opens(at[paper] + path)).status_code == 404
    for name, called in ((sound, "recording-copied.ogg"), (paper, "document-copied.pdf")):
        answer = await desk.opens(f"{at[name]}/copy")
        assert answer.headers["content-disposition"] == f'attachment; filename="{called}"'
        assert (answer.headers["content-type"], answer.headers["x-content-type-options"]) == (
            "application/octet-stream",
            "nosniff",
        )
        assert {"sandbox", "default-src 'none'"} <= policy(answer)


async def test_an_administrator_switches_sorts_and_is_told_what_is_missing(
    files: FilesHouse, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def said(answer: httpx.Response) -> str:
        return Document(answer.text).words

    assert "Taking recordings" in said(await desk.opens("/desk/files"))
    done = await desk.posts("/desk/files/sorts", sort="sound", to="on")
    assert "They are taken from now on." in said(await desk.opens(done.headers["location"]))
    assert (await files.book.switch()).sorts == {Sort.SOUND}
    done = await desk.posts("/desk/files/sorts", sort="sound", to="off")
    assert "No more of them are taken." in said(await desk.opens(done.headers["location"]))
    for wrong in ({"sort": "photo", "to": "on"}, {"sort": "sound", "to": ""}, {"sort": "x", "to": "on"}):
        assert (await desk.posts("/desk/files/sorts", **wrong)).status_code == 404
    assert CONFIRMS["whom"] in said(await desk.opens("/desk/files"))
    monkeypatch.setattr(stripping, "ASKED_AGAIN_SECONDS", -1.0)
    monkeypatch.setattr("shutil.which", lambda _name: None)
    assert "mat2 and bubblewrap are missing" in said(await desk.opens("/desk/files"))
    refused = await desk.posts("/desk/files/sorts", sort="paper", to="on")
    assert "Nothing was changed" in said(await desk.opens(refused.headers["location"]))
