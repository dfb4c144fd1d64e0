"""People of the desk in a real browser, in words a story is told with: an operator, an advocate."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from playwright.sync_api import Page, expect

from tests.support.server_process import House

PATIENCE_MS = 15_000


@dataclass
class Operator:
    """Somebody who has just started the house for the first time. `steps` counts presses; typing is not a step."""

    page: Page
    house: House
    name: str = "robin"
    alias: str = "Robin"
    passphrase: str = "seven lamps beside the quiet harbour"
    steps: int = 0
    sheet: list[str] = field(default_factory=list)

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

    def writes_the_sheet_down(self) -> None:
        """Copies the sheet and types it back."""
        self.sheet = re.findall(r"\b[A-Z2-7]{4}\b", self.page.locator(".desk-slip").inner_text())
        self.page.fill("[name=sheet]", " ".join(self.sheet))
        self.presses("form[action='/desk/sheet'] button[type=submit]")
        self.page.wait_for_url(re.compile("/desk/opening"))

    def opens_the_doors(self) -> None:
        self.presses("form[action='/desk/opening/doors'] button[type=submit]")
        expect(self.page.locator("input[name=doors]")).to_have_value("close", timeout=PATIENCE_MS)


@dataclass
class Advocate:
    """Somebody who answers the queue in her browser."""

    page: Page
    house: House

    def signs_in(self, name: str, passphrase: str) -> Advocate:
        self.page.goto(f"{self.house.desk}/desk/signin")
        self.page.fill("input[name=name]", name)
        self.page.fill("input[name=passphrase]", passphrase)
        self.page.click("form[action='/desk/signin'] button[type=submit]")
        self.page.wait_for_selector("form[action='/desk/signout']")
        return self
