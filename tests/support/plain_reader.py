"""A visitor of the talk without script, and without a browser: reads its pages, sends its forms, hears its stream."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import httpx

from tests.support.html import Document
from tests.support.line_people import HAND_S
from tests.support.reader import Reader
from tests.support.server_process import House


@dataclass
class Words:
    """The frame of words as it arrives; `text` is all that has come so far."""

    pieces: Iterator[str]
    text: str = ""

    def hear(self, words: str) -> float:
        """Until the words are there; answers after how many seconds. The stream's end fails the test."""
        began = time.monotonic()
        while words not in self.text:
            self.text += next(self.pieces)
        return time.monotonic() - began


@dataclass
class PlainReader:
    """One visitor; every answer to what she posted is in `posted`."""

    house: House
    language: str = "en"
    address: str | None = None
    outer: Document = field(default_factory=lambda: Document(""))

    def __post_init__(self) -> None:
        self.reader = Reader(self.house.public, address=self.address)

    @property
    def posted(self) -> list[httpx.Response]:
        """The answers to her forms, in their order."""
        return [answer for answer in self.reader.answers if answer.request.method == "POST"]

    def starts(self) -> PlainReader:
        """Reads the notice as long as a hand needs, and starts."""
        page = self.reader.opens(f"/{self.language}/talk")
        time.sleep(HAND_S)
        self.outer = self.reader.sends(page.form(with_field="start"))
        return self

    def frame(self, name: str) -> str:
        """Where a frame of the outer page begins."""
        return next(given["src"] for tag, given in self.outer.tags if tag == "iframe" and given.get("name") == name)

    def says(self, words: str) -> Document:
        """Opens a fresh outer page and its field, writes, sends; the answer holds the words."""
        self.outer = self.reader.sends(self.outer.form(action="/talk/again"))
        field_page = self.reader.opens(self.frame("write"))
        return self.reader.sends(field_page.form(action="/talk/write"), {"words": words}, press="say")

    def takes_another_language(self, tag: str, draft: str) -> None:
        """The whole page anew in this language, with what stands in the field."""
        form = self.reader.opens(self.frame("write")).form(action="/talk/write")
        self.outer = self.reader.sends(replace(form, action=f"/{tag}/talk/tongue"), {"words": draft})
        page = self.reader.opens(self.frame("write"))
        assert page.form(action="/talk/write").fields["words"].strip() == draft

    @contextmanager
    def listening(self) -> Iterator[Words]:
        """The stream of words, from a fresh page of it."""
        self.reader.sends(self.outer.form(action="/talk/words"), follow=False)
        where = self.reader.answers[-1].headers["location"]
        with self.reader.web.stream("GET", self.house.public + where) as answer:
            assert answer.status_code == 203, answer.status_code
            yield Words(answer.iter_text())

    def asks_for_her_number(self) -> str:
        """The number to come back with."""
        page = self.reader.sends(self.outer.form(action="/talk/number"))
        found = re.search(r"(?:\d{3,4} ?){4}", page.words)
        assert found, page.words[:300]
        return "".join(found[0].split())

    def keeps_her_number(self) -> None:
        """She says beside it that it outlives the exit."""
        page = self.reader.sends(self.reader.page.form(action="/talk/keep"))
        assert "stays open for 60 minutes" in page.words, page.words[:300]

    def asks_for_her_digits(self) -> str:
        """The digits to say on the phone."""
        page = self.reader.sends(self.outer.form(action="/talk/phone"))
        found = re.search(r"(\d{3}) (\d{3})", page.words)
        assert found, page.words[:300]
        return found[1] + found[2]

    def hides_and_comes_back(self, word: str) -> None:
        """Chooses a word, hides, goes behind "More" and is back; hides again and is back by her word."""
        self.reader.sends(self.outer.form(action="/talk/word"), {"word": word})
        page = self.reader.sends(self.outer.form(action="/talk/cover"))
        ask = self.reader.sends(page.form(with_field="find"), press="more")
        self.outer = self.reader.sends(ask.form(action="/open"), {"safe": "yes"}, press="open")
        page = self.reader.sends(self.outer.form(action="/talk/cover"))
        self.outer = self.reader.sends(page.form(with_field="find"), {"find": word}, press="find")
        assert self.frame("words")

    def close(self) -> None:
        self.reader.close()
