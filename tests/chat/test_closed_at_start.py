"""Looks again at the moment of the press: a chat that cannot begin leads to a page that keeps every word typed."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape

import httpx
import pytest

from chat.protocol.kinds import TEXT_LIMIT
from chat.start import ChatClosed, start_conversation
from portal.doors import Switch
from portal.hours import Span
from portal.ids import from_text
from portal.staff.sessions.session import Signed
from tests.chat.conftest import ChatHouse
from tests.chat.test_availability import set_hours, set_switch
from tests.support.html import Document
from tests.support.posting import house as whole_house, running

pytestmark = pytest.mark.anyio

WORDS = "two lanterns by the ferry"


@dataclass
class Page:
    """One visitor before one page of the site, as a browser shows it."""

    client: httpx.AsyncClient
    house: ChatHouse
    seen: Document = field(default_factory=lambda: Document(""))
    path: str = ""

    async def opens(self, path: str) -> Document:
        answer = await self.client.get(path)
        while answer.status_code == 303:
            answer = await self.client.get(answer.headers["location"])
        self.seen, self.path = Document(answer.text), answer.url.path
        return self.seen

    async def sends(self, action: str, **fields: str) -> Document:
        """Fills a form of this page and sends it, after as long as a hand takes."""
        self.house.clock.advance(timedelta(seconds=4))
        form = self.seen.form(action=action)
        answer = await self.client.post(
            form.action, data={**form.fields, **fields}, headers={"sec-fetch-site": "same-origin"}
        )
        assert answer.status_code == 303
        assert WORDS not in answer.headers["location"]
        return await self.opens(answer.headers["location"])

    @property
    def holds_words(self) -> bool:
        """Whether they stand in a field, seen or unseen."""
        return any(WORDS in value for form in self.seen.forms for value in form.fields.values())

    async def asks(self, **told: str) -> httpx.Response:
        """A press of Start by our script."""
        self.house.clock.advance(timedelta(seconds=4))
        return await self.client.post("/en/talk", json=told, headers={"sec-fetch-site": "same-origin"})


@pytest.fixture
async def page(house: ChatHouse) -> AsyncIterator[Page]:
    app = httpx.ASGITransport(whole_house(house.services, running(house.services)))
    async with httpx.AsyncClient(transport=app, base_url=house.services.settings.public_origin) as client:
        yield Page(client, house)


async def close(house: ChatHouse) -> None:
    await set_switch(house.services, Switch("closed", None, house.advocate.staff_id))


async def open_again(house: ChatHouse) -> None:
    await set_switch(house.services, None)


async def said_first(house: ChatHouse, signed: Signed) -> list[str]:
    """What the first one in line has said, as the advocate who takes her reads it."""
    ((conversation, _),), _ = await house.relay.desk.first()
    desk = await house.relay.take(signed, conversation)
    return [each.text for each in (await house.relay.since(desk, 0)).messages if each.kind == "words"]


async def test_a_page_that_lay_open_begins_nothing_once_the_chat_is_closed(house: ChatHouse, page: Page) -> None:
    await page.opens("/en/talk")
    await close(house)
    closed = await page.sends("/en/talk")

    assert "The chat is closed now" in closed.words
    assert "555-0142" in closed.words
    assert closed.form(action="/talk/closed").fields["start"]
    assert (await house.relay.desk.counts(house.relay.now_ms())).waiting == 0


@pytest.mark.parametrize(
    ("language", "heading"),
    [
        ("en", "The chat is closed now"),
        ("fr", "La discussion est fermée"),
        ("es", "El chat está cerrado ahora"),
        ("ar", "المحادثة مغلقة الآن"),
    ],
)
async def test_the_page_of_a_closed_chat_stands_in_every_language(
    house: ChatHouse, page: Page, language: str, heading: str
) -> None:
    await set_hours(house.services, rest=[Span(day, 0, 60) for day in range(7)])
    shown = await page.opens(f"/{language}/talk")

    assert heading in shown.words
    assert "%(" not in shown.words
    assert shown.form(action="/talk/closed").action == f"/{language}/talk/closed"


async def test_what_she_typed_goes_from_page_to_page_and_is_the_first_thing_said(house: ChatHouse, page: Page) -> None:
    signed = await house.ready()
    await close(house)
    await page.opens("/en/talk")
    for _ in range(2):
        still = await page.sends("/talk/closed", words=WORDS, do="look")
        assert WORDS in still.form(action="/talk/closed").fields["words"]
    await open_again(house)
    before = await page.sends("/talk/closed", do="look")
    assert "Your words go with you." in before.words
    await close(house)
    assert WORDS in (await page.sends("/en/talk")).form(action="/talk/closed").fields["words"]
    await open_again(house)
    await page.sends("/talk/closed", do="look")

    await page.sends("/en/talk")
    assert [form for form in page.seen.forms if form.action.endswith("/talk/end")]
    await house.ready(signed)
    assert await said_first(house, signed) == [WORDS]


async def test_our_script_is_led_to_the_same_page_and_begins_with_the_same_words(house: ChatHouse, page: Page) -> None:
    signed = await house.ready()
    start = (await page.opens("/en/talk")).form(action="/en/talk").fields["start"]
    await close(house)
    told = (await page.asks(start=start, told="open", words=WORDS)).json()
    assert set(told) == {"to", "phrase"}
    assert WORDS in (await page.opens(told["to"])).form(action="/talk/closed").fields["words"]

    await open_again(house)
    answers = [(await page.asks(start=start, words=WORDS)).json() for _ in range(3)]
    assert len({answer["token"] for answer in answers}) == 1
    await house.ready(signed)
    assert await said_first(house, signed) == [WORDS]


async def test_a_note_is_one_note_however_often_it_is_pressed(
    house: ChatHouse, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[tuple[tuple[str, ...], str]] = []

    async def keeps(words: object) -> str:
        left.append((words.words, words.once))  # type: ignore[attr-defined]
        return "/en/languages"

    monkeypatch.setattr(house.services, "leave_note", keeps)
    await close(house)
    await page.opens("/en/talk")
    form = page.seen.form(action="/talk/closed")
    for _ in range(2):
        page.seen = Document("")
        page.seen.forms.append(form)
        await page.sends("/talk/closed", words=WORDS, do="note")
        assert page.path == "/en/languages"
    assert left == [((WORDS,), form.fields["start"])] * 2


async def test_a_press_that_can_keep_nothing_says_so_and_holds_the_words(house: ChatHouse, page: Page) -> None:
    await close(house)
    await page.opens("/en/talk")
    assert "Write a few words first." in (await page.sends("/talk/closed", words=" \n", do="note")).words

    page.seen.form(action="/talk/closed").fields["start"] = "x" * 54
    again = await page.sends("/talk/closed", words=WORDS, do="note")
    assert "Your words are still here." in again.words
    assert WORDS in again.form(action="/talk/closed").fields["words"]

    await open_again(house)
    long = "word " * (TEXT_LIMIT // 5 + 1)
    start = house.services.start_tokens.make()
    told = (await page.asks(start=start, words=long)).json()
    assert "too long" in (await page.opens(told["to"])).words
    assert len(page.seen.form(action="/talk/closed").fields["words"].strip()) == len(long.strip())


async def test_an_exit_takes_the_words_along(house: ChatHouse, page: Page) -> None:
    await close(house)
    await page.opens("/en/talk")
    held = await page.sends("/talk/closed", words=WORDS, do="look")
    address = page.path
    (token,) = [form.fields["t"] for form in held.forms if form.action == "/leave"]
    await page.client.post("/leave", data={"t": token}, headers={"sec-fetch-site": "same-origin"})

    assert page.holds_words
    await page.opens(address)
    assert not page.holds_words
    assert page.path == "/en/talk"


@pytest.mark.parametrize("onward", ["exit", "talk", "note"])
async def test_no_page_she_came_through_holds_her_words_once_she_has_gone_on(
    house: ChatHouse, page: Page, monkeypatch: pytest.MonkeyPatch, onward: str
) -> None:
    """An exit takes every page along, not only the one it stands on; words that went on stand on none."""

    async def keeps(_: object) -> str:
        return "/en/languages"

    monkeypatch.setattr(house.services, "leave_note", keeps)
    await close(house)
    await page.opens("/en/talk")
    came = []
    for _ in range(3):
        await page.sends("/talk/closed", words=WORDS, do="look")
        came.append(page.path)
    last = page.seen
    await page.opens(came[1])
    assert page.holds_words, "the page before stays: an answer may be lost on the way"
    page.seen = last
    if onward == "note":
        await page.sends("/talk/closed", do="note")
    else:
        await open_again(house)
        await page.sends("/talk/closed", do="look")
        came.append(page.path)
    if onward == "talk":
        await page.sends("/en/talk")
    if onward == "exit":
        given = [each["value"] for tag, each in page.seen.tags if tag == "input" and each.get("name") == "t"]
        await page.client.post("/leave", json={"t": given}, headers={"sec-fetch-site": "same-origin"})

    await close(house)
    for address in came:
        await page.opens(address)
        assert not page.holds_words, address


async def test_whoever_has_begun_is_served_on_behind_the_closed_door(house: ChatHouse, page: Page) -> None:
    """She pressed Start, the door closed, and her second tap or her first words come after it."""
    start = (await page.opens("/en/talk")).form(action="/en/talk").fields["start"]
    token = (await page.asks(start=start)).json()["token"]
    await close(house)
    assert (await page.asks(start=start)).json()["token"] == token

    talk = await house.relay.access.conversation_for_visitor(from_text(token, 32))
    await house.relay.visitor_says(talk, WORDS, b"k" * 16, 0)
    assert await said_first(house, await house.ready()) == [WORDS]
    fresh = house.services.start_tokens.make()
    house.clock.advance(timedelta(seconds=4))
    with pytest.raises(ChatClosed):
        await start_conversation(house.services, fresh, "en")


async def test_start_looks_at_the_hours_of_her_own_language(house: ChatHouse, page: Page) -> None:
    """It is noon."""
    await set_hours(house.services, es=[Span(day, 0, 60) for day in range(7)])
    for language, begins in (("es", False), ("en", True)):
        fresh = house.services.start_tokens.make()
        house.clock.advance(timedelta(seconds=4))
        if begins:
            assert await start_conversation(house.services, fresh, language)
        else:
            with pytest.raises(ChatClosed):
                await start_conversation(house.services, fresh, language)
    shown = await page.opens("/es/talk")
    assert "lunes a domingo: 0:00 a 1:00" in re.sub(r"\s+", " ", unescape(shown.words))
    assert "Abre mañana a las 0:00" in shown.words


async def test_busy_begins_and_she_is_asked_at_once_when_the_page_had_promised_more(
    house: ChatHouse, page: Page
) -> None:
    signed = await house.ready()
    start = (await page.opens("/en/talk")).form(action="/en/talk").fields
    assert start["told"] == "open"
    await house.relay.desk.say_ready(signed.staff_id, False)
    assert (await page.asks(start=start["start"], told=start["told"])).json()["late"] is True

    alone = await page.opens("/en/talk")
    assert "No one can answer now." in alone.words
    assert "555-0142" in alone.words
    fields = alone.form(action="/en/talk").fields
    assert set((await page.asks(start=fields["start"], told=fields["told"])).json()) == {"token"}
