"""Walks a phone through what happens to people, once in each browser: cut, asleep, covered, left, handed on."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest

from tests.support.cut_line import Line, line_to
from tests.support.desk_people import DeskLine
from tests.support.engines import ChromiumTab, Engine, Tab
from tests.support.firefox_tab import FirefoxTab
from tests.support.line_people import HAND_S
from tests.support.open_house import OpenHouse, open_house_at
from tests.support.phone_journey import HERS, THEIRS, Phone, locked

pytestmark = [pytest.mark.browser, pytest.mark.journey]

UNSENT = "an umbrella nobody opened"
LOCKED_S = 60.0
LONG_PRESS_S = 1.5


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[OpenHouse, Line, DeskLine]]:
    """One house on a line of its own, with one advocate, for all of these."""
    root = tmp_path_factory.mktemp("h")
    with line_to(0) as line, open_house_at(root, public_origin=f"http://127.0.0.1:{line.port}") as ready:
        line.to_port = ready.house.port
        desk = ready.admin.signs_in().opens_the_line()
        yield ready, line, desk
        desk.close()


@pytest.fixture
def phone(engine: Engine, place: tuple[OpenHouse, Line, DeskLine]) -> Iterator[Phone]:
    """A fresh phone; what it leaves open at the desk is ended."""
    ready, line, desk = place
    with engine.visit() as tab:
        tab.opens(ready.neutral.origin + "/before")
        held = Phone(tab, line, ready, desk)
        try:
            yield held
        finally:
            line.mend()
            over = {each.get("conversation") for each in desk.line.heard if each["type"] == "ConversationClosed"}
            if held.talk and held.talk not in over:
                desk.ends(held.talk)


@pytest.mark.long
def test_locked_for_a_minute_it_wakes_with_every_word_once(phone: Phone) -> None:
    phone.is_heard()
    with locked(phone.tab):
        for number in range(3):
            phone.desk.says(phone.talk, f"while it slept {number}")
        phone.stays(LOCKED_S)
        # It slept: the house had heard nothing of it for longer than a page is silent.
        phone.desk.line.hear("LineChanged", conversation=phone.talk, line="gone")
    phone.tab.sees("while it slept 2")
    phone.her.writes("after")
    phone.desk.hears("after")
    told = [HERS, THEIRS, *(f"while it slept {number}" for number in range(3)), "after"]
    phone.tab.until(lambda: phone.her.said("after"), "her words to be received")

    assert phone.her.bubbles == told
    assert phone.all_at_the_desk() == told


@pytest.mark.long
def test_a_line_cut_in_the_middle_of_a_send_keeps_the_words_and_sends_them_once(phone: Phone) -> None:
    phone.is_heard()
    phone.tab.types("#field", "in the middle of it")
    sent: list[bytes] = []

    def hears(end: socket.socket, block: bytes) -> None:
        """The house has the words; the first thing it says after them never comes."""
        if end.getpeername()[1] != phone.line.to_port:
            sent.append(block)
        elif sent:
            phone.line.cut()

    phone.line.ear = hears
    phone.tab.taps("#send")
    phone.tab.until(lambda: phone.line.is_cut, "the line to be cut by her own words")
    phone.line.ear = None
    phone.stays(3)
    assert not phone.her.said("in the middle of it")
    phone.line.mend()
    phone.tab.until(lambda: phone.her.said("in the middle of it"), "the words to arrive")
    phone.desk.hears("in the middle of it")

    assert phone.her.bubbles == [HERS, THEIRS, "in the middle of it"]
    assert phone.all_at_the_desk() == [HERS, THEIRS, "in the middle of it"]


@pytest.mark.long
def test_double_taps_begin_one_talk_and_say_one_thing(phone: Phone) -> None:
    tab, her = phone.tab, phone.her
    tab.opens(f"{her.site}/en/talk")
    time.sleep(HAND_S)
    twice(tab, "#start-form button")
    tab.until(lambda: bool(tab.shown("#field")), "the field to write in")
    tab.types("#field", HERS)
    twice(tab, "#send")
    phone.talk = phone.desk.takes_next()
    phone.desk.says(phone.talk, THEIRS)
    tab.sees(THEIRS)
    phone.stays(2)
    her.writes("and that is all")
    phone.desk.hears("and that is all")

    assert her.bubbles == [HERS, THEIRS, "and that is all"]
    assert phone.all_at_the_desk() == [HERS, THEIRS, "and that is all"]
    waiting = [each for each in phone.desk.line.heard if each["type"] == "QueueSnapshot"][-1]["waiting"]
    assert waiting == []


def twice(tab: Tab, where: str) -> None:
    """Two taps as quick as the browser takes them; the second may find nothing left to tap."""
    if isinstance(tab, ChromiumTab):
        tab.page.locator(where).click(click_count=2, no_wait_after=True)
    else:
        assert isinstance(tab, FirefoxTab)
        tab.taps_twice(where)


@pytest.mark.long
def test_with_half_the_screen_gone_to_the_keys_leave_last_words_and_send_are_seen(phone: Phone) -> None:
    phone.is_heard()
    if isinstance(phone.tab, ChromiumTab):
        phone.tab.page.set_viewport_size({"width": 360, "height": 320})
    else:
        assert isinstance(phone.tab, FirefoxTab)
        phone.tab.is_sized((360, 320))
    phone.tab.taps("#field")
    phone.tab.until(lambda: all(within(phone.tab, each) for each in IN_SIGHT), f"{IN_SIGHT} within 320 pixels")


IN_SIGHT = ("[data-leave]", "#log .bubble-other .bubble-words", "#field", "#send")
EDGES = """where => {
    const box = [...document.querySelectorAll(where)].pop().getBoundingClientRect();
    return box.top >= 0 && box.bottom <= innerHeight && box.height > 0;
}"""


def within(tab: Tab, where: str) -> bool:
    """Whether the last of these stands whole on the screen."""
    if isinstance(tab, ChromiumTab):
        return bool(tab.page.evaluate(EDGES, where))
    assert isinstance(tab, FirefoxTab)
    return bool(tab.runs(EDGES, where))


def hides(phone: Phone) -> None:
    phone.tab.taps("#hide")
    phone.tab.until(lambda: bool(phone.tab.shown("#cover h1")), "the innocent page")
    shown = "\n".join([phone.tab.words, *phone.tab.fields])
    assert not [each for each in (HERS, THEIRS, UNSENT) if each in shown]


@pytest.mark.long
def test_covered_and_back_by_her_word(phone: Phone) -> None:
    tab = phone.tab
    phone.is_heard()
    for where in ("#more-button", "#near > summary"):
        tab.taps(where)
    tab.types("#near-word", "blue kettle")
    tab.taps("#near button")
    tab.sees("This word brings you back.")
    tab.taps("#more-button")
    tab.types("#field", UNSENT)
    hides(phone)
    phone.desk.says(phone.talk, "one that waits")
    phone.stays(1)
    assert "one that waits" not in tab.words
    tab.types("#find", "blue kettle")
    tab.sees("one that waits")

    assert phone.her.bubbles == [HERS, THEIRS, "one that waits"]
    assert tab.value("#field") == UNSENT


@pytest.mark.long
def test_covered_and_back_without_the_word(phone: Phone) -> None:
    tab = phone.tab
    phone.is_heard()
    tab.types("#field", UNSENT)
    hides(phone)
    tab.holds("#cover button", LONG_PRESS_S)
    tab.until(lambda: bool(tab.shown("#show-words")), "the question before the words")
    assert HERS not in tab.words
    tab.taps("#show-words")
    tab.sees(THEIRS)

    assert phone.her.bubbles == [HERS, THEIRS]
    assert tab.value("#field") == UNSENT


@pytest.mark.long
def test_back_after_a_mistaken_exit_by_the_number_she_kept(phone: Phone) -> None:
    tab = phone.tab
    phone.is_heard()
    for where in ("#more-button", "#cut > summary", "#cut-show"):
        tab.taps(where)
    tab.until(lambda: bool(tab.shown("#cut-number") and tab.text("#cut-number").strip()), "the number")
    number = "".join(tab.text("#cut-number").split())
    tab.taps("label.card:has(#cut-stays)")
    tab.sees("stays open for 60 minutes")
    phone.leaves()
    tab.opens(f"{phone.her.site}/en/talk/back")
    tab.types("#number", number)
    tab.taps("#back-form button")
    tab.until(lambda: bool(tab.shown("#show-words")), "the question before the words")
    assert HERS not in tab.words
    tab.taps("#show-words")
    tab.sees(THEIRS)
    phone.her.writes("my hand slipped")
    phone.desk.hears("my hand slipped")

    assert phone.her.bubbles == [HERS, THEIRS, "my hand slipped"]


def test_whoever_has_the_phone_next_begins_a_talk_of_her_own_and_finds_nothing_of_the_last(phone: Phone) -> None:
    tab = phone.tab
    phone.is_heard()
    first = phone.talk
    tab.types("#field", UNSENT)
    phone.leaves()
    phone.desk.line.hear("LineChanged", conversation=first)
    # The same phone, the same tab, somebody else, in the same minute.
    phone.is_heard("a second person says hello", "and is answered")

    assert phone.talk != first
    assert phone.her.bubbles == ["a second person says hello", "and is answered"]
    assert tab.value("#field") == ""
    shown = "\n".join([tab.words, *tab.fields])
    assert not [each for each in (HERS, THEIRS, UNSENT) if each in shown]
    phone.leaves()
    while tab.goes_back():
        time.sleep(0.3)
        assert not tab.address.startswith(phone.her.site)


@pytest.mark.long
def test_the_language_switched_in_the_middle_takes_words_draft_and_advocate_along(phone: Phone) -> None:
    tab = phone.tab
    phone.is_heard()
    tab.types("#field", UNSENT)
    tab.taps("#more-button")
    tab.taps("#tongues summary")
    tab.taps("#tongues [lang=es]")
    tab.until(lambda: tab.attribute("html", "lang") == "es", "the page in Spanish")
    tab.sees(THEIRS)
    phone.desk.says(phone.talk, "sigo aqui")
    tab.sees("sigo aqui")

    assert phone.her.bubbles == [HERS, THEIRS, "sigo aqui"]
    assert tab.value("#field") == UNSENT
