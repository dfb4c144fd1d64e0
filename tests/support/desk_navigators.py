"""People of the desk in a real browser, in words a story is told with: an operator, an advocate."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, expect

from tests.support.again import pressed_for
from tests.support.desk_people import papers_of
from tests.support.patience import PATIENCE_MS
from tests.support.server_process import House


@dataclass
class Operator:
    """Somebody who has just started the house for the first time. `steps` counts presses; typing is not a step."""

    page: Page
    house: House
    name: str = "robin"
    alias: str = "Robin"
    passphrase: str = "seven lamps beside the quiet harbour"
    steps: int = 0
    sheets: list[str] = field(default_factory=list)

    def presses(self, what: str) -> None:
        """One step: a press that leads somewhere."""
        self.steps += 1
        self.page.click(what)
        self.page.wait_for_load_state()

    def sets_up(self) -> None:
        """Types the code from the terminal and what the house is called; becomes its first person."""
        self.page.goto(f"{self.house.desk}/desk")
        self.steps += 1
        self.page.wait_for_url(re.compile("/desk/setup"))
        for name, value in {
            "code": self.house.setup_code(),
            "house": "Lantern Line",
            "phone": "555-0142",
            "alias": self.alias,
            "name": self.name,
            "passphrase": self.passphrase,
            "again": self.passphrase,
        }.items():
            self.page.fill(f"[name={name}]", value)
        self.page.select_option("[name=region]", "ca-on")
        for tick in self.page.locator("[name=languages]").all():
            tick.check()
        self.presses("form[action='/desk/setup'] button[type=submit]")
        self.page.wait_for_url(re.compile("/desk/sheet"))

    def writes_the_sheets_down(self) -> None:
        """Copies the three sheets, says who keeps each, and shows that the papers are right."""
        groups = self.page.locator(".desk-slip .desk-digits span").all_text_contents()
        self.sheets = [" ".join(groups[at : at + 16]) for at in range(0, len(groups), 16)]
        for name, typed in papers_of(self.sheets).items():
            self.page.fill(f"[name={name}]", typed)
        self.presses("form[action='/desk/sheets'] button[type=submit]")
        self.page.wait_for_url(re.compile("/desk/opening"))

    def reds(self) -> list[str]:
        """The lines of the list that keep the doors closed, by where each is done."""
        self.page.goto(f"{self.house.desk}/desk/opening")
        return [
            str(line.locator("a").get_attribute("data-line"))
            for line in self.page.locator("#ready li:has(.is-urgent)").all()
        ]

    def states(self, what: str) -> None:
        """Says of a line that it is so."""
        self.page.goto(f"{self.house.desk}/desk/opening")
        self.presses(f"form[action='/desk/opening/stated']:has(input[value={what}]) button[type=submit]")

    def tries_an_alert(self, target: str) -> None:
        """Writes down how she is reached, and has it tried."""
        self.page.goto(f"{self.house.desk}/desk/calls")
        self.page.fill("input[name=target]", target)
        self.presses("form[action='/desk/calls/way'] button[type=submit]")
        self.presses("form[action='/desk/calls/way/try'] button[type=submit]")

    def opens_the_doors(self) -> None:
        self.page.goto(f"{self.house.desk}/desk/opening")
        self.presses("form[action='/desk/opening/doors'] button[type=submit]")
        expect(self.page.locator("input[name=doors]")).to_have_value("close", timeout=PATIENCE_MS)


@dataclass
class Advocate:
    """Somebody who answers the queue in her browser."""

    page: Page
    house: House

    def signs_in(self, name: str, passphrase: str) -> Advocate:
        def presses() -> None:
            self.page.goto(f"{self.house.desk}/desk/signin")
            self.page.fill("input[name=name]", name)
            self.page.fill("input[name=passphrase]", passphrase)
            self.page.click("form[action='/desk/signin'] button[type=submit]")

        pressed_for(self.page, presses, "form[action='/desk/signout']")
        return self

    def opens_the_chats(self) -> Advocate:
        """The chat desk, its line open."""
        self.page.goto(f"{self.house.desk}/desk/chats")
        self.page.wait_for_selector("#chats:not([hidden])")
        expect(self.page.locator("#offline")).to_be_hidden(timeout=PATIENCE_MS)
        self.page.wait_for_selector("#ready:not([hidden])")
        return self

    def is_ready(self) -> Advocate:
        """Takes new conversations from here on."""
        if "is-good" not in (self.page.locator("#ready-state").get_attribute("class") or ""):
            self.page.click("#ready")
        expect(self.page.locator("#ready-state")).to_have_class(re.compile("is-good"), timeout=PATIENCE_MS)
        return self

    def takes_next(self) -> None:
        """Presses the first row's button and sees the conversation open."""
        row = self.page.locator("#queue .queue-row.is-next button.row")
        row.wait_for(timeout=PATIENCE_MS)
        row.click()
        self.page.wait_for_selector(".pane:not([hidden]) [data-at=field]")

    @property
    def pane(self) -> Locator:
        """The conversation in front of her."""
        return self.page.locator(".pane:not([hidden])")

    def says(self, text: str) -> None:
        """Writes and sends; waits until it is received."""
        self.pane.locator("[data-at=field]").fill(text)
        self.pane.locator("[data-at=send]").click()
        expect(self.bubble(text)).to_have_attribute("data-sent", "received", timeout=PATIENCE_MS)

    def bubble(self, text: str) -> Locator:
        return self.pane.locator("li.bubble", has_text=text)

    def sees(self, text: str) -> None:
        """The words stand in the conversation, once."""
        expect(self.bubble(text)).to_have_count(1, timeout=PATIENCE_MS)

    def conversation(self) -> list[str]:
        """Every word shown, in the order of the page."""
        return [text.strip() for text in self.pane.locator(".bubble-words").all_text_contents()]

    def sees_line(self, state: str) -> None:
        """What the pane says of the visitor's line: connected, weak, gone, over."""
        expect(self.pane.locator("[data-at=state]")).to_have_attribute("data-line", state, timeout=90_000)

    def notes(self, text: str) -> None:
        """Words for staff only."""
        side = self.page.locator(".side:not([hidden])")
        side.locator("[data-at=note]").fill(text)
        side.locator("[data-at=save]").click()
        expect(side.locator("[data-at=notes] li", has_text=text)).to_have_count(1, timeout=PATIENCE_MS)

    def sees_the_end(self) -> tuple[str, str]:
        """How it ended, in words, and what the wrap-up clock says."""
        self.pane.locator("[data-at=over]").wait_for(timeout=PATIENCE_MS)
        return self.pane.locator("[data-at=how]").inner_text(), self.pane.locator("[data-at=clock]").inner_text()
