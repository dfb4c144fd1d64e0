"""Holds every state of the talk, of a note and of the desk to axe-core's silence, not only the pages as they open."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.support.axe import violations
from tests.support.chromium import PHONE, SCREEN, Chromium
from tests.support.desk_navigators import Advocate
from tests.support.navigators import Reporter, Visitor
from tests.support.open_house import OpenHouse, open_house_at
from tests.support.public_pages import every_run

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def still_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenHouse]:
    """A house of this module's own: in the shared one somebody of another test may stand first in the queue."""
    with open_house_at(tmp_path_factory.mktemp("h")) as ready:
        yield ready


class Looked:
    """Asks axe at each moment, and tells all it found at the end."""

    def __init__(self) -> None:
        self.found: dict[str, list[str]] = {}

    def at(self, page: Page, moment: str) -> None:
        objected = violations(page)
        if objected:
            self.found[moment] = objected


@pytest.mark.parametrize("language", every_run("en"))
def test_a_talk_is_clean_from_the_waiting_room_to_its_end(
    chromium: Chromium, still_house: OpenHouse, language: str
) -> None:
    looked = Looked()
    admin = still_house.admin
    desk, phone = chromium.new_context(size=SCREEN), chromium.new_context(size=PHONE, language=language)
    try:
        advocate = Advocate(desk.new_page(), still_house.house).signs_in(admin.name, admin.passphrase)
        advocate.opens_the_chats().is_ready()
        looked.at(advocate.page, "desk, nobody waiting")
        visitor = Visitor(phone.new_page(), still_house.house.public, language).opens_home().starts_chat()
        looked.at(visitor.page, "waiting")
        visitor.answers("safe", "no")
        visitor.says("one two three")
        looked.at(visitor.page, "waiting, not safe, wrote")
        advocate.page.wait_for_selector("#queue .queue-row")
        looked.at(advocate.page, "desk, somebody waiting")
        advocate.takes_next()
        advocate.says("four five six")
        visitor.sees("four five six")
        looked.at(visitor.page, "talking")
        looked.at(advocate.page, "desk, talking")
        visitor.page.click("#more-button")
        visitor.page.click("#end-ask")
        looked.at(visitor.page, "talking, more opened, asked whether to end")
        visitor.page.click("#end-now")
        visitor.sees_the_end()
        looked.at(visitor.page, "ended")
        advocate.sees_the_end()
        looked.at(advocate.page, "desk, ended")
    finally:
        desk.close()
        phone.close()

    assert looked.found == {}


@pytest.mark.parametrize("language", every_run("en"))
def test_a_note_is_clean_from_a_forgotten_field_to_its_erasure(
    chromium: Chromium, still_house: OpenHouse, language: str
) -> None:
    looked = Looked()
    with chromium.visit(language=language) as page:
        reporter = Reporter(page, still_house.house.public, language).opens_the_form()
        for group in page.locator("details.more > summary").all():
            group.click()
        looked.at(page, "form, opened wide")
        page.wait_for_timeout(3_100)
        page.click("button[name=keep][value='1']")
        page.wait_for_selector(".summary")
        looked.at(page, "form, one thing to fix")
        reporter.sends_note("seven eight nine")
        looked.at(page, "receipt")
        page.goto(f"{still_house.house.public}/{language}/note/back")
        page.fill("[name=number]", "1")
        page.locator("form:has([name=number]) button[type=submit]").click()
        page.wait_for_selector(".summary")
        looked.at(page, "number that opens nothing")
        reporter.comes_back()
        reporter.opens_earlier_words()
        looked.at(page, "note, opened")
        page.click("button[value=ask]")
        page.wait_for_selector("button[value=erase]")
        looked.at(page, "asked whether to erase")
        page.click("button[value=erase]")
        page.wait_for_selector("button[value=erase]", state="detached")
        page.wait_for_load_state()
        looked.at(page, "erased")

    assert looked.found == {}


def test_the_desk_is_clean(chromium: Chromium, still_house: OpenHouse) -> None:
    looked = Looked()
    house, admin = still_house.house, still_house.admin
    with chromium.visit(size=SCREEN) as page:
        for name in ("signin", "welcome"):
            page.goto(f"{house.desk}/desk/{name}")
            looked.at(page, name)
        Advocate(page, house).signs_in(admin.name, admin.passphrase)
        for name in ("", "/tips", "/staff", "/opening", "/hours", "/door", "/me", "/nothing-here"):
            page.goto(f"{house.desk}/desk{name}")
            looked.at(page, f"desk{name}")

    assert looked.found == {}
