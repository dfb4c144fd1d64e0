"""Holds the public pages: every post answered 303, words kept whatever is away, one answer for closed numbers."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from portal.staff.keys.ledger import StatementBook
from portal.store.database import DatabaseAway
from portal.vault.errors import ChainBroken, PoolFull
from tests.tips.phone import FORM, Phone
from tests.tips.test_filing import file_with_receipt
from tips.access import Doors
from tips.form import ADDITION_LIMIT

pytestmark = pytest.mark.anyio

LANGUAGES = ("en", "fr", "es", "ar")


def typed_is_still_there(phone: Phone) -> bool:
    """Whether the form shows what was typed and tapped."""
    text = phone.answer.text
    return all(shown in text for shown in ("A van, each day.", "Mill Road", "by this site")) and bool(
        re.search(r'name="about" value="3"[^>]* checked', text)
    )


async def test_the_form_asks_for_one_thing_and_marks_the_rest(phone: Phone) -> None:
    text = (await phone.opens("/en/note")).text
    assert text.count("(you can skip this)") == 6
    assert " required" not in text


@pytest.mark.parametrize("language", LANGUAGES)
async def test_forms_keep_the_phone_from_remembering(phone: Phone, language: str) -> None:
    for path in ("note", "note/back"):
        text = (await phone.opens(f"/{language}/{path}")).text
        for tag in re.findall(r"<(?:form|textarea|input)[^>]*>", text):
            if 'type="hidden"' not in tag:
                assert 'autocomplete="off"' in tag
            if tag.startswith("<textarea") or 'type="text"' in tag:
                assert 'spellcheck="false"' in tag
        assert not re.search(r'type="(email|tel|password)"', text)


@pytest.mark.parametrize("path", ["note", "note/back", "note/x", "note/back/x", "note/back/more"])
async def test_every_address_answers_a_page_to_whoever_types_it(phone: Phone, path: str) -> None:
    answer = await phone.web.get(f"/en/{path}", follow_redirects=True)
    assert answer.status_code in (200, 203)
    assert "<h1>" in answer.text


async def test_a_sent_note_shows_its_number_and_the_number_opens_it(phone: Phone) -> None:
    await phone.files()
    assert phone.answer.status_code == 203
    assert "content-encoding" not in phone.answer.headers
    number = phone.number
    assert len(number) == 25
    await phone.comes_back(number)
    assert "Your note" in phone.answer.text
    assert FORM["words"] in phone.answer.text


async def test_sent_twice_shows_the_same_number_once_more(phone: Phone) -> None:
    token = phone.house.services.start_tokens.make()
    await phone.files(token=token)
    first = phone.number
    await phone.files(token=token)
    assert phone.number == first


@pytest.mark.parametrize("onward", ["exit", "sent"])
async def test_no_form_that_was_sent_back_holds_what_was_typed_once_she_has_gone_on(phone: Phone, onward: str) -> None:
    """An exit takes every page along, not only the one it stands on; what was sent stands on none."""
    start = phone.house.services.start_tokens.make()
    await phone.opens("/en/note")
    came, before = [], ""
    for _ in range(3):
        await phone.posts("/en/note", {**FORM, "words": "", "k": start, "keep": "1", "before": before})
        came.append(phone.answer.url.path)
        before = phone.hidden("before")
    held = re.findall(r'name="t" value="([^"]*)"', phone.answer.text)
    assert "Mill Road" in (await phone.opens(came[1])).text, "the page before stays: an answer may be lost on the way"
    if onward == "sent":
        await phone.files(token=start, before=before)
        assert len(phone.number) == 25
    else:
        await phone.house.services.leaving.destroy(held)

    for address in came:
        assert "Mill Road" not in (await phone.opens(address)).text, address


@pytest.mark.parametrize("onward", ["exit", "open"])
async def test_no_number_that_was_typed_wrong_stands_on_a_page_once_she_has_gone_on(
    phone: Phone, monkeypatch: pytest.MonkeyPatch, onward: str
) -> None:
    """Nor does the page of a place in line open the note once more."""
    await phone.files()
    number = phone.number
    await phone.opens("/en/note/back")
    asked, came = phone.hidden("p"), []
    for typed in ("4711", "4712"):
        await phone.posts("/en/note/back", {"number": typed, "p": asked})
        came.append(phone.answer.url.path)
        assert (phone.hidden("p"), typed in (await phone.opens(came[0])).text) == (asked, typed == "4711")
    with monkeypatch.context() as full:
        full.setattr(Doors, "tip_for_receipt", every_place_is_taken)
        await phone.posts("/en/note/back", {"number": number, "p": asked})
        came.append(phone.answer.url.path)
        onwards = phone.answer.headers["refresh"].partition("url=")[2]
        if onward == "exit":
            await phone.house.services.leaving.destroy([onwards.rpartition("/")[2]])
    if onward == "open":
        assert FORM["words"] in (await phone.opens((await phone.web.get(onwards)).headers["location"])).text

    for address in [*came, onwards]:
        shown = (await phone.opens(address)).text
        assert not {"4711", "4712", FORM["words"], number} & set(re.findall(r'[^"<>]+', shown)), address
        assert phone.answer.status_code != 303, address


async def every_place_is_taken(_doors: Doors, _receipt: object, **_how: object) -> None:
    raise PoolFull("every place is taken")


async def test_nothing_written_keeps_everything_else(phone: Phone) -> None:
    await phone.posts("/en/note", {**FORM, "words": " ", "k": "x", "keep": "1"})
    text = phone.answer.text
    assert text.index('class="summary"') < text.index("<h1>")
    assert "Mill Road" in text
    assert re.search(r"<details[^>]* open", text)


async def test_too_long_is_kept_to_be_shortened(phone: Phone) -> None:
    words = "x" * (ADDITION_LIMIT + 1)
    await phone.posts("/en/note", {**FORM, "words": words, "k": "x"})
    assert words in phone.answer.text


@pytest.mark.parametrize("token", ["", "nonsense", "young", "old"])
async def test_a_token_that_does_not_count_yet_or_any_more_keeps_the_words(phone: Phone, token: str) -> None:
    start = phone.house.services.start_tokens.make() if token in ("young", "old") else token
    if token == "old":
        phone.house.clock.advance(timedelta(hours=3))
    await phone.posts("/en/note", {**FORM, "k": start, "keep": "1"})
    assert typed_is_still_there(phone)
    assert "Please press Send once more." in phone.answer.text
    assert (phone.hidden("k") == start) == (token == "young")
    await phone.files(token=phone.hidden("k"))
    assert len(phone.number) == 25


@pytest.mark.parametrize("error", [DatabaseAway("x"), ChainBroken("x")])
async def test_words_stay_when_the_note_cannot_be_kept(
    phone: Phone, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    async def broken(self: StatementBook) -> None:
        raise error

    monkeypatch.setattr(StatementBook, "current", broken)
    await phone.files()
    assert typed_is_still_there(phone)
    assert "555-0100" in phone.answer.text
    monkeypatch.undo()
    await phone.files(token=phone.hidden("k"))
    assert len(phone.number) == 25


async def test_a_full_pool_holds_the_place_and_shows_the_number_later(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phone.house.services.pools.filing, "_places", 0)
    await phone.files()
    assert "Your number is being made." in phone.answer.text
    seconds, _, address = phone.answer.headers["refresh"].partition(";url=")
    assert int(seconds) <= 5
    await phone.opens(address)
    assert "Your number is being made." in phone.answer.text
    monkeypatch.undo()
    await phone.opens(phone.answer.headers["refresh"].partition(";url=")[2])
    assert len(phone.number) == 25
    await phone.comes_back(phone.number)
    assert FORM["words"] in phone.answer.text


async def test_a_full_line_of_returning_people_holds_the_place(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    _, receipt = await file_with_receipt(phone.house)
    monkeypatch.setattr(phone.house.services.pools.coming_back, "_places", 0)
    await phone.comes_back(receipt.code)
    assert "Keep this page open." in phone.answer.text
    assert receipt.code not in phone.answer.text
    monkeypatch.undo()
    answer = await phone.web.get(phone.answer.headers["refresh"].partition(";url=")[2], follow_redirects=True)
    assert "Your note" in answer.text


async def test_too_large_is_answered_303_and_then_a_page_with_the_phone(phone: Phone) -> None:
    await phone.posts("/en/note", {"words": "x" * 500_000})
    assert phone.answer.status_code == 200 or "/sorry/" in str(phone.answer.url)


async def test_a_post_from_another_site_files_nothing(phone: Phone) -> None:
    token = phone.house.services.start_tokens.make()
    phone.house.clock.advance(timedelta(seconds=5))
    answer = await phone.web.post("/en/note", data={**FORM, "k": token}, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 303
    assert await phone.house.shown() == []


async def test_no_address_ever_holds_a_number_or_a_word(phone: Phone) -> None:
    await phone.files()
    number = phone.number
    await phone.comes_back(number)
    visit = phone.hidden("t")
    await phone.posts("/en/note/back/more", {"t": visit, "do": "add", "words": "CANARY", "p": phone.hidden("p")})
    assert number not in str(phone.answer.url)
    assert visit not in str(phone.answer.url)
    assert "CANARY" not in str(phone.answer.url)


async def test_until_the_doors_are_open_there_is_no_form(phone: Phone) -> None:
    services = phone.house.services
    async with services.database.write() as connection:
        await services.opening.change(connection, is_open=False)
    services.opening.forget()
    text = (await phone.opens("/en/note")).text
    assert "<textarea" not in text
    await phone.files()
    assert await phone.house.shown() == []


async def test_typed_words_are_shown_as_words_never_as_markup(phone: Phone) -> None:
    await phone.files(words="<script>alert(1)</script><b>bold</b>")
    await phone.comes_back(phone.number)
    assert "<script>alert" not in phone.answer.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in phone.answer.text
