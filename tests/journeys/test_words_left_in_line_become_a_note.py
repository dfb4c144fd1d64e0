"""Leaves the waiting room with a note: nothing is typed twice, nothing is filed twice, and staff read all of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import httpx
import pytest

from tests.support.html import Document
from tests.support.line_people import LineVisitor
from tests.support.open_house import OpenHouse
from tests.support.patience import PATIENCE_S
from tests.support.plain_reader import PlainReader
from tests.support.reporters import LineReporter
from tests.support.server_process import House
from tests.support.web import HERE

pytestmark = pytest.mark.journey

SAID = ("two lanterns by the ferry", "a brown coat on the fence")
UNSENT = "the third thing nobody had sent"


def leaves_words(house: House, token: str, language: str = "en", **more: str) -> str:
    """Presses the button in the waiting room; answers where the browser is led."""
    answer = httpx.post(
        f"{house.public}/{language}/talk/note",
        data={"t": token, **more},
        headers={"Sec-Fetch-Site": "same-origin"},
        timeout=PATIENCE_S,
        **HERE,
    )
    assert answer.status_code == 303
    assert answer.headers["cache-control"] == "no-store"
    return answer.headers["location"]


def number_at(house: House, address: str) -> LineReporter:
    """Somebody who opens that page and reads the number on it."""
    reporter = LineReporter(house)
    reporter.reader.opens(address)
    reporter.reads_her_number()
    return reporter


def notes_at_the_desk(ready: OpenHouse) -> list[Document]:
    """Every open note, as the advocate reads it."""
    desk = ready.admin.signs_in().reader
    inbox = desk.opens("/desk/tips")
    rows = [given["href"] for tag, given in inbox.tags if tag == "a" and "tips-row" in given.get("class", "").split()]
    return [desk.opens(where) for where in rows]


def test_what_was_said_and_what_was_not_sent_yet_is_one_note(open_house: OpenHouse) -> None:
    house = open_house.house
    with LineVisitor.starts(house) as visitor:
        for words in SAID:
            visitor.says(words)
        visitor.answers("safe", "now")
        # A double tap: two presses on their way at once.
        with ThreadPoolExecutor(2) as hands:
            first, second = hands.map(lambda _: leaves_words(house, visitor.token, rest=UNSENT), range(2))
        visitor.line.hear("ConversationClosed")

    one, two = number_at(house, first), number_at(house, second)
    assert one.receipt == two.receipt
    later = number_at(house, leaves_words(house, visitor.token))
    assert later.receipt == one.receipt
    assert "Police, fire, ambulance 911" in one.page.words
    thread = one.comes_back().words
    for words in (*SAID, UNSENT):
        assert thread.count(words) == 1, words

    (note,) = [page for page in notes_at_the_desk(open_house) if SAID[0] in page.words]
    assert all(note.words.count(words) == 1 for words in (*SAID, UNSENT))
    assert "From a chat" in note.words
    assert "Happening now" in note.words
    for reporter in (one, two, later):
        reporter.close()


def test_without_script_the_same_way_and_the_talk_is_over(open_house: OpenHouse) -> None:
    house = open_house.house
    visitor = PlainReader(house, "fr").starts()
    visitor.says(SAID[0])
    token = visitor.outer.form(action="/talk/end").fields["t"]
    reporter = number_at(house, leaves_words(house, token, "fr"))

    assert SAID[0] in reporter.comes_back().words
    visitor.reader.sends(visitor.outer.form(action="/talk/again"), follow=False)
    over = visitor.reader.opens(visitor.reader.answers[-1].headers["location"])
    assert SAID[0] not in over.words
    assert not [form for form in over.forms if form.action.endswith("/talk/words")]
    reporter.close()
    visitor.close()


def test_somebody_who_said_nothing_gets_the_empty_note(open_house: OpenHouse) -> None:
    with LineVisitor.starts(open_house.house) as visitor:
        assert leaves_words(open_house.house, visitor.token, rest="  \n ") == "/en/note"
        visitor.line.hear("ConversationClosed")
    assert leaves_words(open_house.house, "A" * 43).startswith("/en/talk/")


def test_whoever_was_taken_meanwhile_goes_on_talking(open_house: OpenHouse) -> None:
    with closing(open_house.admin.signs_in().opens_the_line()) as desk, LineVisitor.starts(open_house.house) as visitor:
        visitor.says(SAID[1])
        talk = desk.takes_next()
        page = LineReporter(open_house.house)
        outer = page.reader.opens(leaves_words(open_house.house, visitor.token))
        words = next(given["src"] for tag, given in outer.tags if tag == "iframe" and given.get("name") == "words")
        desk.says(talk, "here I am")
        with page.reader.web.stream("GET", open_house.house.public + words) as stream:
            text = ""
            for piece in stream.iter_text():
                text += piece
                if "here I am" in text:
                    break
        assert SAID[1] in text
        desk.ends(talk)
        page.close()
