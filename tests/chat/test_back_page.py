"""The page that asks for the number: typed any way, told kindly, one answer for what opens nothing, and paced."""

from __future__ import annotations

import gzip
import logging
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

import chat.routes
from chat.comeback import Comebacks
from chat.pages.back import BURST
from portal.app import build_public
from portal.errors import NotThere
from portal.ids import from_text, random_id
from portal.store.valkey import ValkeyAway
from portal.vault.comebacks import comeback_code, group_comeback
from tests.chat.conftest import ChatHouse

pytestmark = pytest.mark.anyio

LANGUAGES = ("en", "fr", "es", "ar")
SAME = {"sec-fetch-site": "same-origin"}
UNKNOWN = "This number opens no chat."


@dataclass
class Phone:
    """A page of the site on her phone, with script or without."""

    house: ChatHouse
    web: httpx.AsyncClient
    comebacks: Comebacks

    async def number(self) -> str:
        """A number for a conversation that waits."""
        return str((await self.comebacks.make(await self.house.waiting())).code)

    async def page(self, language: str = "en") -> str:
        """The page's own id, as it stands in the form."""
        return self.hidden((await self.web.get(f"/{language}/talk/back")).text)

    def hidden(self, text: str) -> str:
        found = re.search(r'name="p" value="([^"]*)"', text)
        assert found, text
        return found[1]

    def typed(self, text: str) -> str:
        """What stands in the field."""
        found = re.search(r'name="number"[^>]* value="([^"]*)"', text)
        assert found, text
        return found[1]

    async def types(self, number: str, *, page: str = "", language: str = "en") -> httpx.Response:
        """Without script: the form is posted, answered 303, and the page it leads to is opened."""
        fields = {"number": number, "p": page or await self.page(language)}
        answer = await self.web.post(f"/{language}/talk/back", data=fields, headers=SAME)
        assert (answer.status_code, answer.content) == (303, b"")
        return await self.web.get(answer.headers["location"])

    async def asks(self, body: Any, *, language: str = "en") -> httpx.Response:
        """With script."""
        return await self.web.post(f"/{language}/talk/back", json=body, headers=SAME)

    async def opens(self, token: str) -> bool:
        try:
            await self.house.relay.access.conversation_for_visitor(from_text(token, 32))
        except NotThere:
            return False
        return True


@pytest.fixture
async def phone(house: ChatHouse) -> AsyncIterator[Phone]:
    app = build_public(house.services, [chat.routes.section(house.services)])
    origin = house.services.settings.public_origin
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=origin) as web:
        yield Phone(house, web, Comebacks(house.relay))


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What opens nothing is answered at once here; `test_comeback.py` holds the time it takes."""
    monkeypatch.setattr("chat.comeback.NOT_SOONER_S", 0.0)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_field_is_numeric_neutral_and_remembered_by_no_phone(phone: Phone, language: str) -> None:
    text = (await phone.web.get(f"/{language}/talk/back")).text
    field = re.findall(r'<input[^>]*name="number"[^>]*>', text)
    assert len(field) == 1
    for wanted in ('autocomplete="off"', 'inputmode="numeric"', 'spellcheck="false"', 'dir="ltr"', 'type="text"'):
        assert wanted in field[0]
    assert re.search(r'<form[^>]*action="/\w\w/talk/back"[^>]*autocomplete="off"', text)


async def test_the_empty_page_travels_compressed_and_the_filled_one_does_not(phone: Phone) -> None:
    zipped = {"accept-encoding": "gzip"}
    for path in ("/en/talk", "/en/talk/back"):
        async with phone.web.stream("GET", path, headers=zipped) as answer:
            raw = b"".join([part async for part in answer.aiter_raw()])
        assert (answer.status_code, answer.headers["cache-control"]) == (203, "no-store")
        assert answer.headers["content-encoding"] == "gzip"
        assert b"<form" in gzip.decompress(raw)
    answer = await phone.types("1234")
    assert (answer.status_code, answer.headers["cache-control"]) == (203, "no-store")
    assert "content-encoding" not in answer.headers
    assert answer.headers["x-robots-tag"] == "noindex, noarchive"


async def test_with_script_the_number_gives_the_token_of_the_talk(phone: Phone) -> None:
    code = await phone.number()
    told = (await phone.asks({"number": code, "p": await phone.page()})).json()
    assert list(told) == ["token"]
    assert await phone.opens(told["token"])


async def test_without_script_the_number_leads_into_the_talk(phone: Phone) -> None:
    code, page = await phone.number(), await phone.page()
    answer = await phone.web.post("/en/talk/back", data={"number": code, "p": page}, headers=SAME)
    assert (answer.status_code, answer.content) == (303, b"")
    assert re.fullmatch(r"/en/talk/[\w-]{40,90}", answer.headers["location"])
    again = await phone.web.post("/en/talk/back", data={"number": code, "p": page}, headers=SAME)
    assert re.fullmatch(r"/en/talk/[\w-]{40,90}", again.headers["location"])


@pytest.mark.parametrize("between", [" ", "-", "", " – ", "\u2068 \u2069"])
async def test_it_is_read_as_people_type_it(phone: Phone, between: str) -> None:
    code = await phone.number()
    arabic = between.join(group_comeback(code)).translate({ord("0") + n: 0x660 + n for n in range(10)})
    assert "token" in (await phone.asks({"number": arabic, "p": await phone.page()}, language="ar")).json()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Type the number we gave you."),
        ("my number", "Type the number we gave you."),
        ("1", "That is 1 digit. The number has 14."),
        ("1234 567", "That is 7 digits. The number has 14."),
        ("12345678901234", "One digit is not right."),
    ],
)
async def test_a_slip_is_told_with_what_was_typed_still_there(phone: Phone, typed: str, said: str) -> None:
    page = await phone.page()
    answer = await phone.types(typed, page=page)
    assert said in answer.text
    assert f'value="{typed}"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert phone.hidden(answer.text) == page
    told = await phone.asks({"number": typed, "p": page})
    assert (told.status_code, said in told.json()["words"]) == (400, True)


async def test_wrong_used_and_ended_numbers_read_alike(phone: Phone) -> None:
    talk = await phone.house.waiting()
    ended = (await phone.comebacks.make(talk)).code
    await phone.house.relay.leave(talk, "exit")
    used = await phone.number()
    await phone.comebacks.resume(used, random_id())
    pages, told = set(), set()
    for code in (comeback_code(), used, str(ended)):
        page = await phone.page()
        text = (await phone.types(str(code), page=page)).text
        assert UNKNOWN in text
        shown = re.sub(r'(name="t" value=")[^"]*', r"\1", text.replace(str(code), "CODE").replace(page, "PAGE"))
        pages.add(re.sub(r"/talk/back/[\w-]+", "/talk/back/PASS", shown))
        answer = await phone.asks({"number": str(code), "p": page})
        told.add((answer.status_code, answer.text))
    assert len(pages) == 1
    assert len(told) == 1


async def test_wrong_numbers_are_paced_from_whatever_address_and_the_one_who_waits_is_let_in(phone: Phone) -> None:
    code, page = await phone.number(), await phone.page()
    statuses = []
    for number in range(BURST + 60):
        headers = {**SAME, "x-forwarded-for": f"10.0.0.{number}", "forwarded": f"for=10.0.0.{number}"}
        body = {"number": str(comeback_code()), "p": page}
        statuses.append((await phone.web.post("/en/talk/back", json=body, headers=headers)).status_code)
        if statuses[-1] == 429:
            break
    # On a slow machine a few more are let in while the first ones are answered.
    assert statuses[:BURST] == [404] * BURST
    assert statuses[-1] == 429
    # Mistyped numbers cost nothing, so nobody else's slips close the door.
    assert (await phone.asks({"number": "123", "p": page})).status_code == 400
    kept = await phone.types(code, page=page)
    while kept.status_code == 203 and "Many numbers are being tried" in kept.text:
        assert f'value="{code}"' in kept.text
        kept = await phone.types(code, page=page)
    assert UNKNOWN not in kept.text


@pytest.mark.parametrize("what", ["talks", "embers"])
async def test_a_store_that_is_away_is_told_kindly(phone: Phone, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    code, page = await phone.number(), await phone.page()

    async def away(*_: Any, **__: Any) -> None:
        raise ValkeyAway("no answer")

    with monkeypatch.context() as patch:
        patch.setattr("chat.store.comebacks.ComebackStore.take", away)
        if what == "embers":
            patch.setattr("portal.store.passes.Passes.issue", away)
        answer = await phone.types(code, page=page)
        told = await phone.asks({"number": code, "p": page})
    assert "We cannot open chats right now." in answer.text
    # What was typed is carried wherever anything can be carried.
    assert (f'value="{code}"' in answer.text) == (what == "talks")
    assert (told.status_code, told.json()["phrase"]) == (503, "comeback.away")
    assert "token" in (await phone.asks({"number": code, "p": page})).json()


@pytest.mark.parametrize("onward", ["exit", "talk"])
async def test_no_filled_page_outlives_an_exit_or_the_number_that_opened(phone: Phone, onward: str) -> None:
    page = await phone.page()
    filled = [(await phone.types(typed, page=page)).url.path for typed in ("4711", "4712")]
    for own in filled:
        assert "471" in phone.typed((await phone.web.get(own)).text), (
            "an answer may be lost on its way: the page before stays"
        )
    if onward == "exit":
        await phone.house.services.leaving.destroy([filled[-1].rpartition("/")[2]])
    else:
        await phone.types(await phone.number(), page=page)
    for own in filled:
        assert "471" not in phone.typed((await phone.web.get(own)).text)


async def test_a_page_that_names_itself_in_no_way_takes_no_other_along(phone: Phone) -> None:
    post = {"number": "4711", "p": ""}
    first, second = [await phone.web.post("/en/talk/back", data=post, headers=SAME) for _ in range(2)]
    await phone.house.services.leaving.destroy([first.headers["location"].rpartition("/")[2]])
    assert phone.typed((await phone.web.get(second.headers["location"])).text) == "4711"


async def test_a_house_that_is_not_open_asks_for_no_number(phone: Phone) -> None:
    async with phone.house.services.database.write() as connection:
        await phone.house.services.opening.change(connection, is_open=False)
    phone.house.services.opening.forget()
    answer = await phone.web.get("/en/talk/back")
    assert (answer.status_code, answer.headers["location"]) == (303, "/en/talk")


async def test_whatever_is_posted_is_answered_and_nothing_of_it_is_logged(
    phone: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    code, page = await phone.number(), await phone.page()
    bodies: tuple[Any, ...] = (
        [],
        {},
        {"number": 5},
        {"number": code, "p": 7},
        {"number": code + "0", "p": "x" * 900},
        "x",
    )
    for body in bodies:
        answer = await phone.asks(body)
        assert answer.status_code in (200, 400), answer.text
    await phone.types(code, page="not an id")
    assert code not in caplog.text
    assert page not in caplog.text


async def test_the_talk_and_its_number_share_no_name_in_the_store(phone: Phone) -> None:
    """Whoever reads key names learns neither number nor token; the conversation's random id stands there as ever."""
    code, page = await phone.number(), await phone.page()
    token = (await phone.asks({"number": code, "p": page})).json()["token"]
    names = [key async for key in phone.house.services.ember_client.scan_iter(count=1000)]
    assert any(name.startswith(b"rr:") for name in names)
    for secret in (code.encode(), from_text(token, 32), from_text(page, 16), page.encode()):
        assert all(secret not in name for name in names)
