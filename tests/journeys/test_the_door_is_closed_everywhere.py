"""Closes the chat with one press: within five seconds no server of the house begins one, and nothing typed is lost."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from tests.support.line_people import HAND_S, LineVisitor
from tests.support.open_house import OpenHouse
from tests.support.patience import PATIENCE_S
from tests.support.reporters import LineReporter

pytestmark = pytest.mark.journey

WORDS = "a grey van with two doors at the mill"
HOLDS_WITHIN_S = 5.0


@contextmanager
def closed(ready: OpenHouse) -> Iterator[None]:
    """One press of a supervisor's, and another when the story is told."""
    desk = ready.admin.signs_in()
    try:
        assert desk.posts("/desk/door/switch", chat="closed", lasts="60").status_code == 303
        yield
    finally:
        desk.posts("/desk/door/switch", chat="hours")
        time.sleep(1.2)


def test_one_press_holds_on_every_server_and_whoever_has_begun_is_served(open_house: OpenHouse) -> None:
    second = open_house.house.join()
    try:
        with LineVisitor.starts(second) as begun, closing(LineReporter(second)) as reporter:
            late = reporter.reader
            begun.says("said before it closed")
            stale = late.opens("/en/talk").form(action="/en/talk")
            time.sleep(HAND_S)
            pressed = time.monotonic()
            with closed(open_house):
                while "The chat is closed now" not in late.opens("/en/talk").words:
                    assert time.monotonic() - pressed < max(HOLDS_WITHIN_S, PATIENCE_S / 4)
                page = late.sends(stale)
                assert "The chat is closed now" in page.words
                assert "555-0142" in page.words

                with closing(open_house.admin.opens_the_line()) as desk:
                    talk = desk.takes_next()
                    desk.says(talk, "we are still here")
                    begun.hears("we are still here")
                    desk.ends(talk)

                time.sleep(HAND_S)
                late.sends(page.form(action="/talk/closed"), {"words": WORDS}, press="note")
                reporter.reads_her_number()  # shown once, so it is on the page that answered
                assert WORDS in reporter.comes_back().words
    finally:
        second.stop()
