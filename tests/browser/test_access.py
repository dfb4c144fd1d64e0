"""Holds every public page to axe-core's silence, in every language, in both schemes."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import Page

from tests.support.axe import violations
from tests.support.chromium import PHONE, SCREEN, Chromium
from tests.support.open_house import OpenHouse
from tests.support.public_pages import DRAWN, PAGES, path

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", DRAWN)
@pytest.mark.parametrize("page", PAGES)
def test_axe_objects_to_nothing(chromium: Chromium, open_house: OpenHouse, page: str, language: str) -> None:
    with chromium.looks(language=language) as visit:
        visit.goto(open_house.house.public + path(page, language))

        assert violations(visit) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", ["home", "talk", "note", "numbers"])
def test_axe_objects_to_nothing_on_a_wide_screen_in_either_scheme(
    chromium: Chromium, open_house: OpenHouse, page: str, scheme: Literal["light", "dark"]
) -> None:
    with chromium.looks(size=SCREEN, scheme=scheme) as visit:
        visit.goto(open_house.house.public + path(page))

        assert violations(visit) == []


@pytest.mark.parametrize("language", DRAWN)
@pytest.mark.parametrize("page", PAGES)
def test_nothing_runs_off_the_side_of_a_small_phone(
    chromium: Chromium, open_house: OpenHouse, page: str, language: str
) -> None:
    with chromium.looks(size=(320, 480), language=language) as visit:
        visit.goto(open_house.house.public + path(page, language))

        assert visit.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("page", PAGES)
def test_every_control_is_large_enough_for_a_thumb(chromium: Chromium, open_house: OpenHouse, page: str) -> None:
    """Links inside a sentence are exempt, as WCAG 2.5.8 has it; everything that stands alone is not."""
    with chromium.looks(size=PHONE) as visit:
        visit.goto(open_house.house.public + path(page))

        assert small_targets(visit) == []


def small_targets(page: Page) -> list[str]:
    # What Enter presses in a form is there for neither eye nor thumb nor reader: one dot, out of sight.
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("button, summary, a.button, a.door, a.leave, .card, textarea")]
            .filter(each => !each.matches(".unseen[tabindex='-1'][aria-hidden=true]"))
            .filter(each => each.checkVisibility() && each.getBoundingClientRect().height < 48)
            .map(each => each.outerHTML.slice(0, 120) + " " + each.getBoundingClientRect().height)"""
    )
    return found
