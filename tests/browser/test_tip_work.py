"""Works on tips at the desk by keyboard alone: written down for a caller, named, looked at twice, handed over."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_tip_journey import HAND_MS
from tests.support.axe import violations
from tests.support.chromium import Chromium
from tests.support.desk_people import DeskPerson
from tests.support.open_house import OpenHouse, open_house_at

pytestmark = [pytest.mark.browser, pytest.mark.journey]

WORDS = "Four women live above the laundry."


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenHouse]:
    """A house of this story's own: its staff and its labels stay."""
    with open_house_at(tmp_path_factory.mktemp("h")) as ready:
        yield ready


class Hands:
    """Somebody at the desk with a keyboard and nothing else."""

    def __init__(self, page: Page, house: OpenHouse, person: DeskPerson) -> None:
        self.page, self.at = page, house.house.desk
        person.signs_in_with(page)

    def opens(self, path: str) -> None:
        self.page.goto(self.at + path)

    def goes_to(self, selector: str) -> None:
        """Tab by tab from where she is, for as long as the page has places."""
        wanted = self.page.locator(selector).first
        expect(wanted).to_be_visible()
        for _ in range(250):
            self.page.keyboard.press("Tab")
            if wanted.evaluate("one => one === document.activeElement"):
                return
        raise AssertionError(f"no key leads to {selector}")

    def presses(self, selector: str) -> None:
        self.goes_to(selector)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def opens_group(self, selector: str) -> None:
        self.goes_to(f"{selector} > summary")
        self.page.keyboard.press("Enter")

    def types(self, selector: str, words: str) -> None:
        self.goes_to(selector)
        self.page.keyboard.type(words)

    def ticks(self, selector: str) -> None:
        self.goes_to(selector)
        self.page.keyboard.press("Space")

    def chooses(self, group: str, value: str) -> None:
        """One of several: the tab leads to the first, arrows to the others."""
        self.ticks(f"{group} input[type=radio]")
        for _ in range(10):
            if self.page.locator(f"{group} input:checked").get_attribute("value") == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no arrow leads to {value}")


def test_a_tip_is_worked_on_by_keyboard_alone(chromium: Chromium, house: OpenHouse) -> None:
    kim = house.admin.invites("Kim", "supervisor", ["en", "fr"], "tips", "names")
    found: dict[str, list[str]] = {}
    context = chromium.new_context(size=(1280, 800))
    robin = Hands(context.new_page(), house, house.admin)

    # For somebody on the phone; what is missing is asked for, what was typed stays.
    robin.opens("/desk/tips")
    robin.presses("a[href='/desk/tips/new']")
    found["phone"] = violations(robin.page)
    robin.types("#f-words", WORDS)
    robin.presses("button[name=keep][value='1']")
    expect(robin.page.locator(".desk-summary")).to_be_focused()
    found["phone again"] = violations(robin.page)
    expect(robin.page.locator("#f-words")).to_have_value(WORDS)
    robin.goes_to("#f-spoken")
    robin.page.keyboard.type("English")
    robin.ticks("#f-ok input[value='1']")
    robin.page.wait_for_timeout(HAND_MS)
    robin.presses("button[name=keep][value='1']")
    expect(robin.page.locator(".desk-digits span")).to_have_count(5)
    found["number"] = violations(robin.page)
    robin.presses("main .desk-actions a")
    expect(robin.page.locator("#hands")).to_contain_text("With you")
    expect(robin.page.locator(".tips-told")).to_have_text(WORDS)
    where = robin.page.url.removeprefix(robin.at)

    # Named, noted, a second look asked, handed over.
    robin.opens("/desk/tips/labels")
    found["labels"] = violations(robin.page)
    robin.types("#labels", "Laundry")
    robin.presses("form[action='/desk/tips/labels'] button")
    robin.opens(where)
    robin.opens_group("#labels .tips-do")
    robin.ticks("#labels input[value=laundry]")
    robin.types("#new-label", "Visa")
    robin.presses("#labels button")
    expect(robin.page.locator("#labels .tips-tags")).to_have_text("laundry visa")
    robin.types("#note", "The same street as in May.")
    robin.presses("form[action$='/notes'] button")
    robin.opens_group("#eyes .tips-do")
    robin.types("#eyes .tips-do textarea", "Is it urgent?")
    robin.presses("#eyes .tips-do button")
    robin.opens_group("#hands .tips-do")
    robin.types("#todo", "Call back on Friday.")
    for group in ("#labels", "#eyes", ".tips-side section:has(.tips-moves)"):
        robin.opens_group(f"{group} .tips-do")
    found["tip"] = violations(robin.page)
    robin.presses("#hands .tips-do button")
    expect(robin.page.locator("#hands")).to_contain_text("With Kim")

    # The list narrows to it; the finder open.
    robin.opens("/desk/tips")
    robin.opens_group(".tips-find")
    found["finder"] = violations(robin.page)
    robin.types("#c-label", "LAUNDRY")
    robin.presses(".tips-find button")
    expect(robin.page.locator("a.tips-row")).to_have_count(1)
    expect(robin.page.locator("a.tips-row")).to_contain_text(["Second look asked"])
    found["chosen"] = violations(robin.page)
    context.close()

    # Whoever has it gives her word and closes it; for anybody else it asks why.
    other = chromium.new_context(size=(1280, 800))
    hers = Hands(other.new_page(), house, kim)
    hers.opens("/desk/tips?show=eyes")
    hers.presses("a.tips-row")
    expect(hers.page.locator(".tips-log")).to_contain_text("Call back on Friday.")
    hers.chooses("#eyes", "agree")
    hers.presses("#eyes form button")
    expect(hers.page.locator("#eyes")).to_contain_text("Nobody is asked.")
    hers.presses(".tips-side form[action$='/status'] button")
    other.close()
    third = chromium.new_context(size=(1280, 800))
    late = Hands(third.new_page(), house, house.admin)
    late.opens(where)
    expect(late.page.locator("h1")).to_have_text("Why do you open this tip?")
    found["why"] = violations(late.page)
    late.chooses("main form", "check")
    late.presses("main form button")
    expect(late.page.locator(".tips-told")).to_have_text(WORDS)
    third.close()
    assert {name: lines for name, lines in found.items() if lines} == {}
