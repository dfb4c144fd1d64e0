"""Holds a whole face to its manners: every form 303, every error a page, every answer with its headers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import ClassVar

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from portal.app import build_desk, build_public
from portal.errors import PorchlightError
from portal.section import Section
from portal.services import Services
from portal.web.forms import read_form
from portal.web.page import see_other
from portal.web.sorry import code_of, error_of, every_error, sorry_address

pytestmark = pytest.mark.anyio

CANARY = "kestrel-canary-typed"
OURS = {"sec-fetch-site": "same-origin"}


class Refusal(PorchlightError):
    """An error of a room, with words of the catalogue."""

    phrase: ClassVar[str] = "error.busy"
    status: ClassVar[int] = 503


async def fine(request: Request) -> Response:
    if request.method == "POST":
        form = await read_form(request)
        return see_other(f"/en/numbers?{len(form)}")
    return PlainTextResponse("fine")


async def refuses(request: Request) -> Response:
    raise Refusal


async def breaks(request: Request) -> Response:
    raise ValueError(f"could not read {CANARY}")


async def forgets(request: Request) -> Response:
    return PlainTextResponse(CANARY, 200)


def rooms() -> Section:
    both = ["GET", "POST"]
    pages = {"fine": fine, "refuses": refuses, "breaks": breaks, "forgets": forgets}
    routes = [Route(f"/{{lang}}/{name}", page, methods=both) for name, page in pages.items()]
    return Section(public=[*routes, Route("/{lang}/read", fine, methods=["GET"])], desk=routes)


@pytest.fixture
async def public(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    origin = services.settings.public_origin
    app = httpx.ASGITransport(build_public(services, [rooms()]))
    async with httpx.AsyncClient(transport=app, base_url=origin) as browser:
        yield browser


@pytest.fixture
async def desk(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    app = httpx.ASGITransport(build_desk(services, [rooms()]))
    async with httpx.AsyncClient(transport=app, base_url=services.settings.desk_origin) as browser:
        yield browser


@pytest.mark.parametrize("page", ["fine", "refuses", "breaks", "forgets", "read", "nowhere"])
@pytest.mark.parametrize("language", ["en", "ar", "xx"])
async def test_a_posted_form_is_answered_303_whatever_happens(
    public: httpx.AsyncClient, page: str, language: str
) -> None:
    """Requirements 15 and 34 of docs/safety.md."""
    answer = await public.post(f"/{language}/{page}", data={"words": CANARY}, headers=OURS)

    assert answer.status_code == 303
    assert answer.content == b""
    assert answer.headers["cache-control"] == "no-store"
    assert CANARY not in str(answer.headers)


async def test_an_error_in_a_form_leads_to_a_page_about_it_in_the_persons_language(public: httpx.AsyncClient) -> None:
    answer = await public.post("/ar/refuses", data={}, headers=OURS)

    assert answer.headers["location"] == sorry_address("ar", Refusal)
    assert "busy" not in answer.headers["location"]


async def test_a_form_that_is_too_large_is_answered_303_too(public: httpx.AsyncClient) -> None:
    answer = await public.post("/en/fine", data={"words": "x" * 200_000}, headers=OURS)

    assert (answer.status_code, answer.headers["location"].split("/")[2]) == (303, "sorry")


async def test_our_own_script_is_told_the_next_address(public: httpx.AsyncClient) -> None:
    """Requirement 16 of docs/safety.md: the script then replaces, so that nothing is added to Back."""
    answer = await public.post("/en/fine", data={"a": "b"}, headers={**OURS, "accept": "application/json"})

    assert (answer.status_code, answer.json()) == (200, {"to": "/en/numbers?1"})
    assert "location" not in answer.headers

    error = await public.post("/en/breaks", data={}, headers={**OURS, "accept": "application/json"})
    assert error.json()["to"].startswith("/en/sorry/")


async def test_a_post_of_json_hears_the_error_in_its_language(public: httpx.AsyncClient) -> None:
    answer = await public.post("/fr/refuses", json={}, headers=OURS)

    assert answer.status_code == 503
    assert answer.json()["phrase"] == "error.busy"
    assert "beaucoup de monde" in answer.json()["words"]


@pytest.mark.asvs("3.5.1")
async def test_a_post_from_another_site_changes_nothing(public: httpx.AsyncClient) -> None:
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://elsewhere.example"}):
        answer = await public.post("/en/fine", data={"a": "b"}, headers=headers)
        assert answer.headers["location"].startswith("/en/sorry/")


@pytest.mark.parametrize("page", ["refuses", "breaks", "nowhere"])
async def test_an_error_is_a_page_that_says_what_to_do(
    public: httpx.AsyncClient, page: str, services: Services
) -> None:
    answer = await public.get(f"/es/{page}")

    assert answer.status_code in {404, 500, 503}
    assert '<html lang="es" dir="ltr">' in answer.text
    assert "Ir al inicio" in answer.text
    assert CANARY not in answer.text
    assert not any(word in answer.text for word in ("Traceback", "404", "500", "ValueError"))


async def test_an_unknown_language_is_answered_in_english_with_all_languages(public: httpx.AsyncClient) -> None:
    answer = await public.get("/xx/numbers")

    assert answer.status_code == 404
    assert 'lang="en"' in answer.text
    assert "العربية" in answer.text


async def test_a_broken_page_is_logged_by_place_and_never_by_its_words(
    public: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    """Requirement 38 of docs/safety.md."""
    await public.get("/en/breaks")

    assert "page_broke error=ValueError at=breaks:" in caplog.text
    assert CANARY not in caplog.text


@pytest.mark.asvs("3.4.4")
@pytest.mark.parametrize("path", ["/en/fine", "/en/breaks", "/en/nowhere", "/a/000000000000.js", "/nothing"])
async def test_every_answer_carries_the_headers(public: httpx.AsyncClient, path: str) -> None:
    """Requirement 29 of docs/safety.md."""
    answer = await public.get(path)

    for name in ("content-security-policy", "permissions-policy", "cross-origin-opener-policy"):
        assert name in answer.headers
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers
    assert "server" not in answer.headers


async def test_a_get_is_never_told_that_only_posts_are_taken(public: httpx.AsyncClient) -> None:
    assert (await public.get("/en/breaks")).status_code == 500
    for method in ("PUT", "DELETE", "OPTIONS"):
        assert (await public.request(method, "/en/fine")).status_code == 404


async def test_the_desk_answers_a_form_as_its_page_does(desk: httpx.AsyncClient) -> None:
    assert (await desk.post("/en/forgets", data={})).status_code == 200
    assert (await desk.post("/en/refuses", data={})).status_code == 503


def test_every_error_has_a_code_of_its_own_and_words_behind_it() -> None:
    phrases = {error.phrase for error in every_error()}
    codes = {code_of(error) for error in every_error()}

    assert len(codes) == len(phrases)
    assert error_of(code_of(Refusal)).phrase == "error.busy"
    assert error_of("no-such").phrase == "error.unknown"
