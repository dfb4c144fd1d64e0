"""Holds the public pages to their words, their language and their honesty about who is there."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from types import SimpleNamespace

import httpx
import pytest

from portal.app import build_public
from portal.errors import Away
from portal.routes import section
from portal.services import Services
from portal.vault.sealing import public_of
from portal.web.page import Pages

pytestmark = pytest.mark.anyio

LANGUAGES = ("en", "fr", "es", "ar")
PHONE = "1-800-555-0142"


@pytest.fixture
async def visitor(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    app = httpx.ASGITransport(build_public(services, [section(services)]))
    async with httpx.AsyncClient(transport=app, base_url=services.settings.public_origin) as browser:
        yield browser


async def open_doors(services: Services, *, region: str = "ca-bc", phone: str = PHONE, is_open: bool = True) -> None:
    services.staff.folder.begin({1: b"p" * 32}, b"r" * 32, public_of(b"r" * 32))
    async with services.database.write() as connection:
        await services.opening.begin(
            connection, name="Harbour Line", phone_line=phone, region=region, receipt_salt=b"s" * 16
        )
        await services.opening.change(connection, is_sheet_kept=True, is_open=is_open)


def staffed(state: str, minutes: int | None = None, **more: object) -> Callable[[str], Awaitable[object]]:
    async def ask(_language: str) -> object:
        told = {"opens": None, "opens_in": 0, "week": (), "zone": "UTC", "others": (), "is_off": False} | more
        return SimpleNamespace(state=state, minutes=minutes, **told)

    return ask


async def test_the_door_asks_the_browser_for_a_language_and_keeps_nothing(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.get("/", headers={"accept-language": "ar-EG,ar;q=0.9"})

    assert (answer.status_code, answer.headers["location"]) == (303, "/ar/")
    assert "set-cookie" not in answer.headers
    assert (await visitor.get("/")).headers["location"] == "/en/"
    assert (await visitor.get("/fr")).headers["location"] == "/fr/"


async def test_a_frame_that_is_told_sorry_keeps_what_was_typed_in_it(visitor: httpx.AsyncClient) -> None:
    """204: the browser stays on the page it has."""
    framed = await visitor.get("/en/sorry/000000", headers={"Sec-Fetch-Dest": "iframe"})

    assert (framed.status_code, framed.content) == (204, b"")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "page", ["", "numbers", "languages", "read/safety", "read/leaving", "read/privacy", "sorry/000000"]
)
async def test_every_page_stands_in_every_language(
    visitor: httpx.AsyncClient, services: Services, page: str, language: str
) -> None:
    await open_doors(services)
    services.availability = staffed("open", 4)
    answer = await visitor.get(f"/{language}/{page}")

    assert answer.status_code == 200
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in answer.text
    assert answer.headers["content-language"] == language
    assert "%(" not in answer.text
    assert re.search(r'<a class="leave" href="https://[^"]+" rel="nofollow noopener noreferrer"', answer.text)


async def test_until_the_doors_are_open_the_home_says_so_and_gives_the_phone(
    visitor: httpx.AsyncClient, services: Services
) -> None:
    await open_doors(services, is_open=False)
    page = (await visitor.get("/en/")).text

    assert "This site is not open yet." in page
    assert PHONE in page
    assert "/en/talk" not in page
    assert "/en/note" not in page


async def test_before_any_set_up_the_home_promises_nothing(visitor: httpx.AsyncClient) -> None:
    page = (await visitor.get("/en/")).text

    assert "This site is not open yet." in page
    assert "tel:" not in page


@pytest.mark.parametrize(
    ("state", "minutes", "words", "is_lit"),
    [
        ("open", 4, "Open. About 4 minutes.", True),
        ("open", 1, "Open. About 1 minute.", True),
        ("open", None, "Open now.", True),
        ("busy", 15, "Busy. About 15 minutes.", False),
        ("busy", None, "Busy. It may take a while.", False),
        ("closed", None, "Closed now. You can send a note.", False),
        ("nobody", None, "No one can answer now. You can send a note.", False),
    ],
)
async def test_the_door_is_lit_only_when_someone_can_answer(
    visitor: httpx.AsyncClient, services: Services, state: str, minutes: int | None, words: str, is_lit: bool
) -> None:
    await open_doors(services)
    services.availability = staffed(state, minutes)
    page = re.sub(r"</?bdi[^>]*>", "", (await visitor.get("/en/")).text)

    assert words in page
    assert ("door-lit" in page) is is_lit
    assert ("live-lit" in page) is is_lit


async def test_when_nobody_can_tell_the_home_says_that_chat_does_not_work(
    visitor: httpx.AsyncClient, services: Services
) -> None:
    async def away(_language: str) -> object:
        raise Away

    await open_doors(services)
    services.availability = away
    page = (await visitor.get("/en/")).text

    assert "Not working now. Please call." in page
    assert "door-lit" not in page


@pytest.mark.parametrize("language", LANGUAGES)
async def test_not_police_stands_before_the_doors(
    visitor: httpx.AsyncClient, services: Services, language: str
) -> None:
    await open_doors(services)
    services.availability = staffed("open")
    page = (await visitor.get(f"/{language}/")).text

    assert page.index("<h1>") < page.index("plainly") < page.index('class="doors"')


async def test_a_known_region_has_its_own_number_in_the_strip(visitor: httpx.AsyncClient, services: Services) -> None:
    await open_doors(services, region="ca-bc")
    services.availability = staffed("open")

    assert 'href="tel:911"' in (await visitor.get("/en/")).text


@pytest.mark.parametrize("region", ["", "ca", "ca-nu", "other", "nowhere"])
async def test_an_unknown_region_is_offered_all_numbers_and_never_a_wrong_one(
    visitor: httpx.AsyncClient, services: Services, region: str
) -> None:
    await open_doors(services, region=region)
    services.availability = staffed("open")
    home = (await visitor.get("/en/")).text

    assert 'class="strip"' in home
    assert "Emergency numbers" in home
    assert "tel:911" not in home


async def test_the_numbers_page_is_never_blank(visitor: httpx.AsyncClient) -> None:
    page = (await visitor.get("/en/numbers")).text

    for place in ("Nunavut", "United States", "Mexico", "Northwest Territories"):
        assert place in page
    assert page.count('href="tel:911"') >= 12
    assert "Calls show in the phone’s call list." in page
    assert "Checked November 21, 2026." in page


async def test_nothing_canadian_stands_where_the_region_is_not_canada(
    visitor: httpx.AsyncClient, services: Services
) -> None:
    await open_doors(services, region="us")
    page = (await visitor.get("/en/numbers")).text

    assert "1-888-373-7888" in page
    assert "Canad" not in page
    assert "Ontario" not in page


async def test_the_long_notice_tells_what_the_settings_say(visitor: httpx.AsyncClient, services: Services) -> None:
    """Requirement C7 of docs/safety.md: what is said about keeping matches the running configuration."""
    await open_doors(services)
    page = re.sub(r"</?bdi[^>]*>", "", (await visitor.get("/en/read/safety")).text)

    assert f"wiped {services.settings.wrap_up_minutes} minutes after the end" in page
    assert "Harbour Line" in page
    assert PHONE in page
    order = ["In danger now?", "Can someone see", "Leave fast", "Private window", "Clear only", "Who answers"]
    order += ["What we keep", "When we must tell", "You choose", "If the chat drops", "Start chat", "Not now"]
    assert sorted(order, key=page.index) == order


async def test_a_page_with_tokens_is_203_unzipped_and_unlisted(services: Services, visitor: httpx.AsyncClient) -> None:
    """Requirement 15 of docs/safety.md."""
    await open_doors(services)
    pages: Pages = services.pages
    from starlette.requests import Request

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/en/x",
        "path_params": {"lang": "en"},
        "headers": [(b"accept-encoding", b"gzip")],
        "state": {"site": await services.opening.facts(), "face": "public"},
    }
    private = pages.render(Request(scope), "portal/privacy.html", private=True)
    open_to_all = pages.render(Request(scope), "portal/privacy.html")

    assert private.status_code == 203
    assert "content-encoding" not in private.headers
    assert private.headers["x-robots-tag"] == "noindex, noarchive"
    assert private.headers["cache-control"] == open_to_all.headers["cache-control"] == "no-store"
    assert open_to_all.headers["content-encoding"] == "gzip"


async def test_leaving_by_form_ends_the_tokens_and_leads_to_the_neutral_page(
    visitor: httpx.AsyncClient, services: Services
) -> None:
    """Requirements 10 and 12 of docs/safety.md."""
    ended: list[str] = []

    async def room(token: str) -> None:
        ended.append(token)

    services.leaving.register(room)
    answer = await visitor.post(
        "/leave", data={"t": ["one", "two"], "l": "fr"}, headers={"sec-fetch-site": "same-origin"}
    )

    assert ended == ["one", "two"]
    assert answer.status_code == 303
    assert answer.headers["location"] == services.settings.exit_url("fr")
    assert answer.headers["clear-site-data"] == '"cache", "storage"'


async def test_leaving_by_script_ends_the_tokens_and_answers_nothing(
    visitor: httpx.AsyncClient, services: Services
) -> None:
    """Requirements 9 and 10 of docs/safety.md."""
    ended: list[str] = []

    async def room(token: str) -> None:
        ended.append(token)

    services.leaving.register(room)
    answer = await visitor.post("/leave", json={"t": ["one"]}, headers={"sec-fetch-site": "same-origin"})

    assert (ended, answer.status_code, answer.content) == (["one"], 204, b"")
    assert answer.headers["clear-site-data"] == '"cache", "storage"'


@pytest.mark.parametrize("body", [b"", b"{", b'{"t": 1}', b'{"t": [1]}', b"[]"])
async def test_an_unreadable_leaving_leaves_all_the_same(visitor: httpx.AsyncClient, body: bytes) -> None:
    for kind in ("application/json", "application/x-www-form-urlencoded", "text/plain"):
        answer = await visitor.post("/leave", content=body, headers={"content-type": kind})
        assert answer.status_code in {303, 204}
        assert "clear-site-data" in answer.headers


async def test_the_way_out_works_by_its_address_too(visitor: httpx.AsyncClient, services: Services) -> None:
    answer = await visitor.get("/leave", headers={"accept-language": "es"})

    assert answer.headers["location"] == services.settings.exit_url("es")
