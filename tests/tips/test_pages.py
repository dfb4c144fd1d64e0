"""Holds the public pages: every post answered 303, words kept whatever is away, one answer for closed numbers."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from portal.app import build_public
from portal.staff.ledger import StatementBook
from portal.store.database import Database, DatabaseAway
from portal.vault.errors import ChainBroken
from portal.vault.passwords import Pool
from portal.web.throttle import Throttle
from tests.support.html import Document
from tests.tips.conftest import TipHouse
from tests.tips.test_filing import file_with_receipt
from tips.form import TEXT_LIMITS
from tips.receipt import new_receipt
from tips.routes import section

pytestmark = pytest.mark.anyio

FORM = {"words": "A van, each day.", "about": "3", "place": "Mill Road", "reach": "by this site"}
LANGUAGES = ("en", "fr", "es", "ar")


class Phone:
    """A browser that follows one 303 at a time."""

    def __init__(self, house: TipHouse, web: httpx.AsyncClient) -> None:
        self.house = house
        self.web = web
        self.answer = httpx.Response(0)

    @property
    def page(self) -> Document:
        return Document(self.answer.text)

    @property
    def number(self) -> str:
        return "".join(re.findall(r"<bdi>(\d{5})</bdi>", self.answer.text))

    def hidden(self, name: str) -> str:
        """A hidden field of the page."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.answer.text.partition("<main")[2])
        assert found is not None
        return found[1]

    async def opens(self, path: str) -> httpx.Response:
        self.answer = await self.web.get(path)
        return self.answer

    async def posts(self, path: str, fields: dict[str, str]) -> httpx.Response:
        """Post, insist on 303, and open what it leads to."""
        answer = await self.web.post(path, data=fields, headers={"sec-fetch-site": "same-origin"})
        assert (answer.status_code, answer.content) == (303, b"")
        return await self.opens(answer.headers["location"])

    async def files(self, *, keep: str = "1", token: str = "", wait: bool = True, **fields: str) -> httpx.Response:
        """Send the form, old enough."""
        start = token or self.house.services.start_tokens.make()
        if wait:
            self.house.clock.advance(timedelta(seconds=5))
        return await self.posts("/en/note", {**FORM, **fields, "k": start, "keep": keep})

    async def comes_back(self, number: str) -> httpx.Response:
        return await self.posts("/en/note/back", {"number": number})


@pytest.fixture
async def phone(house: TipHouse) -> AsyncIterator[Phone]:
    app = build_public(house.services, [section(house.services)])
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url=house.services.settings.public_origin
    ) as web:
        yield Phone(house, web)


def typed_is_still_there(phone: Phone) -> bool:
    """Whether the form shows what was typed and tapped."""
    text = phone.answer.text
    return all(shown in text for shown in ("A van, each day.", "Mill Road", "by this site")) and bool(
        re.search(r'name="about" value="3"[^>]* checked', text)
    )


async def test_the_form_asks_for_one_thing_and_marks_the_rest(phone: Phone) -> None:
    text = (await phone.opens("/en/note")).text
    assert text.count("(you can skip this)") == 7
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


async def test_nothing_written_keeps_everything_else(phone: Phone) -> None:
    await phone.posts("/en/note", {**FORM, "words": " ", "k": "x", "keep": "1"})
    text = phone.answer.text
    assert text.index('class="summary"') < text.index("<h1>")
    assert "Mill Road" in text
    assert re.search(r"<details[^>]* open", text)


async def test_too_long_is_kept_to_be_shortened(phone: Phone) -> None:
    words = "x" * (TEXT_LIMITS["words"] + 1)
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


async def test_words_stay_when_everybody_writes_at_once(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Throttle, "allows", lambda self: False)
    await phone.files()
    assert typed_is_still_there(phone)
    assert "Many people are writing right now." in phone.answer.text


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
    assert (await phone.house.review.inbox(phone.house.robin)).rows == ()


async def test_no_address_ever_holds_a_number_or_a_word(phone: Phone) -> None:
    await phone.files()
    number = phone.number
    await phone.comes_back(number)
    visit = phone.hidden("t")
    await phone.posts("/en/note/back/more", {"t": visit, "do": "add", "words": "CANARY", "p": phone.hidden("p")})
    assert number not in str(phone.answer.url)
    assert visit not in str(phone.answer.url)
    assert "CANARY" not in str(phone.answer.url)


# One answer for every number that opens nothing.


async def closed_answers(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[str, int]]:
    """For an unknown and an erased number: the page without what differs by itself, and the Argon2 runs it cost."""
    filing, erased = await file_with_receipt(phone.house)
    await phone.house.follow_up.erase(filing.visit)
    runs: list[str] = []
    run = Pool.run

    async def counting(pool: Pool, *given: object) -> bytes:
        runs.append("run")
        return await run(pool, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(Pool, "run", counting)
    answers = {}
    for name, code in (("erased", erased.code), ("unknown", new_receipt().code)):
        runs.clear()
        await phone.comes_back(code)
        own_pass = str(phone.answer.url).rpartition("/")[2]
        answers[name] = (phone.answer.text.replace(code, "NUMBER").replace(own_pass, "PASS"), len(runs))
    return answers


async def test_unknown_and_erased_numbers_get_the_same_page_for_one_run(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = await closed_answers(phone, monkeypatch)
    assert answers["erased"] == answers["unknown"]
    assert answers["unknown"][1] == 1
    assert "That number does not open a note." in answers["unknown"][0]


async def test_a_slip_of_the_finger_is_told_without_a_run(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(pool: Pool, *given: object) -> bytes:
        raise AssertionError("a mistyped number reached Argon2")

    _, receipt = await file_with_receipt(phone.house)
    monkeypatch.setattr(Pool, "run", never)
    wrong = receipt.code[:-1] + str((int(receipt.code[-1]) + 1) % 10)
    for typed, told in (
        (wrong, "One digit is not right."),
        (receipt.code[:-1], "That was 24 digits. The number has 25."),
        ("", "Type the number we gave you."),
    ):
        await phone.comes_back(typed)
        assert told in phone.answer.text
        assert f'value="{typed}"' in phone.answer.text


async def test_numbers_that_open_nothing_take_the_same_time(phone: Phone) -> None:
    """The median of several tries, erased against unknown, in turn; far apart would be a second run or a row read."""
    from statistics import median
    from time import perf_counter

    took: dict[str, list[float]] = {"erased": [], "unknown": []}
    filing, erased = await file_with_receipt(phone.house)
    await phone.house.follow_up.erase(filing.visit)
    for _ in range(15):
        for name, code in (("erased", erased.code), ("unknown", new_receipt().code)):
            began = perf_counter()
            await phone.comes_back(code)
            took[name].append(perf_counter() - began)
    assert 0.5 < median(took["erased"]) / median(took["unknown"]) < 2


# Inside a visit.


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
    assert (await phone.house.review.inbox(phone.house.robin)).rows != ()


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


async def test_until_the_doors_are_open_there_is_no_form(phone: Phone) -> None:
    services = phone.house.services
    async with services.database.write() as connection:
        await services.opening.change(connection, is_open=False)
    services.opening.forget()
    text = (await phone.opens("/en/note")).text
    assert "<textarea" not in text
    await phone.files()
    assert (await phone.house.review.inbox(phone.house.robin)).rows == ()


async def test_typed_words_are_shown_as_words_never_as_markup(phone: Phone) -> None:
    await phone.files(words="<script>alert(1)</script><b>bold</b>")
    await phone.comes_back(phone.number)
    assert "<script>alert" not in phone.answer.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in phone.answer.text
