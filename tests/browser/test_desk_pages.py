"""Asks axe, and a ruler, about the desk's pages as they are read by few: in French, dark, on the smallest desk."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.support.axe import violations
from tests.support.chromium import Chromium
from tests.support.open_house import OpenHouse

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
