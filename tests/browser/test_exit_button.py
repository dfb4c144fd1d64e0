"""Holds the way out to being first, in sight, large, alone and understood on every public page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.support.chromium import Chromium
from tests.support.open_house import OpenHouse
from tests.support.public_pages import DRAWN, PAGES, path

pytestmark = pytest.mark.browser

SIZES = [(320, 480), (360, 640), (390, 844), (844, 390), (1280, 800)]
DOORS = ["home", "talk", "note", "numbers", "safety", "leaving"]

# Scrolled to a part of its whole height first, where one is given.
BOX = """part => {
    if (part !== null) scrollTo(0, document.documentElement.scrollHeight * part);
    const door = document.querySelector("[data-leave]");
    const box = door.getBoundingClientRect();
    const points = [[.5, .5], [.1, .2], [.9, .2], [.1, .8], [.9, .8]];
    return {
        top: box.top, bottom: box.bottom, left: box.left, right: box.right, height: box.height, width: box.width,
        inside: box.top >= 0 && box.left >= 0 && box.bottom <= innerHeight && box.right <= innerWidth,
        clear: points.every(([x, y]) => door.contains(
            document.elementFromPoint(box.left + box.width * x, box.top + box.height * y))),
    };
}"""


def box(page: Page, part: float | None = None) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(BOX, part)
    return found


def stays_in_sight(page: Page, parts: tuple[float, ...]) -> None:
    """In every size of screen and at every part of the page: all of it, with nothing over it, and large enough."""
    for size in SIZES:
        page.set_viewport_size({"width": size[0], "height": size[1]})
        for part in parts:
            seen = box(page, part)
            assert seen["inside"], (size, part, seen)
            assert seen["clear"], (size, part, seen)
            assert seen["height"] >= 48
            assert seen["width"] >= 88


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_the_exit_is_the_first_thing_a_keyboard_reaches(
    chromium: Chromium, open_house: OpenHouse, page: str, script: bool
) -> None:
    """Requirement 1 of docs/safety.md."""
    with chromium.looks(script=script) as visit:
        visit.goto(open_house.house.public + path(page))
        first = visit.locator("a[href], button, input:not([type=hidden]), textarea, select, summary").first

        assert first.get_attribute("data-leave") is not None
        assert first.is_visible()


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("page", DOORS)
def test_the_exit_stays_in_sight_and_nothing_covers_it(
    chromium: Chromium, open_house: OpenHouse, page: str, language: str
) -> None:
    """Requirements 2, 3 and 4 of docs/safety.md."""
    with chromium.looks(language=language) as visit:
        visit.goto(open_house.house.public + path(page, language))
        visit.evaluate("document.querySelectorAll('details').forEach(it => { it.open = true; })")
        stays_in_sight(visit, (0, 0.3, 0.7, 1))


def test_nothing_covers_the_exit_of_a_page_that_holds_something(chromium: Chromium, open_house: OpenHouse) -> None:
    """Requirements 2, 3 and 4 of docs/safety.md: with a summary of what to mend, and everything unfolded."""
    with chromium.visit() as visit:
        visit.goto(open_house.house.public + path("note"))
        visit.locator("button[name=keep][value='1']").click()
        visit.wait_for_url(re.compile(r"/en/note/[^/]+$"))
        visit.locator(".summary").wait_for()
        visit.evaluate("document.querySelectorAll('details').forEach(it => { it.open = true; })")
        stays_in_sight(visit, (0, 0.5, 1))


@pytest.mark.parametrize("page", DOORS)
def test_nothing_else_to_press_is_near_the_exit(chromium: Chromium, open_house: OpenHouse, page: str) -> None:
    """Requirement 4 of docs/safety.md: 8 px to the next target, at the top of the page."""
    with chromium.looks() as visit:
        visit.goto(open_house.house.public + path(page))
        nearest = visit.evaluate(
            """() => {
                const leave = document.querySelector("[data-leave]").getBoundingClientRect();
                const others = [...document.querySelectorAll("a[href], button, summary, input:not([type=hidden])")]
                    .filter(it => !it.hasAttribute("data-leave")).map(it => it.getBoundingClientRect());
                return Math.min(...others.map(it => Math.max(it.top - leave.bottom, leave.left - it.right,
                    it.left - leave.right)));
            }"""
        )
        assert nearest >= 8


STRETCHED = {
    "twice as large": "document.documentElement.style.fontSize = '200%'",
    "widely spaced": """for (const it of document.querySelectorAll("*")) {
        it.style.letterSpacing = ".12em"; it.style.wordSpacing = ".16em"; it.style.lineHeight = "1.5";
    }""",
}


@pytest.mark.parametrize("how", STRETCHED)
@pytest.mark.parametrize("language", DRAWN)
@pytest.mark.parametrize("page", ["home", "numbers", "leaving"])
def test_stretched_text_is_neither_cut_nor_pushed_off_the_side(
    chromium: Chromium, open_house: OpenHouse, page: str, language: str, how: str
) -> None:
    """Requirement 45 of docs/safety.md: at 320 px."""
    with chromium.looks(size=(320, 640), language=language) as visit:
        visit.goto(open_house.house.public + path(page, language))
        visit.evaluate(STRETCHED[how])

        assert visit.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert visit.evaluate("(it => it.scrollWidth <= it.clientWidth)(document.querySelector('[data-leave]'))")


def test_the_exit_says_its_own_name_and_leads_away_without_a_trace(chromium: Chromium, open_house: OpenHouse) -> None:
    """Requirements 12, 24 and 48 of docs/safety.md."""
    with chromium.looks() as visit:
        visit.goto(open_house.house.public + path("home"))
        leave = visit.get_by_role("link", name="Leave this site", exact=True)

        assert leave.get_attribute("href") == open_house.neutral.url
        assert set((leave.get_attribute("rel") or "").split()) >= {"noreferrer", "noopener"}
        assert leave.get_attribute("target") is None


@pytest.mark.parametrize("page", PAGES)
def test_what_leaving_does_not_do_is_one_tap_away(chromium: Chromium, open_house: OpenHouse, page: str) -> None:
    """Requirement 42 of docs/safety.md."""
    with chromium.looks() as visit:
        visit.goto(open_house.house.public + path(page))
        limit = visit.locator(".limit")

        assert "does not clear history" in limit.inner_text()
        limit.locator("a").click()
        visit.wait_for_url(re.compile("/en/read/leaving$"))
        assert "A spy app can show what you see and type." in visit.locator("main").inner_text()


def test_the_exit_is_not_printed(chromium: Chromium, open_house: OpenHouse) -> None:
    """Requirement 26 of docs/safety.md."""
    with chromium.visit() as visit:
        visit.goto(open_house.house.public + path("safety"))
        visit.emulate_media(media="print")

        assert not visit.locator("[data-leave]").is_visible()


def test_the_exit_keeps_an_edge_in_forced_colours(chromium: Chromium, open_house: OpenHouse) -> None:
    """Requirement 47 of docs/safety.md."""
    with chromium.visit() as visit:
        visit.emulate_media(forced_colors="active")
        visit.goto(open_house.house.public + path("home"))

        assert visit.evaluate("parseFloat(getComputedStyle(document.querySelector('.leave')).borderTopWidth)") >= 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_exits_words_stand_out(chromium: Chromium, open_house: OpenHouse, scheme: Any) -> None:
    """Requirement 43 of docs/safety.md: at least 7 to 1."""
    with chromium.looks(scheme=scheme) as visit:
        visit.goto(open_house.house.public + path("home"))
        colours = visit.evaluate(
            "(style => [style.color, style.backgroundColor])(getComputedStyle(document.querySelector('.leave')))"
        )
    assert contrast(*colours) >= 7


def contrast(one: str, other: str) -> float:
    """The contrast of two `rgb(...)` colours (WCAG 2.2, relative luminance)."""
    lights = sorted((luminance(one), luminance(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
