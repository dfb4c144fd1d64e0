"""Tells a talk from its first tap to the exit in Firefox: heard at once both ways, and nothing of it on Back."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.support.desk_people import DeskLine
from tests.support.engines import Tab
from tests.support.firefox import Firefox
from tests.support.open_house import OpenHouse
from tests.support.tab_people import TabVisitor

pytestmark = [pytest.mark.browser, pytest.mark.journey]

HELLO = "four lanterns by the old canal"
HERS = "the copper kettle stands on the seventh shelf"
THEIRS = "a paper heron was folded at noon"
UNSENT = "an umbrella nobody opened"
PROMPT_S = 1.0


@pytest.fixture
def desk(open_house: OpenHouse) -> Iterator[DeskLine]:
    """An advocate at her line, ready."""
    line = open_house.admin.signs_in().opens_the_line()
    yield line
    line.close()


@pytest.mark.parametrize("way", ["exit", pytest.param("end", marks=pytest.mark.long)])
def test_a_talk_is_heard_at_once_and_leaves_nothing_behind_it(
    firefox: Firefox, open_house: OpenHouse, desk: DeskLine, way: str
) -> None:
    """Requirements 8, 13, 16, 18 and 28, and P21, of docs/safety.md."""
    house, neutral = open_house.house, open_house.neutral
    with firefox.visit() as tab:
        tab.opens(neutral.origin + "/before")
        visitor = TabVisitor(tab, house.public)
        visitor.starts()
        visitor.writes(HELLO)
        conversation = desk.takes_next()
        # The fastest of three: the machine the tests run on may be busy with something else.
        to_her, to_the_desk = [], []
        for turn in ("one", "two", "three"):
            began = desk.says(conversation, f"{THEIRS} {turn}") and time.monotonic()
            tab.sees(f"{THEIRS} {turn}")
            to_her.append(time.monotonic() - began)
            visitor.writes(f"{HERS} {turn}")
            began = time.monotonic()
            desk.hears(f"{HERS} {turn}")
            to_the_desk.append(time.monotonic() - began)
        tab.until(lambda: visitor.said(f"{HERS} three"), "her words to be marked as received")
        assert min(to_her) < PROMPT_S
        assert min(to_the_desk) < PROMPT_S
        told = [f"{words} {turn}" for turn in ("one", "two", "three") for words in (THEIRS, HERS)]
        assert visitor.bubbles == [HELLO, *told]
        assert tab.kept() == {}
        tab.types("#field", UNSENT)

        if way == "end":
            visitor.ends()
            assert shown(tab) == []
        visitor.leaves()
        tab.is_at(neutral.url)
        desk.line.hear("LineChanged" if way == "exit" else "ConversationClosed", conversation=conversation)
        pages = 0
        while tab.goes_back():
            time.sleep(0.3)
            pages += 1
            assert not tab.address.startswith(house.public)
        assert pages


def shown(tab: Tab) -> list[str]:
    """Which of the words a person could see now."""
    words = "\n".join([tab.words, *tab.fields])
    return [text for text in (HELLO, HERS, THEIRS, UNSENT) if text in words]
