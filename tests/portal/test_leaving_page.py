"""Holds the page about leaving to what is so in this house: its names, its times, its wire."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from i18n.languages import LANGUAGES
from portal.app import build_public
from portal.routes import section
from portal.services import Services
from portal.web.page import Pages

pytestmark = pytest.mark.anyio

# What a person has to be told, section by section: whoever takes one away takes it away for her.
SECTIONS = ("does", "phone", "shared", "spy", "network", "ours", "better")


async def page_of(services: Services, language: str = "en", **settings: Any) -> str:
    """The page as a house with these settings shows it."""
    told = replace(services.settings, **settings)
    there = replace(services, settings=told, pages=Pages(told, services.pages.catalogue, services.pages.assets))
    app = httpx.ASGITransport(build_public(there, [section(there)]))
    async with httpx.AsyncClient(transport=app, base_url=told.public_origin) as browser:
        answer = await browser.get(f"/{language}/read/leaving")
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize("language", LANGUAGES)
async def test_its_names_and_times_are_those_of_this_house(services: Services, language: str) -> None:
    """Requirements 42 and C7 of docs/safety.md."""
    exits = {"": "https://weather.example/today", "ar": "https://taqs.example/"}
    page = await page_of(
        services, language, public_origin="https://harbour.example:8443", wrap_up_minutes=47, exit_urls=exits
    )
    words = re.sub(r"<[^>]+>", " ", page)

    # Three times; and once more in each original beside words that nobody has signed yet.
    assert page.count("<bdi>harbour.example:8443</bdi>") == (3 if language == "en" else 6)
    assert f"<bdi>{urlsplit(exits.get(language, exits[''])).netloc}</bdi>" in page
    assert re.search(r"(?<!\d)47(?!\d)", words)
    assert not re.search(r"(?<!\d)30(?!\d)", words)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_part_stands_in_every_language(services: Services, language: str) -> None:
    """Requirement C3 of docs/safety.md: the history, other devices, watching programs, the network, our own side."""
    page = await page_of(services, language)
    catalogue = services.pages.catalogue
    headings = [catalogue.words(LANGUAGES[language], f"leaving.{part}") for part in SECTIONS]

    assert re.findall(r"<h2>([^<]+)</h2>", page) == headings
    assert all(each.split("</h2>")[1].split("</section>")[0].strip() for each in page.split("<h2>")[1:])


@pytest.mark.parametrize(
    ("origin", "is_closed"),
    [
        ("http://127.0.0.1:8000", False),
        ("http://harbour.example", False),
        ("https://harbour.example", True),
        ("http://abcdefghijklmnop.onion", True),
    ],
)
async def test_it_claims_a_closed_wire_only_where_there_is_one(
    services: Services, origin: str, is_closed: bool
) -> None:
    """Over plain http whoever runs the network can read along; a page that denies it would put somebody at risk."""
    page = await page_of(services, public_origin=origin)

    assert ("They do not see your words" in page) is is_closed
