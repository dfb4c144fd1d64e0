"""Holds the look of the public pages to what a person must find without searching."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import Page

from tests.support.chromium import PHONE, Chromium
from tests.support.open_house import OpenHouse
from tests.support.public_pages import LANGUAGES, PAGES, path

pytestmark = pytest.mark.browser

CONTROLS = "a[href], button, input:not([type=hidden]), textarea, select, summary"


def bottom(page: Page, what: str) -> float:
    found: float = page.evaluate("what => document.querySelector(what).getBoundingClientRect().bottom", what)
    return found


def test_all_three_doors_are_in_sight_in_english(chromium: Chromium, open_house: OpenHouse) -> None:
    with chromium.looks(size=PHONE) as visit:
        visit.goto(open_house.house.public + path("home"))

        assert bottom(visit, ".door:last-child") <= PHONE[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_not_police_and_the_first_door_are_in_sight_in_every_language(
    chromium: Chromium, open_house: OpenHouse, language: str
) -> None:
    with chromium.looks(size=PHONE, language=language) as visit:
        visit.goto(open_house.house.public + path("home", language))

        assert bottom(visit, ".plainly") < bottom(visit, ".door") <= PHONE[1]


@pytest.mark.parametrize(("page", "language"), [*((page, "en") for page in PAGES), ("home", "ar"), ("note", "ar")])
def test_what_has_the_focus_is_never_under_the_bar(
    chromium: Chromium, open_house: OpenHouse, page: str, language: str
) -> None:
    """Requirement 44 of docs/safety.md: by Tab through every control at 320 px, forwards and back."""
    hidden = """() => {
        const it = document.activeElement, box = it.getBoundingClientRect();
        const bar = document.querySelector("[data-leave]");
        if (it === document.body || it === bar) return null;
        const leave = bar.getBoundingClientRect();
        const covered = box.top < leave.bottom && box.bottom > leave.top && box.left < leave.right
            && box.right > leave.left;
        return covered || box.bottom <= 0 || box.top >= innerHeight ? it.outerHTML.slice(0, 100) : null;
    }"""
    with chromium.looks(size=(320, 480), language=language) as visit:
        visit.goto(open_house.house.public + path(page, language))
        controls = visit.locator(CONTROLS).locator("visible=true").count()
        found = set()
        for key in ["Tab"] * (controls + 1) + ["Shift+Tab"] * (controls + 1):
            visit.keyboard.press(key)
            found.add(visit.evaluate(hidden))

    assert controls >= 4
    assert found <= {None}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_first_tab_shows_a_ring_nobody_can_miss(
    chromium: Chromium, open_house: OpenHouse, scheme: Literal["light", "dark"]
) -> None:
    with chromium.looks(scheme=scheme) as visit:
        visit.goto(open_house.house.public + path("home"))
        visit.keyboard.press("Tab")
        ring = visit.evaluate(
            "(style => [parseFloat(style.outlineWidth), style.outlineStyle])(getComputedStyle(document.activeElement))"
        )

        assert visit.evaluate("document.activeElement.hasAttribute('data-leave')")
        assert ring == [3, "solid"]


@pytest.mark.parametrize("page", ["home", "numbers", "safety"])
def test_right_to_left_moves_everything_but_numbers(chromium: Chromium, open_house: OpenHouse, page: str) -> None:
    """Requirement 46 of docs/safety.md."""
    with chromium.looks(language="ar") as visit:
        visit.goto(open_house.house.public + path(page, "ar"))

        assert visit.evaluate("document.documentElement.dir") == "rtl"
        numbers = visit.locator('a[href^="tel:"]').all()
        assert numbers
        for number in numbers:
            assert number.locator('bdi[dir="ltr"]').count() == 1, number.inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_moves_for_those_who_asked_for_stillness(
    chromium: Chromium, open_house: OpenHouse, scheme: Literal["light", "dark"]
) -> None:
    """Requirement 47 of docs/safety.md."""
    with chromium.looks(scheme=scheme) as visit:
        visit.goto(open_house.house.public + path("home"))
        moving: int = visit.evaluate(
            """() => [...document.querySelectorAll("*")].map(it => getComputedStyle(it)).filter(style =>
                style.animationName !== "none" || parseFloat(style.transitionDuration) > 0
                || style.scrollBehavior === "smooth").length"""
        )
    assert moving == 0


@pytest.mark.parametrize("page", ["home", "numbers", "safety", "privacy", "languages"])
def test_every_page_is_whole_without_script(chromium: Chromium, open_house: OpenHouse, page: str) -> None:
    """Requirement 1 of docs/safety.md, and the promise that no page needs a script."""
    with chromium.looks() as with_script, chromium.looks(script=False) as without:
        for visit in (with_script, without):
            visit.goto(open_house.house.public + path(page))

        assert without.locator("noscript").count() == 0
        assert with_script.locator("main").inner_text() == without.locator("main").inner_text()


def test_help_stands_in_the_same_order_on_every_page(chromium: Chromium, open_house: OpenHouse) -> None:
    """Requirement 49 of docs/safety.md."""
    orders = set()
    with chromium.looks() as visit:
        for page in ("numbers", "safety", "privacy", "languages", "note"):
            visit.goto(open_house.house.public + path(page))
            orders.add(tuple(link.get_attribute("href") for link in visit.locator("footer a").all()))

    assert len(orders) == 1


def test_no_icon_stands_alone(chromium: Chromium, open_house: OpenHouse) -> None:
    """Requirement R6 of docs/safety.md: a sign beside words, never instead of them, and never read out."""
    alone: list[str] = []
    with chromium.looks() as visit:
        for page in PAGES:
            visit.goto(open_house.house.public + path(page))
            alone += visit.evaluate(
                """() => [...document.querySelectorAll("svg")].filter(it => {
                    const whole = it.parentElement.closest("a, button, summary, label, p, li, .brand");
                    return !whole || !whole.textContent.trim() || it.getAttribute("aria-hidden") !== "true";
                }).map(it => location.pathname + " " + it.outerHTML.slice(0, 60))"""
            )
            assert visit.locator("svg").count() > 0
    assert sorted(set(alone)) == []
