"""Holds the table of what other chats got wrong to being whole: each lesson once, and for each its tests or the gap."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from tests.support.named_tests import is_there, named_tests, said_beside
from tests.support.source import REPOSITORY

TABLE = REPOSITORY / "docs" / "chat-lessons.md"
PLAN = REPOSITORY / "docs" / "decisions" / "0011-the-order-of-the-chat-issue.md"

LESSONS = 33
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


def lessons() -> list[Lesson]:
    rows = re.findall(r"^\| (\d+) " + r"\| (.+?) " * 5 + r"\|$", TABLE.read_text("utf-8"), re.MULTILINE)
    return [Lesson(*(cell.strip() for cell in row)) for row in rows]


def steps() -> set[int]:
    """The steps the plan has, by their headings."""
    return {int(number) for number in re.findall(r"^### Step (\d+) ", PLAN.read_text("utf-8"), re.MULTILINE)}


def test_every_lesson_stands_in_the_table_once() -> None:
    assert [row.number for row in lessons()] == [str(number) for number in range(1, LESSONS + 1)]


def test_a_lesson_names_its_tests_or_the_step_that_brings_them() -> None:
    rows, planned = lessons(), steps()

    assert [row.number for row in rows if row.state not in STATES] == []
    assert [row.number for row in rows if len(row.wrong.split()) < 4 or len(row.asks.split()) < 3] == []
    assert [row.number for row in rows if bool(named_tests(row.by)) is (row.state == NOT_YET)] == []
    open_still = [row for row in rows if row.state != HELD]
    says_too_little = [row.number for row in open_still if len(said_beside(row.by).split()) < WORDS_OF_A_REASON]
    assert says_too_little == []
    built_by_no_step = [row.number for row in open_still if row.step not in planned]
    assert built_by_no_step == []


def test_every_test_a_lesson_names_exists() -> None:
    missing = [
        (row.number, path, name) for row in lessons() for path, name in named_tests(row.by) if not is_there(path, name)
    ]

    assert missing == []


def test_the_count_on_the_page_is_the_count_of_the_lessons() -> None:
    said = re.search(r"(\d+) are held, (\d+) partly, (\d+) not yet", TABLE.read_text("utf-8"))
    assert said, "the page does not say how many are held"
    found = Counter(row.state for row in lessons())

    assert [int(each) for each in said.groups()] == [found[state] for state in STATES]
