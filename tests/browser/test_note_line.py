"""Cuts the line of somebody who writes a note, while she types and while it goes out, in both browsers, with script."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect
from redis import Redis

from tests.support.chromium import Chromium
from tests.support.cut_line import Line, line_to
from tests.support.engines import ChromiumTab, Engine, Tab
from tests.support.line_people import HAND_S
from tests.support.open_house import OpenHouse
from tests.support.tab_people import TabReporter

pytestmark = [pytest.mark.browser, pytest.mark.journey]

BEFORE = "Locked in "
AFTER = "at ten."
BOX = "[data-component=writing]"
# Each story is told in one of the two in every run, in the other in the long one.
FIRST_CHROMIUM = pytest.mark.parametrize(
    "engine", ["chromium", pytest.param("firefox", marks=pytest.mark.long)], indirect=True
)
FIRST_FIREFOX = pytest.mark.parametrize(
    "engine", [pytest.param("chromium", marks=pytest.mark.long), "firefox"], indirect=True
)

KEPT = "We hold a copy for 30 minutes."
STILL_HERE = "Your words are still here. We keep trying."


@contextmanager
def copies(house: OpenHouse) -> Iterator[Redis]:
    client = Redis.from_url(house.house.valkey_url("ember"), protocol=3)
    try:
        yield client
    finally:
        client.close()


def kept(house: OpenHouse) -> set[bytes]:
    """The name of everything in the ember store that has to do with copies of forms."""
    with copies(house) as client:
        return {*client.scan_iter(match="{draft}:c:*"), *client.scan_iter(match="{draft}:f:*")}


def how_many(house: OpenHouse, words: str) -> int:
    """How many notes at the desk hold these words."""
    reader = house.admin.signs_in().reader
    links = [link for link in dict.fromkeys(reader.opens("/desk/tips").links) if link.startswith("/desk/tips/")]
    return sum(reader.opens(link).words.count(words) for link in links)


def is_cut_by_its_answer(line: Line) -> None:
    """The house has what is sent next; the first thing it says to it never comes."""
    sent: list[bytes] = []

    def hears(end: socket.socket, block: bytes) -> None:
        if end.getpeername()[1] != line.to_port:
            sent.append(block)
        elif any(b"keep=1" in each for each in sent):
            line.cut()

    line.ear = hears


def presses(tab: Tab, times: int) -> None:
    for _ in range(times):
        tab.taps("button[name=keep][value='1']")


@FIRST_CHROMIUM
def test_no_cut_of_the_line_loses_a_word_or_sends_it_twice(engine: Engine, open_house: OpenHouse) -> None:
    before = kept(open_house)
    words = BEFORE + AFTER + f" ({engine.name})"
    with line_to(open_house.house.port) as line, engine.visit() as tab:
        reporter = TabReporter(tab, f"http://127.0.0.1:{line.port}")
        reporter.opens_the_form()
        opened = time.monotonic()
        assert not tab.shown(BOX)  # before the first letter nothing is kept, and nothing said
        reporter.writes(BEFORE)
        tab.until(lambda: KEPT in tab.text(BOX), "the copy to be kept")
        assert len(kept(open_house) - before) == 2

        line.cut()
        tab.types("textarea[name=words]", AFTER + f" ({engine.name})")
        time.sleep(max(0.0, HAND_S - (time.monotonic() - opened)))
        presses(tab, 2)
        tab.sees(STILL_HERE)
        assert tab.value("textarea[name=words]") == words
        is_cut_by_its_answer(line)
        line.mend()
        tab.until(lambda: line.is_cut, "the line to be cut by the answer")
        assert tab.value("textarea[name=words]") == words
        line.ear = None
        line.mend()
        tab.until(lambda: bool(tab.shown(".slip-number")), "the number, without another press")

        assert how_many(open_house, words) == 1
        assert kept(open_house) == before
        assert tab.kept() == {}


@FIRST_FIREFOX
def test_the_exit_and_the_tap_that_says_so_end_the_copy(engine: Engine, open_house: OpenHouse) -> None:
    before = kept(open_house)
    with engine.visit() as tab:
        reporter = TabReporter(tab, open_house.house.public)
        reporter.opens_the_form()
        reporter.writes("Something I may not send.")
        tab.until(lambda: KEPT in tab.text(BOX), "the copy to be kept")
        assert len(kept(open_house) - before) == 2
        tab.taps(f"{BOX} button")
        tab.sees("We hold no copy.")
        tab.until(lambda: kept(open_house) == before, "the copy to go")
        tab.taps(f"{BOX} button")
        tab.until(lambda: KEPT in tab.text(BOX), "a copy again")

        # A link by mistake asks once, and leads on with the second tap only; the way out never asks.
        tab.taps(f"main a[href='/{reporter.language}/note/back']")
        tab.sees("Your words are not sent.")
        assert tab.value("textarea[name=words]") == "Something I may not send."
        reporter.leaves()
        tab.is_at(open_house.neutral.url)
        tab.until(lambda: kept(open_house) == before, "the copy to go with the exit")


@pytest.mark.long
def test_a_proxy_that_answers_with_a_page_of_its_own_ends_neither_the_copy_nor_the_sending(
    chromium: Chromium, open_house: OpenHouse
) -> None:
    with chromium.visit() as page:
        reporter = TabReporter(ChromiumTab(page), open_house.house.public)
        reporter.opens_the_form()
        page.route(
            "**/en/note**", lambda route: route.fulfill(status=200, content_type="text/html", body="<p>Busy</p>")
        )
        reporter.writes("Behind the mill.")
        page.wait_for_timeout(4000)
        expect(page.locator(BOX)).to_contain_text("on this page only")
        presses(reporter.tab, 1)
        reporter.tab.sees(STILL_HERE)
        assert page.input_value("#words") == "Behind the mill."
        page.unroute("**/en/note**")
        page.wait_for_selector(".slip-number")


@pytest.mark.long
def test_a_page_that_was_put_aside_shows_its_words_again_by_a_tap_alone(
    chromium: Chromium, open_house: OpenHouse
) -> None:
    """As a browser would that holds such a page for Back: neither of the two does, so the page is told that it was."""
    with chromium.visit() as page:
        reporter = TabReporter(ChromiumTab(page), open_house.house.public)
        reporter.opens_the_form()
        reporter.writes("Behind the mill.")
        page.check("#soon input[value='2']")
        page.wait_for_timeout(7000)
        page.evaluate("() => dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
        assert page.input_value("#words") == ""
        page.evaluate("() => document.dispatchEvent(new CustomEvent('page:back'))")
        expect(page.locator(BOX)).to_contain_text("Your words were hidden")
        assert page.input_value("#words") == ""
        page.click(f"{BOX} button")
        expect(page.locator("#words")).to_have_value("Behind the mill.")
        expect(page.locator("#soon input[value='2']")).to_be_checked()
