"""Holds every page of a note, with every group of it open, and the inbox to axe-core's silence."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.test_tip_journey import Reporter, newest_tip
from tests.support.axe import violations
from tests.support.chromium import Chromium
from tests.support.open_house import OpenHouse
from tests.support.public_pages import every_run
from tests.support.tab_people import answers_the_note

pytestmark = [pytest.mark.browser, pytest.mark.journey]


def opened(page: Page) -> None:
    """Opens every group of the page."""
    for group in page.locator("main details").all():
        if group.get_attribute("open") is None:
            group.locator("summary").click()


@pytest.mark.parametrize("language", every_run("ar"))
def test_every_page_of_a_note_is_clean_to_axe(chromium: Chromium, open_house: OpenHouse, language: str) -> None:
    words = f"Some words in {language}."
    found: dict[str, list[str]] = {}
    with chromium.visit(language=language) as page:
        reporter = Reporter(page, open_house, language)
        reporter.opens_the_form()
        for name in ("soon", "young"):
            page.check(f"#{name} input[value='1']")
        opened(page)
        found["form"] = violations(page)
        reporter.presses("keep", "1")
        page.wait_for_selector(".summary")
        found["mend"] = violations(page)
        reporter.writes(words)
        reporter.presses("keep", "1")
        page.wait_for_selector(".slip-number")
        number = reporter.number
        found["number"] = violations(page)
        reporter.presses("do", "more")
        page.wait_for_selector("button[value=tell]")
        opened(page)
        found["details"] = violations(page)
        page.fill("#town", "Lantern Bay")
        with page.expect_navigation():
            page.click("button[value=tell]")
        reporter.comes_back_with("12345")
        page.wait_for_selector(".wrong")
        found["mistyped"] = violations(page)
        # In another language than the page's, so that the one who reads it aloud has to be told.
        theirs = "ar" if language == "en" else "en"
        answers_the_note(open_house.admin.signs_in(), words, "Thank you.", same="شكرا.", made="machine", theirs=theirs)
        reporter.comes_back_with(number)
        page.wait_for_selector("button[value=ask]")
        opened(page)
        assert page.locator("#told dd").count() == 1
        found["thread"] = violations(page)
        reporter.presses("do", "ask")
        page.wait_for_selector("button[value=erase]")
        found["erase"] = violations(page)
        reporter.presses("do", "erase")
        page.wait_for_selector("main a.button")
        found["erased"] = violations(page)
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_the_inbox_is_clean_to_axe(chromium: Chromium, open_house: OpenHouse) -> None:
    with chromium.visit() as page:
        reporter = Reporter(page, open_house)
        reporter.opens_the_form()
        reporter.writes("Something for the inbox.")
        reporter.presses("keep", "1")
        reporter.sees("We have your note.")
    with chromium.visit(size=(1280, 800)) as page:
        open_house.admin.signs_in_with(page)
        page.goto(f"{open_house.house.desk}/desk/tips")
        opened(page)
        found = violations(page)
        # By its name at this desk, from the keys alone: its own is in letters that are on no key here.
        page.focus("#c-language")
        page.keyboard.type("pun")
        assert page.input_value("#c-language") == "pa"
        newest_tip(page, open_house, "Something for the inbox.")
        assert found + violations(page) == []
