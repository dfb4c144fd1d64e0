"""A reporter of a tip without script and without a browser: sends, comes back, reads, adds, erases."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass

from tests.support.html import Document
from tests.support.line_people import HAND_S
from tests.support.reader import Reader
from tests.support.server_process import House


@dataclass
class LineReporter:
    """Somebody who saw something; `receipt` is the number shown once, 25 digits."""

    house: House
    language: str = "en"
    address: str | None = None
    receipt: str = ""

    def __post_init__(self) -> None:
        self.reader = Reader(self.house.public, address=self.address)

    @property
    def page(self) -> Document:
        return self.reader.page

    def sends_note(self, words: str, *, wants_number: bool = True, **more: str) -> str:
        """Fills the form and sends it; returns the receipt, or nothing when none was wanted."""
        self.reader.opens(f"/{self.language}/note")
        form = self.page.form(with_field="words")
        time.sleep(HAND_S)
        self.reader.sends(form, {"words": words, "keep": "1" if wants_number else "2", **more})
        return self.reads_her_number() if wants_number else ""

    def reads_her_number(self) -> str:
        """The number on the page after sending, as soon as it is made."""
        for _ in range(20):
            found = re.findall(r"\d{5}", slip(self.reader.answer.text))
            if len(found) == 5:
                self.receipt = "".join(found)
                return self.receipt
            time.sleep(0.5)
            assert "refresh" in self.reader.answer.headers, f"no number to come: {self.page.words[:400]}"
            self.reader.opens(self.reader.answer.headers["refresh"].split("url=")[1])
        raise AssertionError(f"no receipt: {self.page.words[:400]}")

    def types_back(self) -> Document:
        """The group of her number that the page asks for; her number is on it."""
        which = int(re.findall(r"group (\d), counted", self.page.words)[0]) - 1
        return self.reader.sends(
            self.page.form(action="/note/same"), {"number": self.receipt[5 * which : 5 * which + 5]}
        )

    def comes_back(self, receipt: str | None = None) -> Document:
        """Opens her note again with its number."""
        self.reader.opens(f"/{self.language}/note/back")
        self.reader.sends(self.page.form(with_field="number"), {"number": receipt or self.receipt})
        for _ in range(20):
            if "refresh" not in self.reader.answer.headers:
                break
            time.sleep(0.3)
            self.reader.opens(self.reader.answer.headers["refresh"].split("url=")[1])
        return self.page

    def adds(self, words: str) -> Document:
        """More words for the opened note."""
        return self.reader.sends(self.page.form(with_field="words"), {"words": words}, press="add")

    def tells(self, **details: str) -> Document:
        """Opens the page of details from her note, fills in some, sends them, and goes back to the note."""
        self.reader.sends(self.page.form(action="/note/more"), press="more")
        self.reader.sends(self.page.form(action="/note/more"), details, press="tell")
        return self.reader.sends(self.page.form(action="/note/back/more"), press="open")

    def agrees(self, number: int) -> Document:
        """One tap on one of the things to agree to: a yes, or taking it back."""
        form = next(
            form for form in self.page.forms if form.fields.get("which") == str(number) and "yes" in form.fields
        )
        return self.reader.sends(form, press="ok")

    def erases(self) -> Document:
        """Asks for the note to be erased, and means it."""
        ask = next(form for form in self.page.forms if any(b.get("value") == "ask" for b in form.buttons))
        self.reader.sends(ask, press="ask")
        sure = next(form for form in self.page.forms if any(b.get("value") == "erase" for b in form.buttons))
        return self.reader.sends(sure, press="erase")

    def close(self) -> None:
        self.reader.close()


def slip(text: str) -> str:
    """The part of a page that shows the receipt; nothing where there is none."""
    found = re.search(r'class="slip-number"[^>]*>(.*?)</p>', text, re.DOTALL)
    return found[1] if found else ""
