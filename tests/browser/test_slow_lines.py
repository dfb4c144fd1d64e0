"""Holds the pages to a line that is slow, stalls and is cut: the way out works, and nothing typed is lost."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from tests.support.chromium import Chromium
from tests.support.old_browser import NO_SOCKETS, Lacking, without
from tests.support.open_house import OpenHouse, open_house_at
from tests.support.slow_line import SlowLine, slow_line

pytestmark = pytest.mark.browser

SLOW = 0.4, 50_000
SLOWEST = 2.0, 6_000
# Far away and otherwise quick: what a look at the line has to bear.
FAR = 2.0, 50_000
PATIENCE_MS = 90_000


@pytest.fixture(scope="module")
def line() -> Iterator[SlowLine]:
    with slow_line() as slow:
        yield slow


@pytest.fixture(scope="module")
def slow_house(line: SlowLine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenHouse]:
    with open_house_at(tmp_path_factory.mktemp("h"), public_origin=f"http://127.0.0.1:{line.port}") as ready:
        line.to_port = ready.house.port
        yield ready


@pytest.fixture(autouse=True)
def as_fast_as_loopback(line: SlowLine) -> Iterator[None]:
    """Each test says for itself how slow the line is, and leaves it whole."""
    yield
    line.round_trip_s, line.bytes_per_s = 0.0, None
    line.flow()
    line.mend()


@contextmanager
def phone(chromium: Chromium, line: SlowLine, how: tuple[float, float]) -> Iterator[Page]:
    """A phone on such a line. On the slowest one its processor is slow too, which costs this machine a busy thread."""
    line.round_trip_s, line.bytes_per_s = how
    with chromium.visit() as page:
        page.set_default_timeout(PATIENCE_MS)
        page.set_default_navigation_timeout(PATIENCE_MS)
        if how == SLOWEST:
            page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
        yield page


def begins(page: Page, line: SlowLine) -> None:
    page.goto(f"http://127.0.0.1:{line.port}/en/talk")
    page.click("#start-form button")
    expect(page.locator("#line-state")).to_have_attribute("data-line", "connected", timeout=PATIENCE_MS)


def says(page: Page, text: str) -> None:
    page.fill("#field", text)
    page.click("#send")


def received(page: Page, *texts: str) -> None:
    """All of them, in this order, each once."""
    for text in texts:
        bubble = page.locator(".bubble-own").filter(has_text=text)
        expect(bubble).to_have_attribute("data-sent", "received", timeout=PATIENCE_MS)
    assert page.locator(".bubble-own .bubble-words").all_inner_texts() == list(texts)


def is_gone(page: Page, house: OpenHouse) -> None:
    """One tap on the way out: nothing of ours is drawn a moment later, whatever the line does."""
    page.evaluate("() => { window.before = document.body.innerText.length; }")
    page.locator("[data-leave]").dispatch_event("click")
    began = time.monotonic()
    page.wait_for_url(house.neutral.url + "**", wait_until="commit")
    assert time.monotonic() - began < 3, "the way out waited for the line"


@pytest.mark.parametrize("how", [SLOW, pytest.param(SLOWEST, marks=pytest.mark.long)], ids=["slow", "slowest"])
@pytest.mark.parametrize(
    "lacking", [pytest.param({}, marks=pytest.mark.long), NO_SOCKETS], ids=["by a socket", "by questions"]
)
def test_a_talk_over_a_slow_line_goes_on_through_stalls_and_cuts(
    chromium: Chromium, line: SlowLine, slow_house: OpenHouse, lacking: Lacking, how: tuple[float, float]
) -> None:
    with phone(chromium, line, how) as page:
        without(page, lacking)
        begins(page, line)
        says(page, "one")
        received(page, "one")
        line.stall()
        says(page, "two, while nothing passed")
        page.fill("#field", "three, not sent yet")
        page.wait_for_timeout(2000)
        line.flow()
        received(page, "one", "two, while nothing passed")
        line.cut()
        page.wait_for_timeout(500)
        assert page.input_value("#field") == "three, not sent yet"
        page.click("#send")
        expect(page.locator("#line-state")).to_have_attribute("data-line", "gone", timeout=PATIENCE_MS)
        expect(page.locator("#line-state")).to_have_text("No line. Trying again.")
        line.mend()
        page.evaluate("() => dispatchEvent(new Event('online'))")
        received(page, "one", "two, while nothing passed", "three, not sent yet")
        is_gone(page, slow_house)


@pytest.mark.long
def test_coming_into_view_does_not_drop_a_line_for_being_slow(
    chromium: Chromium, line: SlowLine, slow_house: OpenHouse
) -> None:
    """A look that gives up after a second and a half would hang up on every line of two seconds there and back."""
    with phone(chromium, line, FAR) as page:
        opened: list[object] = []
        page.on("websocket", lambda socket: opened.append(socket))
        begins(page, line)
        page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
        says(page, "still here")
        received(page, "still here")
        page.wait_for_timeout(3000)

        assert len(opened) == 1
        expect(page.locator("#line-state")).to_have_attribute("data-line", "connected")


def test_the_way_out_works_while_a_page_is_still_on_its_way(
    chromium: Chromium, line: SlowLine, slow_house: OpenHouse
) -> None:
    """Before the sheet and the scripts are there the exit is a link already, and it does not lead through our host."""
    with phone(chromium, line, SLOW) as page:
        page.route("**/a/*", lambda route: None)  # asked for, and never answered
        page.goto(f"http://127.0.0.1:{line.port}/en/", wait_until="commit")
        page.wait_for_selector("[data-leave]", state="attached")
        line.stall()
        page.locator("[data-leave]").dispatch_event("click")
        page.wait_for_url(slow_house.neutral.url + "**", wait_until="commit")


def test_a_note_that_cannot_be_sent_stands_where_it_was_typed_and_goes_when_the_line_is_back(
    chromium: Chromium, line: SlowLine, slow_house: OpenHouse
) -> None:
    with phone(chromium, line, SLOW) as page:
        page.goto(f"http://127.0.0.1:{line.port}/en/note")
        page.wait_for_timeout(3200)
        page.fill("[name=words]", "A van comes each night.")
        line.cut()
        page.click("button[name=keep][value='2']")
        expect(page.locator("[data-said]")).not_to_be_empty(timeout=40_000)
        assert page.input_value("[name=words]") == "A van comes each night."
        line.mend()
        page.click("button[name=keep][value='2']")
        expect(page.locator("[name=words]")).to_have_count(0, timeout=PATIENCE_MS)


def test_start_over_a_line_that_breaks_says_so_and_starts_one_talk_when_it_is_back(
    chromium: Chromium, line: SlowLine, slow_house: OpenHouse
) -> None:
    with phone(chromium, line, SLOW) as page:
        page.goto(f"http://127.0.0.1:{line.port}/en/talk")
        line.cut()
        page.click("#start-form button")
        said = page.locator("#start-said")
        expect(said).not_to_be_empty()
        page.wait_for_function("() => !/wait/i.test(document.querySelector('#start-said').textContent)", timeout=40_000)
        line.mend()
        page.click("#start-form button")
        expect(page.locator("#line-state")).to_have_attribute("data-line", "connected", timeout=PATIENCE_MS)
        says(page, "hello")
        received(page, "hello")
