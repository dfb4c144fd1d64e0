"""Holds the desk's pages of pictures: closed until asked for, alone in their origin, written down, frozen by two."""

from __future__ import annotations

import base64
import dataclasses
import re

import httpx
import pytest
from sqlalchemy import select

from portal.ids import random_id, to_text
from portal.staff.rights import RIGHTS, Right, Role
from portal.staff.tables import audit
from tests.support import photos
from tests.support.house_of_files import CONFIRMS
from tests.support.html import Document
from tests.tips.desk import Desk, where
from tests.tips.files.conftest import FilesHouse, files_house
from tests.tips.files.test_pages import opens_her_note, sends
from tests.tips.phone import Phone
from tips.tip import Status

pytestmark = pytest.mark.anyio


async def acts(desk: Desk) -> list[str]:
    """What the audit chain says was done with pictures."""
    async with desk.house.services.database.read() as connection:
        found = (await connection.execute(select(audit.c.act))).scalars()
    return [act for act in found if act.startswith("file.")]


def policy(answer: httpx.Response) -> set[str]:
    return {each.strip() for each in answer.headers["content-security-policy"].split(";")}


async def test_a_tips_page_lists_its_pictures_and_holds_none(desk: Desk, files: FilesHouse) -> None:
    visit = await files.visits()
    await files.sends(visit, photos.phone_photo(), keeps=True)
    await files.sends(visit, photos.screenshot())
    text = (await desk.opens(where(visit.tip))).text
    assert "<img" not in text
    assert "<iframe" not in text
    assert len(re.findall(r'/files/[\w-]+/original"', text)) == 1
    assert len(re.findall(r'/files/[\w-]+/copy"', text)) == 2
    assert await acts(desk) == []


async def test_a_picture_is_blurred_in_a_frame_that_may_do_nothing(desk: Desk, files: FilesHouse) -> None:
    visit = await files.visits()
    one = f"{where(visit.tip)}/files/{to_text(await files.sends(visit, photos.phone_photo()))}"
    page = await desk.opens(one)
    (frame,) = [attributes for tag, attributes in Document(page.text).tags if tag == "iframe"]
    assert (frame["src"], frame["sandbox"] or "") == (f"{one}/frame", "")
    assert "frame-src 'self'" in policy(page)
    assert "checked" not in page.text
    assert await acts(desk) == []  # Nothing was opened yet.
    held = await desk.opens(f"{one}/frame")
    assert {"default-src 'none'", "sandbox", "img-src data:", "frame-ancestors 'self'"} <= policy(held)
    assert not any("script" in each or "unsafe" in each for each in policy(held))
    assert (held.headers["x-content-type-options"], held.headers["cache-control"]) == ("nosniff", "no-store")
    assert "<script" not in held.text
    picture = re.search(r"base64,([^\"]+)", held.text)
    assert picture is not None
    shown = base64.b64decode(picture[1])
    assert shown.startswith(b"\xff\xd8\xff")
    assert not [word for word in photos.CANARIES.values() if word.encode() in shown]
    assert await acts(desk) == ["file.seen"]


async def test_a_download_is_bytes_of_an_origin_of_its_own(desk: Desk, files: FilesHouse) -> None:
    visit, sent = await files.visits(), photos.phone_photo()
    one = f"{where(visit.tip)}/files/{to_text(await files.sends(visit, sent, keeps=True))}"
    for path, name in (("copy", "picture-copied.jpg"), ("original", "picture-original.jpg")):
        answer = await desk.opens(f"{one}/{path}")
        assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert "sandbox" in policy(answer)
        assert (answer.content == sent) is (path == "original")
    assert await acts(desk) == ["file.copied", "file.original"]


async def test_whoever_may_not_read_tips_meets_no_page(desk: Desk, files: FilesHouse) -> None:
    visit = await files.visits()
    one = f"{where(visit.tip)}/files/{to_text(await files.sends(visit, photos.phone_photo(), keeps=True))}"
    nowhere = await desk.opens(f"{where(visit.tip)}/files/{to_text(random_id())}")
    await desk.has_only("names", "chat")
    for path in ("", "/frame", "/copy", "/original"):
        answer = await desk.opens(one + path)
        assert (answer.status_code, answer.text) == (404, nowhere.text)
    assert (await desk.posts(f"{one}/freeze", do="freeze")).status_code == 404
    assert await acts(desk) == []


async def test_no_name_a_file_came_with_is_shown_to_anybody(desk: Desk, files: FilesHouse, phone: Phone) -> None:
    """It is dropped at the door: neither whoever reads tips nor an administrator without a key meets it."""
    tip = await opens_her_note(phone)
    await sends(phone, photos.phone_photo(), name="CANARYFILENAME59.jpg", keep=True)
    assert "CANARYFILENAME59" not in phone.answer.text
    (row,) = await files.showing.of_tip(desk.house.robin, tip)
    one = f"{where(tip)}/files/{to_text(row.id)}"
    for path in (where(tip), one, f"{one}/frame", f"{one}/original", "/desk/tips", "/desk/files"):
        answer = await desk.opens(path)
        assert b"CANARYFILENAME59" not in answer.content + repr(answer.headers.raw).encode(), path
    await desk.has_only()
    assert (await desk.opens(where(tip))).status_code == 404
    for path in ("/desk/tips", "/desk/files"):
        assert "CANARYFILENAME59" not in (await desk.opens(path)).text


@pytest.mark.parametrize("path", ["x", "A" * 22, "A" * 22 + "/frame", "A" * 22 + "/copy"])
async def test_an_address_that_names_no_picture_is_not_there(desk: Desk, files: FilesHouse, path: str) -> None:
    visit = await files.visits()
    assert (await desk.opens(f"{where(visit.tip)}/files/{path}")).status_code == 404


async def test_a_frozen_picture_is_shown_to_nobody_and_says_whom_to_call(desk: Desk, files: FilesHouse) -> None:
    visit = await files.visits()
    one = f"{where(visit.tip)}/files/{to_text(await files.sends(visit, photos.phone_photo(), keeps=True))}"
    assert (await desk.posts(f"{one}/freeze", do="freeze")).status_code == 303
    text = (await desk.opens(where(visit.tip))).text
    assert "Freezing was asked for" in text
    assert CONFIRMS["whom"] in text
    assert not re.search(r"/(copy|original)\"", text)
    assert "freeze it" not in Document(text).words  # Hers is the first word: the second is another's.
    for path in ("", "/frame", "/copy", "/original"):
        assert (await desk.opens(one + path)).status_code == 404
    again = await desk.posts(f"{one}/freeze", do="freeze")
    assert "A second person has to say so." in (await desk.opens(again.headers["location"])).text
    assert "Freezing was asked for" in (await desk.opens("/desk/files")).text
    assert (await desk.posts(f"{one}/freeze", do="other")).status_code == 404
    assert await acts(desk) == ["file.freeze"]


async def test_the_switch_is_refused_until_everything_is_confirmed(desk: Desk, files: FilesHouse) -> None:
    await desk.posts("/desk/files/off")
    assert not await files_house(desk.house).uploads.is_on()
    wrong = await desk.posts("/desk/files/on", **{**CONFIRMS, "copies": ""})
    text = (await desk.opens(wrong.headers["location"])).text
    assert "This has to be true first." in text
    assert CONFIRMS["whom"] in text
    assert not await files_house(desk.house).uploads.is_on()
    done = await desk.posts("/desk/files/on", **CONFIRMS)
    assert "Photos are taken from now on." in (await desk.opens(done.headers["location"])).text
    assert await files_house(desk.house).uploads.is_on()


async def test_only_an_administrator_switches_and_never_from_elsewhere(desk: Desk, files: FilesHouse) -> None:
    assert [role for role, rights in RIGHTS.items() if Right.SWITCH_FILES in rights] == [Role.ADMINISTRATOR]
    assert (await desk.posts("/desk/files/off", csrf="x")).status_code == 403
    await desk.has_only("chat")
    text = (await desk.opens("/desk/files")).text
    assert "Take no more photos" in text
    assert "Frozen files" not in text


async def test_a_file_asks_for_a_reason_where_its_tip_does(desk: Desk, files: FilesHouse) -> None:
    visit = await files.visits()
    one = f"{where(visit.tip)}/files/{to_text(await files.sends(visit, photos.phone_photo()))}"
    colleague = dataclasses.replace(desk.house.robin, staff_id=b"c" * 16)
    await desk.house.review.set_status(colleague, visit.tip, Status.CLOSED)
    asked = await desk.opens(one)
    assert (asked.status_code, asked.headers["location"]) == (303, where(visit.tip))
    assert {(await desk.opens(f"{one}/{what}")).status_code for what in ("frame", "copy", "original")} == {403}
    assert await acts(desk) == []
    await desk.posts(f"{where(visit.tip)}/why", reason="cover")
    assert "base64" in (await desk.opens(f"{one}/frame")).text
