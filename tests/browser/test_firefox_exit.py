"""Holds the exit and Back to the same promises in Firefox: nothing read or typed comes back, script or none."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.support.cut_line import line_to
from tests.support.firefox import Firefox
from tests.support.firefox_tab import FirefoxTab
from tests.support.neutral import NeutralSite
from tests.support.open_house import OpenHouse
from tests.support.public_pages import path

pytestmark = pytest.mark.browser

CANARY = "kestrel-canary-typed-words"
EXIT = "[data-leave]"
LEFT = ("home", "talk", "note", "safety", "not there")  # one of each layout; test_exit_leaves takes them all
SEND = "main form button[type=submit]"
SHIFT, SHIFT_RIGHT, ESCAPE = "\ue008", "\ue050", "\ue00c"
MOUSE = "on => Services.prefs.setIntPref('ui.allPointerCapabilities', on ? 6 : 1)"  # fine and hovering, or a finger
HOW = pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])


def typed_and_refused(tab: FirefoxTab, open_house: OpenHouse) -> str:
    """The note's form, sent without what happened, so that it comes back on a page of its own with what was typed."""
    form = open_house.house.public + path("note")
    tab.opens(form)
    tab.types("[name=place]", CANARY)
    tab.taps(SEND)
    tab.is_at(form + "/")
    tab.until(lambda: CANARY in tab.fields, "the words to stand in the field again")
    return tab.address


def shown(tab: FirefoxTab) -> str:
    return "\n".join([tab.title, tab.words, *tab.fields])


def test_back_in_this_firefox_shows_what_a_page_lets_it_show(firefox: Firefox, neutral: NeutralSite) -> None:
    """Without this the others would prove nothing: a page that guards nothing comes back whole, words and all."""
    neutral.pages["/before"] = b"<!doctype html><title>Open</title><textarea></textarea>"
    with firefox.visit() as tab:
        tab.opens(neutral.origin + "/before")
        tab.types("textarea", CANARY)
        tab.opens(neutral.url)
        assert tab.goes_back()
        tab.is_at(neutral.origin + "/before")

        assert tab.fields == [CANARY]


@HOW
def test_one_tap_leaves_and_tells_the_neutral_site_nothing(
    firefox: Firefox, open_house: OpenHouse, script: bool
) -> None:
    """Requirements 11, 12 and 24 of docs/safety.md."""
    neutral = open_house.neutral
    with firefox.visit(script=script) as tab:
        for page in LEFT:
            neutral.arrivals.clear()
            tab.opens(open_house.house.public + path(page))
            tabs = firefox.window_runs("() => gBrowser.tabs.length")
            tab.taps(EXIT)
            tab.is_at(neutral.url)
            tab.sees("Weather")

            assert firefox.window_runs("() => gBrowser.tabs.length") == tabs, page
            arrivals = neutral.landed()
            assert [arrival.target for arrival in arrivals] == ["/weather"], page
            assert {"referer", "origin", "cookie"}.isdisjoint(arrivals[0].headers), page


def test_after_a_walk_and_the_exit_back_leads_to_before_us(firefox: Firefox, open_house: OpenHouse) -> None:
    """Requirements 13 and 16 of docs/safety.md."""
    house, neutral = open_house.house, open_house.neutral
    with firefox.visit() as tab:
        tab.opens(neutral.origin + "/before")
        tab.opens(house.public + path("home"))
        for link in ("numbers", "read/safety", "note"):
            tab.taps(f'a[href$="/{link}"]')
            tab.is_at(f"{house.public}/en/{link}")
        typed_by_hand_and_refused(tab, house.public)
        tab.taps(EXIT)
        tab.is_at(neutral.url)

        assert [entry for entry in tab.history if entry.startswith(house.public)] == []
        assert tab.goes_back()
        tab.is_at(neutral.origin + "/before")


def typed_by_hand_and_refused(tab: FirefoxTab, public: str) -> None:
    """On the form she walked to; a step of the form adds nothing to Back either."""
    tab.types("textarea", CANARY)
    tab.taps(SEND)
    tab.is_at(f"{public}/en/note/")


@HOW
def test_what_was_typed_never_comes_back_after_the_exit(firefox: Firefox, open_house: OpenHouse, script: bool) -> None:
    """Requirements 13, 14 and 15 of docs/safety.md."""
    with firefox.visit(script=script) as tab:
        tab.opens(open_house.neutral.origin + "/before")
        typed_and_refused(tab, open_house)
        tab.taps(EXIT)
        tab.is_at(open_house.neutral.url)
        seen = []
        while tab.goes_back():
            time.sleep(0.3)
            seen.append(shown(tab))

        assert seen
        assert [words for words in seen if CANARY in words] == []


@HOW
def test_what_was_typed_and_not_sent_is_gone_when_the_page_was_left(
    firefox: Firefox, open_house: OpenHouse, script: bool
) -> None:
    """Requirements 18 and 35 of docs/safety.md: without any exit, by typing another address."""
    form = open_house.house.public + path("note")
    with firefox.visit(script=script) as tab:
        tab.opens(form)
        tab.types("textarea", CANARY)
        tab.opens(open_house.neutral.url)
        assert tab.goes_back()
        tab.is_at(form)
        tab.sees("What happened")

        assert CANARY not in shown(tab)
        assert tab.fields


@HOW
def test_a_page_with_a_token_is_asked_for_again_and_never_restored(
    firefox: Firefox, open_house: OpenHouse, script: bool
) -> None:
    """Requirement 15 of docs/safety.md: the server decides what a page with a token shows on Back."""
    with firefox.visit(script=script) as tab:
        address = typed_and_refused(tab, open_house)
        tab.opens(open_house.neutral.url)
        asked = tab.asks_for()
        assert tab.goes_back()
        tab.until(lambda: address in asked(), "the page to be asked for again")


@HOW
def test_leaving_works_with_our_server_gone(firefox: Firefox, open_house: OpenHouse, script: bool) -> None:
    """Requirement 8 of docs/safety.md."""
    with line_to(open_house.house.port) as line, firefox.visit(script=script) as tab:
        tab.opens(f"http://127.0.0.1:{line.port}" + path("home"))
        line.cut()
        tab.taps(EXIT)
        tab.is_at(open_house.neutral.url)


@HOW
def test_leaving_without_a_network_shows_the_neutral_address_and_not_ours(
    firefox: Firefox, open_house: OpenHouse, script: bool
) -> None:
    """Requirement 8 of docs/safety.md, read from the address bar itself."""
    neutral = open_house.neutral
    with firefox.visit(script=script) as tab:
        tab.opens(open_house.house.public + path("home"))
        tab.is_offline()
        tab.taps(EXIT)
        tab.until(lambda: firefox.bar == neutral.url, "the neutral address in the bar")
        time.sleep(0.5)

        assert firefox.bar == neutral.url
        assert "porchlight" not in tab.words.lower()


@pytest.fixture
def held(open_house: OpenHouse) -> Iterator[NeutralSite]:
    """The neutral site, not answering: a slow or dead network."""
    open_house.neutral.hold()
    try:
        yield open_house.neutral
    finally:
        open_house.neutral.answer()


def test_a_held_neutral_site_leaves_the_screen_blank(
    firefox: Firefox, open_house: OpenHouse, held: NeutralSite
) -> None:
    """Requirements 5, 7 and 21 of docs/safety.md; the screen itself is looked at, and Escape changes nothing."""
    with firefox.visit() as tab:
        blank = tab.picture()
        tab.opens(open_house.house.public + path("home"))
        assert tab.picture() != blank
        tab.taps(EXIT)
        tab.until(lambda: not tab.words, "no word on the screen")
        for _ in range(2):
            assert tab.picture() == blank
            tab.presses(ESCAPE)

        assert tab.picture() == blank
        assert tab.title == "Page"


def test_shift_alone_three_times_leaves_where_there_is_a_mouse(firefox: Firefox, open_house: OpenHouse) -> None:
    """Requirements 19 and 20 of docs/safety.md, with keys as Firefox tells of them, left and right, inside a field."""
    with firefox.visit() as tab:
        for mouse in (False, True):
            firefox.window_runs(MOUSE, mouse)
            tab.opens(open_house.house.public + path("note"))
            tab.types("textarea", "A")
            tab.presses(SHIFT, SHIFT_RIGHT, "a", SHIFT, SHIFT)
            assert tab.address.startswith(open_house.house.public)
            tab.presses(SHIFT_RIGHT)
            if mouse:
                tab.is_at(open_house.neutral.url)


def test_leaving_empties_every_store_of_ours(firefox: Firefox, open_house: OpenHouse) -> None:
    """Requirement 10 of docs/safety.md: even where something had been stored, the exit's answer empties it."""
    home = open_house.house.public + path("home")
    with firefox.visit() as tab:
        tab.opens(home)
        tab.runs(
            "() => { localStorage.setItem('a', 'b'); sessionStorage.setItem('a', 'b');"
            " document.addEventListener('page:leaving', event => event.detail.tokens.push('t')); }"
        )
        tab.taps(EXIT)
        tab.is_at(open_house.neutral.url)

        def empty() -> bool:
            tab.opens(home)
            return bool(tab.runs("() => localStorage.length + sessionStorage.length === 0"))

        tab.until(empty, "the stores to be empty")
