"""Holds the table of safety requirements to being whole: every number once, and for each the tests or the reason."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from tests.support.named_tests import is_there, named_tests, said_beside
from tests.support.source import REPOSITORY

TABLE = REPOSITORY / "docs" / "safety.md"

NUMBERS = [
    *(str(number) for number in range(1, 51)),
    *(f"P{number}" for number in range(1, 22)),
    *(f"C{number}" for number in range(1, 20)),
    *(f"R{number}" for number in range(1, 8)),
]
HELD = "held"  # tests hold all of it that a machine can see
PARTLY = "partly"  # tests hold a part; the row says what the rest waits for
LATER = "later"  # the feature is not there yet; the row says which
PEOPLE = "by people"  # no machine can tell; the row says why
STATES = (HELD, PARTLY, LATER, PEOPLE)
# A reason says something: a few words, not a dash.
WORDS_OF_A_REASON = 6


@dataclass(frozen=True)
class Requirement:
    """One row: its number, what is required, how far it is held, and by what."""

    number: str
    asks: str
    state: str
    by: str

    @property
    def tests(self) -> list[tuple[str, str]]:
        """Each test it names, as file and name."""
        return named_tests(self.by)

    @property
    def reason(self) -> str:
        """What it says beside the tests it names."""
        return said_beside(self.by)


def requirements() -> list[Requirement]:
    rows = re.findall(r"^\| ([PCR]?\d+) \| (.+?) \| (.+?) \| (.+?) \|$", TABLE.read_text("utf-8"), re.MULTILINE)
    return [Requirement(*(cell.strip() for cell in row)) for row in rows]


def counts() -> Counter[str]:
    return Counter(row.state for row in requirements())


def test_every_number_stands_in_the_table_once() -> None:
    assert [row.number for row in requirements()] == NUMBERS


def test_a_row_names_its_tests_or_says_why_there_is_none() -> None:
    rows = requirements()

    assert [row.number for row in rows if row.state not in STATES] == []
    assert [row.number for row in rows if len(row.asks.split()) < 4] == []
    held_by_no_test = [row.number for row in rows if row.state in {HELD, PARTLY} and not row.tests]
    assert held_by_no_test == []
    no_reason = [row.number for row in rows if row.state != HELD and len(row.reason.split()) < WORDS_OF_A_REASON]
    assert no_reason == []


def test_every_test_a_row_names_exists() -> None:
    missing = [
        (row.number, path, name) for row in requirements() for path, name in row.tests if not is_there(path, name)
    ]

    assert missing == []


def test_the_count_on_the_page_is_the_count_of_the_table() -> None:
    said = re.search(
        r"(\d+) are held, (\d+) partly, (\d+) wait for a feature, (\d+) only people can tell", TABLE.read_text("utf-8")
    )
    assert said, "the page does not say how many are held"
    found = counts()
    print(f"{found[HELD]} of {len(NUMBERS)} held, {found[PARTLY]} partly")

    assert [int(each) for each in said.groups()] == [found[state] for state in STATES]
