"""Whoever runs a house that fails: what she sees in words at the desk, in metrics, in readiness and in the log."""

from __future__ import annotations

import re
import time
from contextlib import closing
from dataclasses import dataclass

import httpx

from tests.support.deaths import is_ready, until
from tests.support.desk_people import PHONE_LINE, DeskPerson
from tests.support.line_people import HAND_S
from tests.support.patience import PATIENCE_S
from tests.support.reporters import LineReporter
from tests.support.server_process import House
from tests.support.web import HERE

# A look a minute, and a little for the looking itself.
SEEN_WITHIN_S = 75.0
KEPT = "We have your note"
# With her words still in the form, where the page that holds them for a minute can be kept; else a page that says so.
NOT_KEPT = ("We could not keep your note just now. Your words are still here.", "Please try again in a few minutes.")


@dataclass
class InCharge:
    """One person, the house, and where its metrics are asked for."""

    house: House
    place: str
    person: DeskPerson

    def grade(self, matter: str) -> str:
        """How a matter stands by the metrics: they need no sign-in, and so no store."""
        told = httpx.get(f"http://{self.place}/metrics", timeout=PATIENCE_S, **HERE).text
        found = re.findall(r'porchlight_matter\{(?=[^}]*grade="(\w+)")(?=[^}]*matter="(\w+)")[^}]*\} 1\.0', told)
        grades: dict[str, str] = {name: grade for grade, name in found}
        return grades.get(matter, "")

    def is_told(self, matter: str, grade: str, words: str, *, readies: bool, within: float = SEEN_WITHIN_S) -> None:
        """All four, within a look: the metric, the line of the log, readiness, and the desk's page in words."""
        until(lambda: self.grade(matter) == grade, within)
        line = f"operation matter={matter} grade={grade.upper()} word="
        until(lambda: line in self.house.printed(), within)
        assert is_ready(self.house) is readies
        until(lambda: bool(re.search(words, self.reads())), within)

    def reads(self) -> str:
        """What stands at the desk's page about the house, or in its place."""
        self.person.reader.opens("/desk/operation")
        words: str = self.person.reader.page.words
        return words

    def is_told_no_more(self, matter: str, grades: tuple[str, ...] = ("well", "soon")) -> None:
        """It is in order again, by itself. The disk and its writes say so only by the hour: then `soon` is the most."""
        until(lambda: self.grade(matter) in grades, SEEN_WITHIN_S)


def a_tip_is_told(house: House, words: str) -> bool:
    """Somebody sends one without script: answered 303, and told at once what became of it. Whether it was kept."""
    with closing(LineReporter(house)) as reporter:
        reader = reporter.reader
        reader.opens("/en/note")
        form = reader.page.form(with_field="words")
        time.sleep(HAND_S)
        reader.sends(form, {"words": words, "keep": "2"})
        posted = next(each for each in reader.answers if each.request.method == "POST")
        assert posted.status_code == 303
        page: str = reader.page.words
        is_kept = KEPT in page
        assert is_kept or any(each in page for each in NOT_KEPT), page[:600]
        assert is_kept or PHONE_LINE in page, "where it is not kept, there is still the phone"
        return is_kept
