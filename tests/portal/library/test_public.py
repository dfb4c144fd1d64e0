"""Holds the pages to read to their language, their honesty, and to leaving nothing on the way to another site."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from html import unescape

import httpx
import pytest

from i18n.languages import LANGUAGES
from portal.app import build_public
from portal.library import shipped
from portal.library.shipped import CORE
from portal.library.stock import Shown, Stock
from portal.library.text import Section, Text
from portal.readings import link
from portal.routes import section
from portal.services import Services
from portal.vault.sealing import public_of
from tests.support.rooms import pages_of

pytestmark = pytest.mark.anyio

OWN = ("read", "read/shelf", "read/media")


@pytest.fixture
async def visitor(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    services.staff.folder.begin({1: b"p" * 32}, b"r" * 32, public_of(b"r" * 32))
    async with services.database.write() as connection:
        await services.opening.begin(
            connection, name="Harbour Line", phone_line="555-0142", region="ca-on", receipt_salt=b"s" * 16
        )
        await services.opening.change(connection, is_sheet_kept=True, is_open=True)
    app = httpx.ASGITransport(build_public(services, [section(services)]))
    async with httpx.AsyncClient(transport=app, base_url=services.settings.public_origin) as browser:
        yield browser


async def moved(services: Services, region: str) -> None:
    async with services.database.write() as connection:
        await services.opening.change(connection, region=region)


def choose(services: Services, chosen: dict[str, dict[str, Shown]], monkeypatch: pytest.MonkeyPatch) -> None:
    async def known() -> Stock:
        return Stock(chosen)

    monkeypatch.setattr(services.library, "known", known)


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", page)).split())


@pytest.mark.parametrize("tag", ["en", "fr", "ar", "zh-Hant"])
async def test_every_page_stands_with_the_way_out_and_names_nothing_in_its_tab(
    visitor: httpx.AsyncClient, tag: str
) -> None:
    for page in (*OWN, *(f"read/{name}" for name in CORE)):
        answer = await visitor.get(f"/{tag}/{page}")
        assert answer.status_code == 200, page
        assert "<title>Page</title>" in answer.text
        assert re.search(r'<a class="leave" href="https://[^"]+"', answer.text)
        assert f'<html lang="{tag}" dir="{LANGUAGES[tag].direction}">' in answer.text
        assert "%(" not in answer.text
        assert answer.text.count("<script") == 1  # the exit's own
        assert "<form" not in answer.text
    title = shipped.texts()["work"][tag].title
    assert title in words((await visitor.get(f"/{tag}/read/work")).text)
    assert title in words((await visitor.get(f"/{tag}/read")).text)


async def test_an_address_that_is_no_page_is_not_there(visitor: httpx.AsyncClient) -> None:
    # An entry of the shelf has no page of its own.
    for page in ("read/nothing", "read/coe", "read/p1"):
        assert (await visitor.get(f"/en/{page}")).status_code == 404


async def test_an_address_says_nothing_of_its_page() -> None:
    telling = r"traffic|victim|hotline|help|rights|sign|sex|police|myth|policy"

    assert [name for name in (*CORE, *OWN) if re.search(telling, name)] == []


async def test_a_link_to_another_site_tells_it_nothing_and_is_told_before(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.get("/en/read/shelf")
    leading = re.findall(r'<a href="(https://[^"]+)" rel="([^"]+)"', answer.text)

    assert answer.headers["referrer-policy"] == "no-referrer"
    assert len(leading) >= 10
    assert {rel for _, rel in leading} == {"nofollow noopener noreferrer"}
    assert "target=" not in answer.text
    assert "These links leave this site." in answer.text
    assert answer.text.index("These links leave this site.") < answer.text.index(leading[0][0])
    for part in ("Reports", "What we told the media", "Other sites", "Laws and plans", "Courses and guides"):
        assert f"<h2>{part}</h2>" in answer.text


async def test_nothing_of_canada_stands_where_the_house_is_in_another_country(
    visitor: httpx.AsyncClient, services: Services
) -> None:
    assert "Criminal Code of Canada" in words((await visitor.get("/en/read/shelf")).text)
    assert "Ontario Human Rights Code" in words((await visitor.get("/en/read/values")).text)
    await moved(services, "ca-bc")
    assert "Ontario" not in (await visitor.get("/en/read/values")).text
    assert "Canadian Human Rights Act" in (await visitor.get("/en/read/values")).text
    for region in ("pt", "us", "mx", "other"):
        await moved(services, region)
        for page in ("read/shelf", "read/values"):
            assert "Canad" not in words((await visitor.get(f"/en/{page}")).text), (region, page)


async def test_a_page_that_a_language_lacks_says_so_and_is_marked_with_its_own(
    visitor: httpx.AsyncClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    news = Text(title="We moved", section=Section.RELEASES, body="A **new** house.\n", checked="2026-03-01")
    choose(services, {"p1": {"en": Shown(1, news)}}, monkeypatch)

    page = (await visitor.get("/ar/read/p1")).text
    assert '<h1 lang="en" dir="ltr">We moved</h1>' in page
    assert '<div class="read" lang="en" dir="ltr">' in page
    assert "English" in words(page)
    listed = (await visitor.get("/ar/read/media")).text
    assert re.search(r'<a href="/ar/read/p1" lang="en" dir="ltr">We moved</a>', listed)


async def test_a_translation_behind_its_original_leads_to_the_newer_page(
    visitor: httpx.AsyncClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = Text(title="Changed", section=Section.KNOW, body="New words.\n")
    choose(services, {"basics": {"en": Shown(1, changed)}}, monkeypatch)

    page = (await visitor.get("/fr/read/basics")).text
    assert "Il y a une page plus récente." in words(page)
    assert '<a href="/en/read/basics" hreflang="en">' in page
    assert "plus récente" not in (await visitor.get("/fr/read/work")).text


async def test_a_page_with_a_link_of_the_staffs_says_that_it_leaves(
    visitor: httpx.AsyncClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = "See [them](https://example.org/) <script>x</script>\n"
    choose(services, {"work": {"en": Shown(1, Text(title="W", section=Section.KNOW, body=body))}}, monkeypatch)

    page = (await visitor.get("/en/read/work")).text
    assert "These links leave this site." in page
    assert '<a href="https://example.org/" rel="nofollow noopener noreferrer">them</a>' in page
    assert "<script>x" not in page


async def test_the_newsletter_and_the_press_stand_on_pages_to_read_alone(
    visitor: httpx.AsyncClient, services: Services
) -> None:
    news, press = "https://letters.example.org/join", "press@example.org"
    for page in OWN:
        assert "Get news from us" not in (await visitor.get(f"/en/{page}")).text
    pages = pages_of(replace(services.settings, newsletter_url=news, media_contact=press))
    services.pages._settings = pages._settings

    for page in OWN:
        shown = (await visitor.get(f"/en/{page}")).text
        assert f'<a href="{news}" rel="nofollow noopener noreferrer">' in shown
        assert (press in shown) == (page == "read/media")
    for page in ("", "numbers", "languages", "read/safety", "read/privacy", "read/leaving", "read/work", "read/friend"):
        shown = (await visitor.get(f"/en/{page}")).text
        assert news not in shown, page
        assert press not in shown, page


@pytest.mark.parametrize("url", ["http://letters.example.org/", "https://letters.example.org/?utm_source=site"])
def test_a_sign_up_that_follows_its_reader_is_no_setting(url: str) -> None:
    with pytest.raises(ValueError, match="must"):
        link(url)


async def test_the_pages_are_one_link_from_home_below_the_doors(visitor: httpx.AsyncClient, services: Services) -> None:
    async def nobody(_tag: str) -> None:
        return None

    services.availability = nobody
    page = (await visitor.get("/en/")).text

    assert page.index('class="doors"') < page.index('href="/en/read"')


async def test_the_partner_lines_stand_on_the_page_of_numbers(visitor: httpx.AsyncClient, services: Services) -> None:
    page = words((await visitor.get("/en/numbers")).text)
    assert "Lines in other countries" in page
    assert "1-888-373-7888" in page
    assert "800 5533 000" in page
    assert "911 can text you" in page
    await moved(services, "mx")
    page = words((await visitor.get("/es/numbers")).text)
    assert "911" in page
    assert "1-888-373-7888" in page
    assert "1-833-900-1010" not in page
    await moved(services, "pt")
    page = words((await visitor.get("/en/numbers")).text)
    assert "Lines in other countries" not in page
    assert "1-833-900-1010" not in page
