"""Walks the whole way of a note in Firefox as Tor Browser's safest mode has it: send, come back, answer, erase."""

from __future__ import annotations

import time

import pytest

from tests.support.firefox import Firefox
from tests.support.open_house import OpenHouse
from tests.support.tab_people import TabReporter, answers_the_note

pytestmark = [pytest.mark.browser, pytest.mark.journey]

WORDS = "A grey van stops behind the bakery each evening at nine."
REPLY = "Thank you. Is it the same driver each time?"
DRAWS = "() => document.querySelector('svg') instanceof SVGElement"
ANSWER = "No, there are two who take turns."


def test_a_note_goes_its_whole_way_in_the_safest_mode(firefox: Firefox, open_house: OpenHouse) -> None:
    """Requirements 14, 28, 33 and 35, and P15 and P20, of docs/safety.md."""
    neutral = open_house.neutral
    with firefox.safest_mode(), firefox.visit(script=False) as tab:
        reporter = TabReporter(tab, open_house.house.public)
        reporter.opens_the_form()
        assert tab.runs(DRAWS) is False  # or the mode were not what it says
        reporter.writes(WORDS)
        number = reporter.sends()
        assert len(number) == 25
        assert tab.goes_back()
        time.sleep(0.5)
        assert WORDS not in "\n".join([tab.words, *tab.fields])

        answers_the_note(open_house.admin.signs_in(), WORDS, REPLY)
        reporter.comes_back_with(number)
        tab.sees(REPLY)
        assert WORDS not in tab.words
        tab.taps("summary")
        tab.sees(WORDS)
        reporter.writes(ANSWER)
        reporter.presses("add")
        tab.sees(ANSWER)
        secrets = (number, WORDS, REPLY, ANSWER)
        assert [address for address in tab.history if any(secret in address for secret in secrets)] == []

        reporter.leaves()
        tab.is_at(neutral.url)
        pages = 0
        while tab.goes_back():
            time.sleep(0.3)
            pages += 1
            seen = "\n".join([tab.words, *tab.fields])
            assert [secret for secret in secrets if secret in seen.replace(" ", "") or secret in seen] == [], pages
        assert pages > 3

        reporter.comes_back_with(number)
        tab.sees(REPLY)
        reporter.presses("ask")
        reporter.presses("erase")
        tab.sees("You erased your note.")
        reporter.comes_back_with(number)
        tab.sees("That number does not open a note.")
        assert tab.kept() == {}
