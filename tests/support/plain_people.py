"""A visitor whose phone runs no script: what her fingers do and what she sees, in whichever browser she has."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from playwright.sync_api import Error

from tests.support.bidi import Refused
from tests.support.engines import ChromiumTab
from tests.support.line_people import HAND_S
from tests.support.patience import PATIENCE_S

if TYPE_CHECKING:
    from tests.support.engines import Tab

WORDS = "iframe[name=words]"
WRITE = "iframe[name=write]"
HEAL = "form[target=words] button"
# Of two frames to write in the one in sight: it fills its room to the pixel, and a reader of the screen finds no other.
IN_SIGHT = """() => {
    const stage = document.querySelector(".plain-stage");
    if (!stage) return ["write"];
    const top = stage.getBoundingClientRect().top;
    return [...stage.querySelectorAll("iframe")]
        .filter(each => Math.abs(each.getBoundingClientRect().top - top) < 1)
        .filter(each => getComputedStyle(each).visibility === "visible")
        .map(each => each.name);
}"""


@dataclass
class PlainVisitor:
    """Somebody who needs to talk. `taps` counts what her finger did."""

    tab: Tab
    origin: str
    language: str = "en"
    taps: int = field(default=0)

    @property
    def at(self) -> str:
        return f"{self.origin}/{self.language}"

    @property
    def words(self) -> Tab:
        """The frame with the words."""
        return self.tab.frame(WORDS)

    @property
    def write(self) -> Tab:
        """The frame to write in; of two the one in sight."""
        if not isinstance(self.tab, ChromiumTab):
            return self.tab.frame(WRITE)
        inside = self.tab.page.frame(self.writes_in)
        assert inside is not None
        return ChromiumTab(self.tab.page, inside)

    @property
    def writes_in(self) -> str:
        """The name of that frame in Chromium, which alone is given two."""
        assert isinstance(self.tab, ChromiumTab)
        in_sight = self.tab.page.evaluate(IN_SIGHT)
        assert len(in_sight) == 1, f"frames to write in that are in sight: {in_sight}"
        return str(in_sight[0])

    # What she does

    def starts(self) -> PlainVisitor:
        """From home into the line: the door, a look at the notice, Start."""
        self.tab.opens(f"{self.at}/")
        self.taps_on(self.tab, f"a.door[href='/{self.language}/talk']")
        self.tab.until(lambda: bool(self.tab.shown("#start-form")), "the notice before Start")
        self.presses_start()
        return self

    def presses_start(self) -> None:
        """Start, and wait for both frames."""
        self.taps_on(self.tab, "#start-form button")
        self.sees_the_talk()

    def sees_the_talk(self) -> None:
        """Both frames stand."""
        self.waits_for(lambda: bool(self.words.shown(".plain-now")), "how everything stands")
        self.waits_for(lambda: bool(self.write.shown("#field")), "the field")

    def waits_for(self, claim: Callable[[], bool], what: str, *, within: float = PATIENCE_S) -> float:
        """Until it is so, whichever frame is loading meanwhile; answers after how many seconds."""
        began = time.monotonic()
        self.tab.until(lambda: settled(claim), what, within=within)
        return time.monotonic() - began

    def taps_on(self, where: Tab, what: str) -> None:
        """One tap, counted."""
        self.taps += 1
        where.taps(what)

    def types(self, text: str) -> None:
        """Writes, and does not send."""
        self.write.types("#field", text)

    def sends(self) -> None:
        """The button beside the field."""
        self.taps_on(self.write, "button[value=say].composer-send")

    def says(self, text: str) -> None:
        """Writes and sends; waits until the answer shows it, received, and the field is empty again."""
        self.types(text)
        self.sends()
        self.is_told(text)

    def shows_new_words(self) -> None:
        """The one tap that heals the frame of words."""
        self.taps_on(self.tab, HEAL)

    def opens_more(self, what: str) -> None:
        """More, and the fold in it that holds the form going there: `number`, `word`, `again`, `end`."""
        self.taps_on(self.tab, ".plain-more > summary")
        self.taps_on(self.tab, f".plain-folds > details:has(form[action$='/talk/{what}']) > summary")

    def ends(self) -> None:
        """Ends the chat, asked once whether she is sure."""
        self.opens_more("end")
        self.taps_on(self.tab, "form[action$='/talk/end'] button")

    def asks_for_her_number(self) -> str:
        """The number to come back with, as it is shown."""
        self.opens_more("number")
        self.taps_on(self.tab, "form[action$='/talk/number'] button")
        number = self.tab.frame("iframe[name=number]")
        self.waits_for(lambda: bool(number.shown(".slip-number")), "the number")
        return "".join(number.text(".slip-number").split())

    def leaves(self) -> None:
        """The exit: one tap."""
        self.taps_on(self.tab, "[data-leave]")

    # What she sees

    def sees(self, text: str, *, within: float = PATIENCE_S) -> float:
        """The words stand in the conversation; answers after how many seconds."""
        return self.waits_for(lambda: text in self.bubbles, f"{text!r} among the words", within=within)

    def is_told(self, text: str, *, within: float = PATIENCE_S) -> None:
        """The answer of the field's frame shows these words and stands with an empty field."""

        def is_shown() -> bool:
            return text in self.last_words and self.draft == ""

        try:
            self.waits_for(is_shown, f"{text!r} in the answer", within=within)
        except AssertionError as missed:
            frame = f"{self.write.address}, fields {self.write.fields}: {self.write.words!r}"
            raise AssertionError(f"{missed}\nthe field's frame: {frame}") from None

    @property
    def bubbles(self) -> list[str]:
        """Every word shown in the frame of words, in the order of the page."""
        return self.words.texts(".bubble-words")

    @property
    def last_words(self) -> str:
        """What the answer of the field's frame says of both sides."""
        return " ".join(self.write.texts(".plain-last"))

    @property
    def draft(self) -> str:
        """What stands in the field."""
        return self.write.value("#field")


def settled(claim: Callable[[], bool]) -> bool:
    """The claim, looked at in a frame that may be on its way to its next page just now: then it is not true yet."""
    try:
        return claim()
    except (Error, Refused, AssertionError):
        return False


def waits_like_a_hand() -> None:
    """Eyes and a hand take longer than the three seconds a start token must be old."""
    time.sleep(HAND_S)
