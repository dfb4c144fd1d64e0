"""Holds the keyboard's way out to three deliberate presses and to nothing else."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.support.chromium import Chromium
from tests.support.open_house import OpenHouse
from tests.support.public_pages import path

pytestmark = pytest.mark.browser


def at_home(page: Page, open_house: OpenHouse, where: str = "home") -> Page:
    page.goto(open_house.house.public + path(where))
    return page


def stays(page: Page, open_house: OpenHouse) -> bool:
    page.wait_for_timeout(150)
    return page.url.startswith(open_house.house.public) and page.locator("h1").count() == 1


def said(page: Page) -> str:
    return page.locator("[data-said]").inner_text()


@pytest.mark.parametrize("keys", [["ShiftLeft"] * 3, ["ShiftRight", "ShiftLeft", "ShiftRight"]], ids=str)
def test_shift_alone_three_times_leaves(chromium: Chromium, open_house: OpenHouse, keys: list[str]) -> None:
    """Requirement 19 of docs/safety.md: left and right mixed too."""
    with chromium.visit() as visit:
        at_home(visit, open_house)
        for key in keys:
            visit.keyboard.press(key)
        visit.wait_for_url(open_house.neutral.url)


def test_it_works_while_typing(chromium: Chromium, open_house: OpenHouse) -> None:
    """Requirement 19 of docs/safety.md."""
    with chromium.visit() as visit:
        at_home(visit, open_house, "note")
        visit.locator("textarea").first.click()
        visit.keyboard.type("so")
        for _ in range(3):
            visit.keyboard.press("ShiftLeft")
        visit.wait_for_url(open_house.neutral.url)


def test_a_capital_letter_never_counts(chromium: Chromium, open_house: OpenHouse) -> None:
    """Requirement 19 of docs/safety.md."""
    with chromium.looks() as visit:
        at_home(visit, open_house)
        for _ in range(5):
            visit.keyboard.press("Shift+A")
        visit.keyboard.press("ShiftLeft")
        visit.keyboard.press("b")
        visit.keyboard.press("ShiftLeft")
        visit.keyboard.press("ShiftLeft")

        assert stays(visit, open_house)


def test_presses_more_than_five_seconds_apart_begin_again(chromium: Chromium, open_house: OpenHouse) -> None:
    """Requirements 19 and 22 of docs/safety.md."""
    with chromium.visit() as visit:
        visit.clock.install()
        at_home(visit, open_house)
        visit.keyboard.press("ShiftLeft")
        visit.keyboard.press("ShiftLeft")
        visit.clock.fast_forward(5100)
        assert said(visit) == "Not leaving. The count starts again."
        visit.keyboard.press("ShiftLeft")

        assert stays(visit, open_house)


def test_each_press_is_announced_and_so_is_giving_up(chromium: Chromium, open_house: OpenHouse) -> None:
    """Requirement 22 of docs/safety.md."""
    with chromium.looks() as visit:
        at_home(visit, open_house)
        heard = [visit.locator("[data-said]").get_attribute("role")]
        visit.keyboard.press("ShiftLeft")
        heard.append(said(visit))
        visit.keyboard.press("ShiftLeft")
        heard.append(said(visit))
        visit.keyboard.press("x")
        heard.append(said(visit))

    assert heard == [
        "status",
        "Press Shift 2 more times to leave.",
        "Press Shift 1 more time to leave.",
        "Not leaving. The count starts again.",
    ]


@pytest.mark.parametrize("code", ["", "Unidentified"])
def test_a_keyboard_on_the_glass_never_counts(chromium: Chromium, open_house: OpenHouse, code: str) -> None:
    """Requirement 20 of docs/safety.md: such keyboards send Shift for their own caps and symbols."""
    press = """code => { for (let i = 0; i < 4; i++) for (const kind of ["keydown", "keyup"])
        document.body.dispatchEvent(new KeyboardEvent(kind, { key: "Shift", code, bubbles: true })); }"""
    with chromium.looks() as visit:
        at_home(visit, open_house)
        visit.evaluate(press, code)

        assert stays(visit, open_house)


def test_a_phone_without_a_fine_pointer_has_it_off(chromium: Chromium, open_house: OpenHouse) -> None:
    """Requirement 20 of docs/safety.md."""
    with chromium.visit() as visit:
        visit.add_init_script(
            "const real = matchMedia; window.matchMedia = what => /fine/.test(what) ? { matches: false } : real(what);"
        )
        at_home(visit, open_house)
        for _ in range(4):
            visit.keyboard.press("ShiftLeft")

        assert stays(visit, open_house)


def test_escape_is_never_a_way_out(chromium: Chromium, open_house: OpenHouse) -> None:
    """Requirement 21 of docs/safety.md."""
    with chromium.looks() as visit:
        at_home(visit, open_house)
        for _ in range(4):
            visit.keyboard.press("Escape")

        assert stays(visit, open_house)


def test_selecting_with_shift_and_the_mouse_never_counts(chromium: Chromium, open_house: OpenHouse) -> None:
    """Requirement 19 of docs/safety.md: Shift with anything else is not Shift alone."""
    with chromium.looks() as visit:
        at_home(visit, open_house)
        for _ in range(4):
            visit.keyboard.down("Shift")
            visit.locator("h1").click()
            visit.keyboard.up("Shift")

        assert stays(visit, open_house)
