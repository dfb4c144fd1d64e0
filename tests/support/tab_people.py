"""People whose story is told in either browser: a visitor of the talk, a reporter of a note."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.support.again import IS_HURT, tries
from tests.support.desk_people import DeskPerson
from tests.support.engines import Tab
from tests.support.line_people import HAND_S
from tests.support.navigators import words

EXIT = "[data-leave]"


@dataclass
class TabVisitor:
    """Somebody who needs to talk, with script."""

    tab: Tab
    site: str
    language: str = "en"

    def starts(self) -> None:
        """From the first page into the line."""
        self.tab.opens(f"{self.site}/{self.language}/")
        self.tab.taps(f"a.door[href='/{self.language}/talk']")
        self.tab.sees("Start")
        time.sleep(HAND_S)
        self.tab.taps("#start-form button")
        self.tab.until(lambda: bool(self.tab.shown("#field")), "the field to write in")

    def writes(self, text: str) -> None:
        self.tab.types("#field", text)
        self.tab.taps("#send")

    def said(self, text: str) -> bool:
        """Whether the page says of these words that they were received."""
        received = "#log .bubble[data-sent=received] .bubble-words"
        return text in self.tab.texts(received)

    @property
    def bubbles(self) -> list[str]:
        """Every word of the conversation, in the order of the page."""
        return self.tab.texts("#log .bubble-words")

    def leaves(self) -> None:
        self.tab.taps(EXIT)

    def ends(self) -> None:
        for step in ("#more-button", "#end-ask", "#end-now"):
            self.tab.taps(step)
        self.tab.until(lambda: bool(self.tab.shown("#ended")), "the page after the end")


@dataclass
class TabReporter:
    """Somebody who saw something; works with script and without."""

    tab: Tab
    site: str
    language: str = "en"
    wrote: str = ""

    def opens_the_form(self) -> None:
        self.tab.opens(f"{self.site}/{self.language}/note")

    def writes(self, text: str) -> None:
        self.wrote = text
        self.tab.types("textarea[name=words]", text)

    def sends(self, *, more: Callable[[], None] = lambda: None) -> str:
        """Sends after as long as a hand needs, and returns the number shown once.

        `more`: types whatever else stands in the form. A form that is empty where it is come back to is typed again.
        """

        def presses() -> None:
            if IS_HURT and self.tab.shown("textarea[name=words]") and not self.tab.value("textarea[name=words]"):
                self.writes(self.wrote)
                more()
            self.tab.taps("button[name=keep][value='1']")

        more()
        time.sleep(HAND_S)
        self.does_until(presses, lambda: bool(self.tab.shown(".slip-number")), "the number")
        return re.sub(r"\D", "", self.tab.text(".slip-number"))

    def taps_until(self, where: str, claim: Callable[[], bool], what: str) -> None:
        """One tap; where a page says that the house is away for a moment, back to her form, and the same tap again."""
        self.does_until(lambda: self.tab.taps(where), claim, what)

    def does_until(self, act: Callable[[], None], claim: Callable[[], bool], what: str) -> None:
        """The same for what takes more than a tap."""
        is_told = False
        for _ in tries():
            if is_told and claim():
                return  # a script has asked again by itself meanwhile
            act()
            self.tab.until(lambda: claim() or self.is_told_away(), what)
            is_told = self.is_told_away()
            if not is_told:
                return
            if not self.is_told("tips", "note.away"):
                self.tab.goes_back()

    def is_told_away(self) -> bool:
        """By a page that says no more than that, or above her own words, which are still there."""
        return self.is_told("portal", "sorry.heading") or self.is_told("tips", "note.away")

    def is_told(self, room: str, key: str) -> bool:
        return IS_HURT and words(room, self.language, key).split("{")[0].strip() in self.tab.words

    def comes_back_with(self, number: str) -> None:
        self.tab.opens(f"{self.site}/{self.language}/note/back")
        self.tab.types("[name=number]", number)
        self.tab.taps("form:has([name=number]) button[type=submit]")

    def comes_back_to(self, number: str, text: str) -> None:
        """Until the page says this."""
        self.does_until(lambda: self.comes_back_with(number), lambda: text in self.tab.words, text)

    def presses(self, value: str) -> None:
        self.tab.taps(f"main button[value='{value}']")

    def presses_until(self, value: str, claim: Callable[[], bool], what: str) -> None:
        self.taps_until(f"main button[value='{value}']", claim, what)

    def leaves(self) -> None:
        self.tab.taps(EXIT)


def answers_the_note(person: DeskPerson, words: str, reply: str, **same: str) -> None:
    """Finds the note with these words in the inbox and answers it; `same`: the fields of a translation of it."""
    for link in dict.fromkeys(person.reader.opens("/desk/tips").links):
        if not link.startswith("/desk/tips/") or words not in person.reader.opens(link).words:
            continue
        person.reader.sends(person.reader.page.form(action="/reply"), {"words": reply, **same})
        assert reply in person.reader.page.words
        return
    raise AssertionError(f"no note with {words!r} in the inbox")
