"""Prints how the pages to read are measured: words, reading grade and longest sentence of each, in English.

    python -m tests.support.reading

The same table stands in `docs/library.md`; `tests/portal/library/test_words.py` holds it to what is measured here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from portal.library import shipped
from portal.library.markdown import plain
from portal.library.shipped import CORE
from tests.support.plain_words import grade, length, sentences, wording


@dataclass(frozen=True)
class Measured:
    """One page: its words, its grade after Flesch and Kincaid, and how many words its longest sentence has."""

    name: str
    words: int
    grade: float
    longest: int

    @property
    def row(self) -> str:
        """The page as a row of a table."""
        return f"| `{self.name}` | {self.words} | {self.grade} | {self.longest} |"


def measured() -> Iterator[Measured]:
    """Every page that ships, in the order of the list."""
    for name in CORE:
        text = shipped.texts()[name]["en"]
        lines = [text.title, text.summary, *plain(text.body)]
        said = " ".join(wording(line) for line in lines)
        words = len(" ".join([text.title, *plain(text.body)]).split())
        yield Measured(name, words, round(grade(said), 1), max(length(each, "en") for each in sentences(said, "en")))


if __name__ == "__main__":
    for page in measured():
        print(page.row)
