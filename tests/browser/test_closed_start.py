"""Closes the chat while a page lies open: with script and without it, what she types goes on with her."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Page, expect

from tests.browser.talk_people import Advocate
from tests.support.axe import violations
from tests.support.chromium import Chromium
from tests.support.desk_people import DeskPerson, turns_the_switch
from tests.support.line_people import LineVisitor
from tests.support.open_house import OpenHouse

pytestmark = [pytest.mark.browser, pytest.mark.journey]

WORDS = "a lantern hangs in the third window"


@pytest.fixture
def supervisor(open_house: OpenHouse) -> Iterator[DeskPerson]:
    """Somebody with the switch, which nobody has touched when the story is told."""
    person = open_house.admin.signs_in()
    yield person
    turns_the_switch(person, "hours")


def presses(page: Page, button: str) -> None:
    """A press that leads to another page."""
    before = page.url
    page.locator(button).click()
    expect(page).not_to_have_url(before)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_what_she_typed_at_a_closed_door_is_the_first_thing_said_behind_it(
    chromium: Chromium, open_house: OpenHouse, supervisor: DeskPerson, script: bool
) -> None:
    with chromium.visit(script=script) as page, closing(supervisor.opens_the_line()) as desk:
        page.goto(f"{open_house.house.public}/en/talk")
        turns_the_switch(supervisor, "closed")
        presses(page, "#start-form button")
        expect(page.get_by_role("heading", level=1)).to_have_text("The chat is closed now")
        expect(page.locator("main a[href^='tel:']").first).to_be_visible()

        assert not script or violations(page) == []
        page.fill("#words", WORDS)
        presses(page, "button[value=look]")
        expect(page.locator("#words")).to_have_value(WORDS)
        turns_the_switch(supervisor, "hours")
        presses(page, "button[value=look]")
        expect(page.locator("#start")).to_contain_text("Your words go with you.")
        page.click("#start-form button")
        if script:
            expect(page.locator("#log .bubble-words")).to_have_text([WORDS])
        else:
            expect(page.frame_locator("iframe[name=words]").get_by_text(WORDS)).to_have_count(1)

        talk = desk.takes_next()
        desk.hears(WORDS)
        desk.ends(talk)
        expect(page).not_to_have_url(re.compile(WORDS.split()[1]))


def test_a_desk_sees_the_switch_at_once_and_is_asked_why_it_passes_somebody_over(
    chromium: Chromium, open_house: OpenHouse, supervisor: DeskPerson
) -> None:
    with (
        chromium.visit() as page,
        LineVisitor.starts(open_house.house) as first,
        LineVisitor.starts(open_house.house) as second,
    ):
        first.says("I came first")
        second.says("I came later")
        advocate = Advocate(page, open_house)
        advocate.is_ready()
        turns_the_switch(supervisor, "closed")
        expect(page.locator("#door")).to_have_text("Chat closed")

        rows = page.locator(".queue-row button.row")
        expect(rows).to_have_count(2)
        asked = page.locator("#out-of-turn")
        rows.nth(1).click()
        expect(asked).to_be_visible()
        asked.get_by_role("button", name="Do not take").click()
        expect(asked).to_be_hidden()
        expect(rows).to_have_count(2)
        rows.nth(1).click()
        asked.get_by_role("button", name="Her language").click()
        advocate.sees("I came later")
        expect(asked).to_be_hidden()
        advocate.takes_next()
        advocate.sees("I came first")
        advocate.puts_all_away()
