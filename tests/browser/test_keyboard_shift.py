"""Works a shift by keyboard alone: takes, answers, notes, hands on, ends, opens a tip, replies; no pointer, axe 0."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.talk_people import Story
from tests.support.axe import violations
from tests.support.desk_people import DeskPerson
from tests.support.reporters import LineReporter

pytestmark = [pytest.mark.browser, pytest.mark.journey]

TIP = "Six men sleep in the barn behind the greenhouse."
COUNTS = """() => { window.pointed = 0;
    for (const name of ["pointerdown", "mousedown", "touchstart", "wheel"])
        addEventListener(name, () => { window.pointed += 1; }, true); }"""


class Hands:
    """Somebody at the desk whose mouse is unplugged."""

    def __init__(self, page: Page, desk: str) -> None:
        self.page, self.desk = page, desk
        page.add_init_script(f"({COUNTS})()")
        self.keys = page.keyboard

    def signs_in(self, person: DeskPerson) -> None:
        self.page.goto(f"{self.desk}/desk/signin")
        self.tabs_to(self.page.locator("input[name=name]"))
        self.keys.type(person.name)
        self.keys.press("Tab")
        self.keys.type(person.passphrase)
        self.keys.press("Enter")
        self.page.wait_for_selector("form[action='/desk/signout']")
        # Its scripts come after its last word: a key pressed before them is nobody's.
        self.page.wait_for_load_state()

    def presses(self, *keys: str) -> None:
        for key in keys:
            self.keys.press(key)

    def tabs_to(self, wanted: Locator, most: int = 40) -> int:
        """Tab by tab; answers how many it took."""
        for number in range(1, most + 1):
            self.keys.press("Tab")
            if wanted.evaluate("one => one === document.activeElement"):
                return number
        raise AssertionError(f"{most} presses of Tab do not lead to {wanted}")

    def stands_on(self, selector: str) -> None:
        expect(self.page.locator(selector)).to_be_focused()

    def goes_to(self, letter: str, path: str) -> None:
        self.presses("g", letter)
        self.page.wait_for_url(f"**{path}")
        self.page.wait_for_load_state()

    def has_pointed(self) -> int:
        pointed: int = self.page.evaluate("() => window.pointed")
        return pointed


def test_a_whole_shift_is_worked_without_a_pointer(own_story: Story) -> None:
    kim = own_story.ready.admin.invites("Kim", "supervisor", ["en"], "chat", "tips")
    LineReporter(own_story.ready.house).sends_note(TIP)
    desk = own_story.ready.house.desk
    with own_story.visitor() as luz, own_story.chromium.visit(size=(1280, 800)) as page:
        luz.starts()
        luz.says("one")
        robin = Hands(page, desk)
        robin.signs_in(own_story.ready.admin)
        # From any page a list of the keys, and with two of them to the chats.
        robin.presses("?")
        robin.stands_on("#keys-panel")
        assert violations(page) == []
        robin.presses("Escape")
        expect(page.locator("#keys-panel")).to_be_hidden()
        robin.goes_to("c", "/desk/chats")
        expect(page.locator("#shift")).to_be_visible()
        robin.presses("Alt+KeyR")
        expect(page.locator("#ready-state.is-good")).to_be_visible()

        takes_and_answers(robin, luz.page)
        with own_story.chromium.visit(size=(1280, 800)) as beside:
            colleague = Hands(beside, desk)
            colleague.signs_in(kim)
            colleague.goes_to("c", "/desk/chats")
            expect(beside.locator("#shift")).to_be_visible()
            colleague.presses("Alt+KeyR")
            expect(beside.locator("#ready-state.is-good")).to_be_visible()
            hands_on(robin, colleague)
            ends(colleague)
            expect(luz.page.locator("#ended")).to_be_visible()
            replies_to_a_tip(colleague)
            looks_at_the_board(colleague, robin)
            assert colleague.has_pointed() == 0
        assert robin.has_pointed() == 0


def takes_and_answers(robin: Hands, visitor: Page) -> None:
    """The next one, a few words, a sentence of the phrasebook, a note."""
    page = robin.page
    expect(page.locator("#queue .queue-row")).to_have_count(1)
    robin.presses("Alt+KeyQ")
    robin.stands_on("#queue .queue-top button")
    robin.presses("Enter")
    field = page.locator("[data-at=field]:visible")
    expect(field).to_be_focused()

    # What is typed is typed: no letter of it is a key.
    robin.keys.type("Hello? Good, go on")
    expect(page.locator("#keys-panel")).to_be_hidden()
    robin.presses("Control+Enter")
    expect(visitor.locator("#log .bubble-words").filter(has_text="Hello? Good, go on")).to_be_visible()
    robin.presses("Escape")
    robin.stands_on("[role=tab][aria-selected=true]")
    robin.presses("?")
    robin.stands_on("#keys-panel")
    assert violations(page) == []
    robin.presses("Escape")
    robin.stands_on("[role=tab][aria-selected=true]")
    robin.presses("Alt+KeyC")
    expect(field).to_be_focused()

    letters = page.locator("#cards-book").evaluate("one => one.content.querySelector('[data-choices]').dataset.letters")
    robin.presses("Alt+KeyK")
    robin.keys.type(letters)
    robin.presses("Enter")
    expect(visitor.locator("#log [data-card], #log .choices, #log button").first).to_be_visible()
    expect(field).to_be_focused()

    robin.presses("Alt+KeyI")
    robin.keys.type("Wants a bed tonight.")
    robin.presses("Control+Enter")
    expect(page.locator("[data-at=notes]:visible .note")).to_have_attribute("data-sent", "received")
    assert violations(page) == []


def hands_on(robin: Hands, colleague: Hands) -> None:
    """Robin offers her to Kim with a note; Kim says yes to it before anything else."""
    robin.presses("Alt+KeyN")
    robin.stands_on("[data-at=hand-to]:visible")
    expect(robin.page.locator("[data-at=hand-to]:visible option")).to_contain_text(["", "", "Kim"])
    robin.keys.type("Kim")
    robin.presses("Tab")
    robin.keys.type("Needs a bed; asked two shelters.")
    robin.presses("Tab", "Enter")
    expect(colleague.page.locator("#offers .queue-row")).to_contain_text("asked two shelters")
    colleague.presses("Alt+KeyQ")
    colleague.stands_on("#offers .offer-acts button >> nth=0")
    colleague.presses("Enter")
    expect(colleague.page.locator(".pane:visible .bubble-words").filter(has_text="Hello? Good")).to_be_visible()
    expect(colleague.page.locator("[data-at=close]:visible")).to_be_visible()
    expect(robin.page.locator("[role=tab]")).to_have_count(0)


def ends(colleague: Hands) -> None:
    """Asked before it is done, the safe answer first; then it leaves the page."""
    colleague.presses("Alt+KeyX")
    colleague.stands_on("[data-at=close-keep]:visible")
    colleague.presses("Tab", "Enter")
    expect(colleague.page.locator("[data-at=over]:visible")).to_be_visible()
    colleague.presses("Alt+KeyX")
    colleague.stands_on("#nothing")


def replies_to_a_tip(colleague: Hands) -> None:
    """The inbox, its first row, the answer; and back to the list."""
    colleague.goes_to("t", "/desk/tips")
    colleague.presses("j")
    colleague.stands_on("a.tips-row >> nth=0")
    with colleague.page.expect_navigation():
        colleague.presses("Enter")
    expect(colleague.page.locator(".tips-told")).to_have_text(TIP)
    assert violations(colleague.page) == []
    colleague.presses("a")
    colleague.stands_on("[data-answer]")
    colleague.keys.type("Thank you. Just a question: which days?")
    colleague.tabs_to(colleague.page.locator("form[action$='/reply'] button[type=submit]"), most=6)
    with colleague.page.expect_navigation():
        colleague.presses("Enter")
    expect(colleague.page.locator(".tips-thread")).to_contain_text("which days?")
    colleague.presses("u")
    colleague.page.wait_for_url("**/desk/tips")


def looks_at_the_board(supervisor: Hands, robin: Hands) -> None:
    """What Robin turns to stands on Kim's board without a press of hers."""
    supervisor.goes_to("b", "/desk/board")
    people = supervisor.page.locator("#board-people")
    expect(people.locator("li").filter(has_text="Robin")).to_contain_text("Ready")
    robin.presses("Alt+KeyB")
    expect(people.locator("li").filter(has_text="Robin")).to_contain_text("Break")
    assert violations(supervisor.page) == []
