"""A visitor and an advocate in real browsers, acting in the words of a story."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, TimeoutError as PlaywrightTimeout, WebSocketRoute, expect

from tests.support.chromium import Chromium
from tests.support.cut_line import Line
from tests.support.desk_people import DeskPerson
from tests.support.open_house import OpenHouse, open_house_at
from tests.support.patience import PATIENCE_S

EXIT = "[data-leave]"
HIDE = """is => { Object.defineProperty(document, "hidden", { value: is, configurable: true });
    document.dispatchEvent(new Event("visibilitychange")); }"""


class Visitor:
    """Somebody with a phone."""

    def __init__(self, page: Page, site: str, language: str = "en") -> None:
        self.page = page
        self.at = f"{site}/{language}"
        self.page.on("pageerror", lambda error: self.broke.append(str(error)))
        self.broke: list[str] = []

    def starts(self) -> None:
        """From the talk page into the line."""
        self.page.goto(f"{self.at}/talk")
        self.presses_start()

    def presses_start(self) -> None:
        self.page.click("#start-form button")
        expect(self.page.locator("#line")).to_be_visible()
        expect(self.page.locator("#place")).not_to_be_empty()

    def says(self, text: str, *, arrives: bool = True) -> None:
        self.page.fill("#field", text)
        self.page.click("#send")
        if arrives:
            expect(self.bubble(text)).to_have_attribute("data-sent", "received")

    def bubble(self, text: str) -> Locator:
        return self.page.locator("#log .bubble").filter(has_text=text)

    def sees(self, text: str) -> None:
        expect(self.page.locator("#log .bubble-words").filter(has_text=text)).to_be_visible()

    @property
    def words(self) -> list[str]:
        """Every bubble's words, in order."""
        return self.page.locator("#log .bubble-words").all_inner_texts()

    def chooses(self, question: str, choice: str) -> None:
        self.page.locator(f"input[name={question}][value='{choice}']").click()

    def goes(self) -> None:
        """Leaves nothing behind: whoever stays in line would be the next one taken in another story."""
        if self.page.locator("#line").is_visible():
            self.ends()
            self.page.wait_for_timeout(300)

    def ends(self) -> None:
        self.page.click("#more-button")
        self.page.click("#end-ask")
        self.page.click("#end-now")
        expect(self.page.locator("#ended")).to_be_visible()


class Advocate:
    """Somebody at the desk, her line cuttable; `at`: at which of its two chat pages."""

    def __init__(self, page: Page, ready: OpenHouse, person: DeskPerson | None = None, at: str = "chats") -> None:
        self.page = page
        self.house = ready.house
        self.is_cut = False
        self.lines: list[WebSocketRoute] = []
        # Whether what the house says goes through the hands of the test, and what of it is being held back.
        self.is_by_hand = False
        self.held: list[tuple[WebSocketRoute, str | bytes]] | None = None
        page.route_web_socket("**/line/*", self._line)
        (person or ready.admin).signs_in_with(page)
        page.goto(f"{self.house.desk}/desk/{at}")

    def is_ready(self) -> None:
        expect(self.page.locator("#ready")).to_be_visible()
        if "is-good" not in (self.page.get_attribute("#ready-state", "class") or ""):
            self.page.click("#ready")
        expect(self.page.locator("#ready-state.is-good")).to_be_visible()

    def takes_next(self) -> None:
        open_before = self.page.locator("[role=tab]").count()
        self.page.locator(".queue-row button.row").first.click()
        expect(self.page.locator("[role=tab]")).to_have_count(open_before + 1)

    def says(self, text: str) -> None:
        self.page.locator("[data-at=field]:visible").fill(text)
        self.page.locator("[data-at=send]:visible").click()

    def sees(self, text: str) -> None:
        expect(self.page.locator(".pane:visible .bubble-words").filter(has_text=text)).to_be_visible()

    def puts_all_away(self) -> None:
        """Ends every conversation she holds, so that the next story starts with free hands."""
        expect(self.page.locator("#offline")).to_be_hidden()
        while (tabs := self.page.locator("[role=tab]")).count():
            tabs.first.click()
            if self.page.locator("[data-at=close]:visible").count():
                self.page.locator("[data-at=close]:visible").click()
                self.page.locator("[data-at=close-now]:visible").click()
            self.page.locator("[data-at=put-away]:visible").click()

    def empties_the_line(self) -> None:
        """Takes and ends whatever an earlier story left waiting: it would be taken, or counted, in the next one."""
        rows = self.page.locator(".queue-row button.row")
        ends = time.monotonic() + PATIENCE_S
        while rows.count():
            assert time.monotonic() < ends, "somebody stays in line whatever is done"
            # Whoever is just leaving may be gone before she is taken.
            with contextlib.suppress(PlaywrightTimeout):
                rows.first.click(timeout=1000)
            self.page.wait_for_timeout(300)
            self.puts_all_away()

    def looks_away(self) -> None:
        """Another window lies over the desk."""
        self.page.evaluate(HIDE, True)

    def looks_back(self) -> None:
        self.page.evaluate(HIDE, False)

    def loses_the_line(self) -> None:
        self.is_cut = True
        for line in self.lines:
            line.close(code=1012)
        self.lines.clear()

    def gets_the_line_back(self) -> None:
        self.is_cut = False

    def loads_a_desk_that_can_wait(self) -> None:
        """Loads the desk anew; from here on `the_house_is_slow` can hold back what it is told."""
        self.is_by_hand = True
        self.page.reload()

    @contextmanager
    def the_house_is_slow(self) -> Iterator[None]:
        """Meanwhile nothing that the house says comes to the desk; afterwards all of it, in its order."""
        self.held = []
        try:
            yield
        finally:
            held, self.held = self.held, None
            for line, told in held:
                line.send(told)

    def _line(self, line: WebSocketRoute) -> None:
        if self.is_cut:
            line.close(code=1012)
            return
        house = line.connect_to_server()
        if self.is_by_hand:
            house.on_message(lambda told: self._told(line, told))
        self.lines.append(line)

    def _told(self, line: WebSocketRoute, told: str | bytes) -> None:
        if self.held is None:
            line.send(told)
        else:
            self.held.append((line, told))


@dataclass
class Story:
    """An open house whose visitors come over a line that can be cut."""

    ready: OpenHouse
    line: Line
    chromium: Chromium
    at_the_desk: Advocate | None = None

    @property
    def site(self) -> str:
        return f"http://127.0.0.1:{self.line.port}"

    @contextmanager
    def visitor(
        self, language: str = "en", size: tuple[int, int] = (360, 640), *, script: bool = True
    ) -> Iterator[Visitor]:
        with self.chromium.phone(language=language, size=size, script=script) as page:
            visitor = Visitor(page, self.site, language)
            try:
                yield visitor
            finally:
                visitor.goes()
            assert visitor.broke == []

    @contextmanager
    def advocate(self) -> Iterator[Advocate]:
        """The one advocate of this house, signed in once; she has free hands before and after each story."""
        if self.at_the_desk is None:
            self.at_the_desk = Advocate(self.chromium.new_context(size=(1280, 800)).new_page(), self.ready)
        advocate = self.at_the_desk
        advocate.is_ready()
        try:
            yield advocate
        finally:
            advocate.gets_the_line_back()
            advocate.puts_all_away()

    @contextmanager
    def colleague(
        self, person: DeskPerson, size: tuple[int, int] = (1280, 800), at: str = "chats"
    ) -> Iterator[Advocate]:
        """Somebody else of this house, signed in in a browser of her own for the length of one story."""
        with self.chromium.visit(size=size) as page:
            yield Advocate(page, self.ready, person, at)


@contextmanager
def story_at(root: Path, chromium: Chromium, **settings: str) -> Iterator[Story]:
    """The house is told the line's address as its own, so that pages over the line are its own pages."""
    line = Line(0)
    try:
        with open_house_at(root, public_origin=f"http://127.0.0.1:{line.port}", **settings) as ready:
            line.to_port = ready.house.port
            story = Story(ready, line, chromium)
            yield story
            if story.at_the_desk is not None:
                story.at_the_desk.page.context.close()
    finally:
        line.close()
