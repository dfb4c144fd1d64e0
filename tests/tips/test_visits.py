"""Holds a visit: words are kept whatever ends, the safe choice stands first, leaving ends every page."""

from __future__ import annotations

import re

import pytest

from portal.store.database import Database, DatabaseAway
from tests.tips.phone import FORM, Phone
from tests.tips.test_filing import file_with_receipt

pytestmark = pytest.mark.anyio


async def visiting(phone: Phone) -> str:
    """A reporter at her thread; the visit's token."""
    await phone.files()
    await phone.comes_back(phone.number)
    return phone.hidden("t")


async def test_a_visit_that_is_over_keeps_what_was_being_written(phone: Phone) -> None:
    visit = await visiting(phone)
    number_page = await phone.posts("/en/note/back/more", {"t": visit, "do": "open"})
    await phone.house.doors.end_visit(visit)
    await phone.posts("/en/note/back/more", {"t": visit, "do": "add", "words": "Half an hour of words"})
    assert "The page was open too long." in phone.answer.text
    assert phone.hidden("words") == "Half an hour of words"
    assert number_page.status_code == 203


async def test_words_that_waited_for_the_number_are_in_the_field_again(phone: Phone) -> None:
    _, receipt = await file_with_receipt(phone.house)
    await phone.posts("/en/note/back", {"number": receipt.code, "words": "Half an hour of words"})
    assert re.search(r"<textarea[^>]*>\s*Half an hour of words</textarea>", phone.answer.text)


async def test_an_empty_addition_is_asked_for_kindly(phone: Phone) -> None:
    visit = await visiting(phone)
    await phone.posts("/en/note/back/more", {"t": visit, "do": "add", "words": " "})
    assert "Write what happened. A few words are enough." in phone.answer.text


async def test_words_stay_when_they_cannot_be_added(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    visit = await visiting(phone)

    def away(self: Database) -> None:
        raise DatabaseAway("x")

    monkeypatch.setattr(Database, "write", away)
    await phone.posts("/en/note/back/more", {"t": visit, "do": "add", "words": "More words"})
    assert "We could not keep your words just now." in phone.answer.text
    assert "More words" in phone.answer.text
    monkeypatch.setattr(Database, "read", away)
    await phone.posts("/en/note/back/more", {"t": visit, "do": "add", "words": "More words"})
    assert "We cannot open notes right now." in phone.answer.text
    assert phone.hidden("words") == "More words"


async def test_asking_before_erasing_puts_the_safe_choice_first(phone: Phone) -> None:
    visit = await visiting(phone)
    await phone.posts("/en/note/back/more", {"t": visit, "do": "ask"})
    text = phone.answer.text
    assert text.index("Keep my note") < text.index("Erase it for good")
    assert await phone.house.shown() != []


async def test_leaving_ends_every_page_of_the_note(phone: Phone) -> None:
    await phone.files()
    receipt_page = str(phone.answer.url)
    number = phone.number
    await phone.house.services.leaving.destroy([phone.hidden("t")])
    assert number not in (await phone.opens(receipt_page)).text
    assert "This page has closed" in phone.answer.text


async def test_leaving_a_form_that_waits_under_a_pass_ends_the_pass(phone: Phone) -> None:
    await phone.posts("/en/note", {**FORM, "words": ""})
    page = str(phone.answer.url)
    await phone.house.services.leaving.destroy([page.rpartition("/")[2]])
    assert "Mill Road" not in (await phone.opens(page)).text
