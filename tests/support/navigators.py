"""People in a real browser, in words a story is told with: a visitor, a reporter."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, expect

from tests.support.again import pressed_for
from tests.support.catalogues import phrases
from tests.support.line_people import HAND_S
from tests.support.patience import PATIENCE_MS


def words(domain: str, language: str, key: str, **places: str) -> str:
    """The phrase as it stands on the page, with the names in their places."""
    text = phrases(domain, language)[key][0]
    for name, value in places.items():
        text = text.replace(f"%({name})s", value)
    return text


@dataclass
class Visitor:
    """Somebody who needs to talk. `taps` counts what her finger did."""

    page: Page
    origin: str
    language: str = "en"
    taps: int = 0

    def opens_home(self) -> Visitor:
        """The first page, typed in or found."""
        self.page.goto(f"{self.origin}/{self.language}/")
        return self

    def taps_on(self, what: Locator) -> None:
        """One tap, counted."""
        self.taps += 1
        what.click()

    def starts_chat(self) -> Visitor:
        """From home: the lit door, a look at the notice, Start."""
        self.taps_on(self.page.locator(f"a.door[href='/{self.language}/talk']"))
        self.page.wait_for_selector("#start-form")
        time.sleep(HAND_S)  # a hand, and eyes, take longer than the three seconds a start token must be old
        start = self.page.locator("#start-form button")
        self.taps += 1
        pressed_for(self.page, start.click, "#line:not([hidden])")
        return self

    @property
    def is_in_line(self) -> bool:
        return self.page.locator("#wait-head").is_visible()

    def answers(self, question: str, choice: str) -> None:
        """One of the waiting room's taps."""
        self.taps_on(self.page.locator(f"#questions label.card:has(input[name={question}][value='{choice}'])"))

    def says(self, text: str) -> None:
        """Writes and sends; waits until the page shows that it was received."""
        self.writes(text)
        expect(self.bubble(text)).to_have_attribute("data-sent", "received", timeout=PATIENCE_MS)

    def writes(self, text: str) -> None:
        """Writes and sends, and does not wait: the line may be away."""
        self.page.fill("#field", text)
        self.page.click("#send")

    def bubble(self, text: str) -> Locator:
        return self.page.locator("#log li.bubble", has_text=text)

    def sees(self, text: str) -> None:
        """The words stand in the conversation, once."""
        expect(self.bubble(text)).to_have_count(1, timeout=PATIENCE_MS)
        expect(self.bubble(text)).to_be_visible()

    def sees_line(self, state: str) -> None:
        """What the page says of the line: connected, weak, gone."""
        expect(self.page.locator("#line-state")).to_have_attribute("data-line", state, timeout=PATIENCE_MS)

    def conversation(self) -> list[str]:
        """Every word shown, in the order of the page."""
        return [text.strip() for text in self.page.locator("#log .bubble-words").all_text_contents()]

    def sees_the_end(self) -> None:
        expect(self.page.locator("#ended")).to_be_visible(timeout=PATIENCE_MS)

    def leaves(self) -> None:
        """The exit: one tap."""
        self.taps_on(self.page.locator("[data-leave]"))

    def has_left_to(self, url: str) -> None:
        self.page.wait_for_url(re.compile(re.escape(url)), timeout=PATIENCE_MS)

    def goes_back(self) -> str:
        """Presses Back; returns what the page then shows, its address first."""
        self.page.go_back(wait_until="commit", timeout=PATIENCE_MS)
        self.page.wait_for_timeout(700)
        return f"{self.page.url}\n{self.page.title()}\n{self.page.locator('body').inner_text()}"


@dataclass
class Reporter:
    """Somebody who saw something, in a browser, with or without script."""

    page: Page
    origin: str
    language: str = "en"
    receipt: str = ""
    seen: list[str] = field(default_factory=list)

    def opens_the_form(self) -> Reporter:
        self.page.goto(f"{self.origin}/{self.language}/note")
        return self

    def sends_note(self, text: str, *, wants_number: bool = True, **more: str) -> str:
        """Fills in what happened, and more where given, and sends; returns the number shown, once it is there."""
        time.sleep(HAND_S)
        self.page.fill("[name=words]", text)
        for group in self.page.locator("details.more > summary").all() if more else ():
            group.click()
        for name, value in more.items():
            self.page.fill(f"[name={name}]", value)
        self.page.click(f"button[name=keep][value='{1 if wants_number else 2}']")
        if wants_number:
            self.page.wait_for_selector(".slip-number", timeout=PATIENCE_MS)
            self.receipt = re.sub(r"\D", "", self.page.locator(".slip-number").inner_text())
        else:
            self.page.wait_for_selector("main h1")
        return self.receipt

    def comes_back(self, number: str | None = None) -> None:
        """Types the number; waits until the note is open."""
        self.page.goto(f"{self.origin}/{self.language}/note/back")
        self.page.fill("[name=number]", number or self.receipt)
        self.page.locator("form:has([name=number]) button[type=submit]").click()
        self.page.wait_for_selector("form:has(button[value=add])", timeout=PATIENCE_MS)

    def sees(self, text: str) -> None:
        expect(self.page.locator(".thread li", has_text=text)).to_have_count(1, timeout=PATIENCE_MS)

    def opens_earlier_words(self) -> None:
        self.page.locator("details.more > summary").first.click()

    def adds(self, text: str) -> None:
        self.page.fill("form:has(button[value=add]) [name=words]", text)
        self.page.click("button[value=add]")
        self.page.wait_for_load_state()

    def erases(self) -> None:
        self.page.click("button[value=ask]")
        self.page.click("button[value=erase]")
        self.page.wait_for_selector("button[value=erase]", state="detached")
        self.page.wait_for_load_state()

    def leaves(self) -> None:
        self.page.locator("[data-leave]").click()
