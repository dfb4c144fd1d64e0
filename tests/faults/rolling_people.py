"""People who go on while servers are restarted in turn: with a page without script, with notes, with a browser.

Each writes down whatever a page said to her that was not the page she had asked for, and the status of every answer.
"""

from __future__ import annotations

import re
import secrets
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from threading import Event

import httpx
from playwright.sync_api import Page

from tests.support.desk_people import PHONE_LINE
from tests.support.html import Document
from tests.support.line_people import HAND_S
from tests.support.navigators import Visitor
from tests.support.patience import PATIENCE_S
from tests.support.plain_reader import PlainReader, Words
from tests.support.reader import Reader
from tests.support.reporters import LineReporter
from tests.support.server_process import House

LOOKED_AT = ("/en/", "/en/talk", "/en/note", "/en/numbers", "/fr/", "/ar/note")
PAUSE_S = 1.0
# What a page says beside her words: lines of its own that a screen reader is told of, and the state of the line.
LISTENS = """
  window.seen = new Set();
  const look = () => document.querySelectorAll('#line-state, [role=status], [role=alert], [data-sent]').forEach(one => {
    const said = one.matches('[data-sent]') ? 'words are: ' + one.dataset.sent : one.innerText.trim();
    if (one.getClientRects().length && said) window.seen.add(said);
  });
  new MutationObserver(look).observe(document, {subtree: true, childList: true, characterData: true, attributes: true});
"""


@dataclass
class Told:
    """What people were told besides what they asked for."""

    statuses: Counter[int] = field(default_factory=Counter)
    notices: Counter[str] = field(default_factory=Counter)
    bare: list[str] = field(default_factory=list)  # answers that were no sentence with the phone line in it
    longest_answer_s: float = 0.0

    def hears(self, answer: httpx.Response) -> bool:
        """Keeps one answer; whether it is what was asked for."""
        self.statuses[answer.status_code] += 1
        self.longest_answer_s = max(self.longest_answer_s, answer.elapsed.total_seconds())
        where = re.sub(r"/[\w-]{22,}", "/<pass>", answer.headers.get("location", ""))
        if answer.status_code < 400 and answer.status_code != 204 and not where.startswith("/wait/"):
            return True
        if answer.status_code >= 400:
            says = heading(answer.text)
            if PHONE_LINE not in answer.text:
                self.bare.append(f"{answer.status_code} {answer.request.method} {answer.request.url.path}")
        else:
            says = {204: "(the page stays, with her words)"}.get(answer.status_code, f"led to {where}")
        self.notices[f"{answer.request.method} -> {answer.status_code} {says}"] += 1
        return False

    def hear_all(self, answers: Sequence[httpx.Response]) -> bool:
        """Keeps each; whether all were what was asked for."""
        return not [each for each in answers if not self.hears(each)]


def heading(text: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", text, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split()) if found else "(no heading)"


def looks_on(house: House, told: Told, over: Event) -> None:
    """Opens one page after another."""
    with Reader(house.public, timeout=PATIENCE_S) as reader:
        while not over.is_set():
            for path in LOOKED_AT:
                reader.opens(path)
                told.hears(reader.answers[-1])
            reader.answers.clear()
            over.wait(PAUSE_S)


def sends_notes(house: House, told: Told, over: Event) -> dict[str, str]:
    """One note after another; where one was not taken, she sends it again. By number what each says."""
    kept: dict[str, str] = {}
    while not over.is_set():
        words = f"a note of {secrets.token_hex(6)}"
        reporter = LineReporter(house)
        try:
            reporter.reader.opens("/en/note")
            form = next((each for each in reporter.page.forms if "words" in each.names), None)
            if form is not None:
                time.sleep(HAND_S)
                reporter.reader.sends(form, {"words": words, "keep": "1"})
                if told.hear_all(reporter.reader.answers):
                    kept[reporter.reads_her_number()] = words
        finally:
            reporter.close()
        over.wait(PAUSE_S)
    return kept


@dataclass
class PlainTalk:
    """A talk without script: she presses again whatever was not taken."""

    house: House
    told: Told
    said: list[str] = field(default_factory=list)
    longest_wait_s: float = 0.0

    def lives(self, over: Event) -> None:
        """Says one word after another; each is said until the page shows it."""
        self.person = PlainReader(self.house).starts()
        while not over.is_set():
            words = f"plain {secrets.token_hex(6)}"
            began = time.monotonic()
            while not self._says(words):
                assert time.monotonic() - began < PATIENCE_S, self.person.reader.page.words[:300]
                time.sleep(0.2)
            self.longest_wait_s = max(self.longest_wait_s, time.monotonic() - began)
            self.said.append(words)
            self.person.reader.answers.clear()
            over.wait(PAUSE_S)

    def shown(self) -> list[str]:
        """Every word of hers in the frame of words, read anew, the earlier ones too."""
        reader = self.person.reader
        self.person.says("the last one")
        form = self.person.outer.form(action="/talk/words")
        reader.sends(replace(form, fields={**form.fields, "all": "1"}), follow=False)
        with reader.web.stream("GET", self.house.public + reader.answer.headers["location"]) as answer:
            heard = Words(answer.iter_text())
            heard.hear("the last one")
        return re.findall(r"plain [0-9a-f]{12}", heard.text)

    def _says(self, words: str) -> bool:
        """Presses "Show new words" for a fresh page and its field, and sends; what fails leaves all as it is."""
        reader, outer = self.person.reader, self.person.outer
        fresh = self._sent(outer, "/talk/again", {})
        if fresh is None:
            return False
        self.person.outer = fresh
        page = reader.opens(self.person.frame("write"))
        if not self.told.hears(reader.answers[-1]):
            return False
        ends = time.monotonic() + PATIENCE_S
        while (answer := self._sent(page, "/talk/write", {"words": words})) is None:
            assert time.monotonic() < ends
            time.sleep(0.2)
        return words in answer.words

    def _sent(self, page: Document, action: str, typed: dict[str, str | list[str]]) -> Document | None:
        reader = self.person.reader
        before = len(reader.answers)
        answer = reader.sends(page.form(action=action), typed, press="say" if typed else None)
        return answer if self.told.hear_all(reader.answers[before:]) else None


@dataclass
class TabTalk:
    """A talk in a browser with script; what its page said is kept by the page itself."""

    visitor: Visitor
    said: list[str] = field(default_factory=list)
    longest_wait_s: float = 0.0

    @classmethod
    def starts(cls, page: Page, house: House) -> TabTalk:
        page.add_init_script(LISTENS)
        return cls(Visitor(page, house.public).opens_home().starts_chat())

    def says(self) -> None:
        """One word; until the page shows it as received."""
        words = f"typed {secrets.token_hex(6)}"
        began = time.monotonic()
        self.visitor.says(words)
        self.longest_wait_s = max(self.longest_wait_s, time.monotonic() - began)
        self.said.append(words)

    def was_told(self) -> list[str]:
        said = self.visitor.page.evaluate("[...window.seen]")
        return sorted({" ".join(each.split()) for each in said})
