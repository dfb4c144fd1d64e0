"""Asks axe, and a ruler, about the desk's pages as they are read by few: in French, dark, on the smallest desk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page

from tests.support.axe import violations
from tests.support.chromium import Chromium
from tests.support.desk_walk import fills, pages
from tests.support.open_house import OpenHouse, open_house_at

pytestmark = pytest.mark.browser

SOME = ("settings", "opening", "first-shift")
ALL = """
    handover board practice tips entries records calls interpreters staff hours door files me me/second me/passphrase
    keys sheets audit shortcuts pocket record staying gone tips/labels tips/new first-shift/record first-shift/tip
"""
TOO_WIDE = "() => document.documentElement.scrollWidth - innerWidth"


@pytest.fixture
def french(open_house: OpenHouse, chromium: Chromium) -> Iterator[Page]:
    """The first administrator's desk in French, dark; what it speaks is put back."""
    ada = open_house.admin
    ada.posts("/desk/me", tongue="fr")
    context = chromium.new_context(size=(1280, 800), scheme="dark")
    page = context.new_page()
    ada.signs_in_with(page)
    yield page
    context.close()
    ada.posts("/desk/me", tongue="en")


def stumbles(page: Page, desk: str, names: list[str]) -> dict[str, list[str]]:
    found = {}
    for name in names:
        page.goto(f"{desk}/desk/{name}")
        wide = page.evaluate(TOO_WIDE)
        found[name] = violations(page) + ([f"{wide} pixels too wide"] if wide > 0 else [])
    return {name: each for name, each in found.items() if each}


def test_no_page_that_is_seldom_read_in_french_and_dark_lets_anybody_stumble(
    french: Page, open_house: OpenHouse
) -> None:
    assert stumbles(french, open_house.house.desk, ["", *SOME]) == {}


@pytest.mark.long
def test_no_page_of_the_desk_lets_anybody_stumble_in_french_and_dark(french: Page, open_house: OpenHouse) -> None:
    assert stumbles(french, open_house.house.desk, ALL.split()) == {}


HEADINGS = "() => [...document.querySelectorAll('h1')].filter(it => it.checkVisibility()).length"


def look(page: Page) -> list[str]:
    """What axe objects to, what does not fit, and whether one heading names the page."""
    wide, heads = page.evaluate(TOO_WIDE), page.evaluate(HEADINGS)
    return [
        *violations(page),
        *([f"{wide} pixels too wide"] if wide > 0 else []),
        *([f"{heads} headings of the page"] if heads != 1 else []),
    ]


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize(
    ("tongue", "scheme", "width"), [("en", "light", 1280), ("fr", "dark", 1280), ("fr", "dark", 390)]
)
def test_no_page_that_links_lead_to_lets_anybody_stumble(
    tmp_path: Path, chromium: Chromium, tongue: str, scheme: Literal["light", "dark"], width: int
) -> None:
    """Cases, consents, decisions, referrals, requests, records, figures: one page of each kind, with things in them."""
    with open_house_at(tmp_path, public_directory="on") as ready:
        fills(ready, ready.admin.invites("Kim", "supervisor", ["en"], "chat", "tips", "records", "names"))
        ready.admin.posts("/desk/me", tongue=tongue)
        with chromium.visit(size=(width, 800), scheme=scheme) as page:
            ready.admin.signs_in_with(page)
            found = dict(pages(page, ready.house.desk, look))
    assert len(found) > 60
    assert {kind: wrong for kind, wrong in found.items() if wrong} == {}
