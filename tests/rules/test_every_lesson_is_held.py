"""Holds the tables of what other chats and tip lines got wrong: each lesson once, and for each its tests or the gap."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import pytest

from tests.support.named_tests import is_there, named_tests, said_beside
from tests.support.source import REPOSITORY

HELD = "held"  # the named tests would fail if the complaint were true of us
PARTLY = "partly"  # so for a part; the row says what is missing
NOT_YET = "not yet"  # it is not built; the row says which step builds it
STATES = (HELD, PARTLY, NOT_YET)
WORDS_OF_A_REASON = 5


@dataclass(frozen=True)
class Lesson:
    """One row: its number, the thread, what went wrong there, what it asks of us, how far it is held, by what."""

    number: str
    thread: str
    wrong: str
    asks: str
    state: str
    by: str

    @property
    def step(self) -> int | None:
        """The step of the plan that builds what is missing."""
        found = re.search(r"\bstep (\d+)\b", self.by)
        return int(found[1]) if found else None


@dataclass(frozen=True)
class Book:
    """A table, the plan whose steps bring what is missing, how it begins a step, and how many lessons there are."""

    table: str
    plan: str
    step: str
    lessons: int

    @property
    def text(self) -> str:
        return (REPOSITORY / "docs" / self.table).read_text("utf-8")

    @property
    def rows(self) -> list[Lesson]:
        rows = re.findall(r"^\| (\d+) " + r"\| (.+?) " * 5 + r"\|$", self.text, re.MULTILINE)
        return [Lesson(*(cell.strip() for cell in row)) for row in rows]

    @property
    def steps(self) -> set[int]:
        """The steps the plan has."""
        plan = (REPOSITORY / "docs" / "decisions" / self.plan).read_text("utf-8")
        return {int(number) for number in re.findall(self.step, plan, re.MULTILINE)}


CHAT = Book("chat-lessons.md", "0011-the-order-of-the-chat-issue.md", r"^### Step (\d+) ", 33)
TIPS = Book("tips-lessons.md", "0014-the-order-of-the-tips-issue.md", r"^(\d+)\. \*\*", 54)

both = pytest.mark.parametrize("book", [CHAT, TIPS], ids=lambda book: book.table)


@both
def test_every_lesson_stands_in_the_table_once(book: Book) -> None:
    assert book.text.count("\n| ") == book.lessons + 1, "a row that is not read, beside the table's head"
    assert [row.number for row in book.rows] == [str(number) for number in range(1, book.lessons + 1)]
    threads = Counter(thread for row in book.rows for thread in row.thread.split(", "))
    assert [thread for thread, times in threads.items() if times > 1] == []


@both
def test_a_lesson_names_its_tests_or_the_step_that_brings_them(book: Book) -> None:
    rows, planned = book.rows, book.steps

    assert planned
    assert [row.number for row in rows if row.state not in STATES] == []
    assert [row.number for row in rows if len(row.wrong.split()) < 4 or len(row.asks.split()) < 3] == []
    assert [row.number for row in rows if bool(named_tests(row.by)) is (row.state == NOT_YET)] == []
    open_still = [row for row in rows if row.state != HELD]
    says_too_little = [row.number for row in open_still if len(said_beside(row.by).split()) < WORDS_OF_A_REASON]
    assert says_too_little == []
    built_by_no_step = [row.number for row in open_still if row.step not in planned]
    assert built_by_no_step == []


@both
def test_every_test_a_lesson_names_exists(book: Book) -> None:
    missing = [
        (row.number, path, name) for row in book.rows for path, name in named_tests(row.by) if not is_there(path, name)
    ]

    assert missing == []


@both
def test_the_count_on_the_page_is_the_count_of_the_lessons(book: Book) -> None:
    said = re.search(r"Of (\d+) lessons (\d+) are held, (\d+) partly, (\d+) not yet", book.text)
    assert said, "the page does not say how many are held"
    found = Counter(row.state for row in book.rows)

    assert [int(each) for each in said.groups()] == [book.lessons, *(found[state] for state in STATES)]
