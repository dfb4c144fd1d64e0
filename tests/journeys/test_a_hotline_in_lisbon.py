"""A hotline in Lisbon opens, and nothing of another country's stands on any of its public pages."""

from __future__ import annotations

import re
from html import unescape

import httpx
import pytest

import chat.routes
import portal.routes
import tips.routes
from chat.availability import availability
from i18n.languages import LANGUAGES
from portal.app import build_public
from portal.numbers import numbers
from portal.services import Services
from portal.vault.sealing import public_of
from tests.support.public_pages import PAGES, path

pytestmark = pytest.mark.anyio

PHONE = "+351 21 555 0142"


def of_others(services: Services, tag: str) -> list[str]:
    """What would be another country's: names and numbers of every other region, and words of Canada's own."""
    catalogue, language = services.pages.catalogue, LANGUAGES[tag]
    found = ["Canad", "RCMP", "GRC", "Kids Help", "provinc", "provínc", "territóri", "First Nation"]
    for region in numbers().regions:
        if region.id in ("pt", "other"):
            continue
        found += [catalogue.phrase(language, f"region.{region.id}"), *region.also]
        lines = [*region.lines, *numbers().country(region.country).lines]
        found += [line.name for line in lines]
        ways = [way for line in lines for way in line.ways] + [way for each in region.emergency for way in each.ways]
        found += [rf"\b{re.escape(way.number)}\b" for way in ways if way.number != "112"]
    return found


async def lisbon(services: Services) -> None:
    services.staff.folder.begin({1: b"p" * 32}, b"r" * 32, public_of(b"r" * 32))
    async with services.database.write() as connection:
        await services.opening.begin(
            connection, name="Linha do Farol", phone_line=PHONE, region="pt", receipt_salt=b"s" * 16
        )
        await services.opening.change(connection, is_sheet_kept=True, is_open=True)
    services.availability = availability(services)


@pytest.mark.parametrize("tag", ["pt", "en"])
async def test_no_public_page_names_another_country_or_its_numbers(services: Services, tag: str) -> None:
    await lisbon(services)
    sections = [chat.routes.section(services), tips.routes.section(services), portal.routes.section(services)]
    app = httpx.ASGITransport(build_public(services, sections))
    foreign = of_others(services, tag)
    async with httpx.AsyncClient(transport=app, base_url=services.settings.public_origin) as visitor:
        pages = {name: unescape((await visitor.get(path(name, tag))).text) for name in PAGES}

    for name, page in pages.items():
        # What a field holds before anybody typed is a token of random letters.
        words = re.sub(
            r'<(script|style|svg).*?</\1>|<link[^>]*>|<input type="hidden"[^>]*>', " ", page, flags=re.DOTALL
        )
        assert [each for each in foreign if re.search(each if "\\b" in each else re.escape(each), words)] == [], name
    assert 'href="tel:112"' in pages["home"]
    assert "112" in pages["numbers"]
    assert "351" in pages["home"]
    assert "Portugal" in pages["numbers"]
    assert "Linha do Farol" in pages["home"]
