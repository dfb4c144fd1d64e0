"""An answer that comes late never takes the place of a cover: what was on its way waits until she is back."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import Event

import pytest
from playwright.sync_api import Page, expect

from tests.browser.talk_people import Story
from tests.browser.test_talk_cover import HERS, THEIRS, hides, holds_more, in_document, shows_the_words, talking
from tests.support.patience import PATIENCE_S

pytestmark = pytest.mark.browser

DRAFT = "typed and not sent"
# Longer than a page of ours takes to come up.
COMES_UP_MS = 1000


@contextmanager
def held_back(story: Story, is_held: Callable[[socket.socket, bytes], bool]) -> Iterator[Event]:
    """What `is_held` of the line waits until the `with` ends; the event says that there was some."""
    made, goes_on = Event(), Event()

    def hears(end: socket.socket, block: bytes) -> None:
        if is_held(end, block):
            made.set()
            assert goes_on.wait(PATIENCE_S)

    story.line.ear = hears
    try:
        yield made
    finally:
        story.line.ear = None
        goes_on.set()


def late(story: Story, words: bytes) -> AbstractContextManager[Event]:
    """The blocks with these words in them are on their way until the `with` ends."""
    return held_back(story, lambda _end, block: words in block)


def nothing_arrives(story: Story) -> AbstractContextManager[Event]:
    """What she sends arrives; what the house says comes when the block ends."""
    return held_back(story, lambda end, _block: bool(end.getpeername()[1] == story.line.to_port))


def asks_for_spanish(page: Page) -> None:
    page.click("#more-button")
    page.click("#tongues summary")
    page.click("#tongues [lang=es]")


def stays_covered(page: Page) -> None:
    page.wait_for_timeout(COMES_UP_MS)
    expect(page.locator("#cover h1")).to_be_visible()
    assert page.url.endswith("/read/measures")
    assert not [word for word in (HERS, THEIRS) if word in in_document(page)]


def test_another_language_waits_until_she_is_back(story: Story) -> None:
    with story.advocate() as advocate, story.visitor() as visitor:
        page = visitor.page
        talking(advocate, visitor)
        with late(story, b"POST /es/talk/tongue"):
            asks_for_spanish(page)
            hides(page)
        stays_covered(page)
        expect(advocate.page.locator(".pane:visible [data-at=state]")).to_contain_text("Covered")
        shows_the_words(page)
        expect(page.locator("html")).to_have_attribute("lang", "es")
        visitor.sees(THEIRS)
        assert visitor.words == [HERS, THEIRS]


# The driver can do nothing in a page that is being left. A finger can.
HIDES_A_MOMENT_LATER = """() => document.querySelector("#tongues .tongues").addEventListener("click", () => {
    setTimeout(() => document.getElementById("hide").click(), 1500);
})"""


@pytest.mark.long
def test_a_page_that_is_on_its_way_does_not_come_up(story: Story) -> None:
    with story.advocate() as advocate, story.visitor() as visitor:
        page = visitor.page
        state = advocate.page.locator(".pane:visible [data-at=state]")
        talking(advocate, visitor)
        page.evaluate(HIDES_A_MOMENT_LATER)
        with late(story, b"GET /es/talk/") as made:
            asks_for_spanish(page)
            assert made.wait(PATIENCE_S)
            expect(state).to_contain_text("Covered")
        stays_covered(page)
        shows_the_words(page)
        expect(page.locator("html")).to_have_attribute("lang", "es")
        visitor.sees(THEIRS)


@pytest.mark.long
def test_a_page_that_comes_up_all_the_same_shows_no_word_before_she_is_back(story: Story) -> None:
    with story.advocate() as advocate, story.visitor() as visitor:
        page = visitor.page
        state = advocate.page.locator(".pane:visible [data-at=state]")
        talking(advocate, visitor)
        page.fill("#field", DRAFT)
        page.evaluate("() => { window.stop = () => {}; }")
        page.evaluate(HIDES_A_MOMENT_LATER)
        with late(story, b"GET /es/talk/") as made:
            asks_for_spanish(page)
            assert made.wait(PATIENCE_S)
            expect(state).to_contain_text("Covered")
        # It begins behind the cover: its line has not said a word yet.
        with late(story, b"GET /line/talk") as line:
            assert line.wait(PATIENCE_S)
            assert page.locator("#cover h1").is_visible()
            assert DRAFT not in in_document(page)
        stays_covered(page)
        expect(state).to_contain_text("Covered")
        holds_more(page)
        expect(page.locator("#doorstep-heading")).to_be_focused()
        page.click("#show-words")
        visitor.sees(THEIRS)
        assert visitor.words == [HERS, THEIRS]
        expect(page.locator("#field")).to_have_value(DRAFT)


@pytest.mark.long
def test_in_another_language_what_she_typed_waits_until_the_line_says_that_she_is_not_covered(story: Story) -> None:
    """A page that left in the moment she hid may have been answered before the house knew of it."""
    with story.advocate() as advocate, story.visitor() as visitor:
        page = visitor.page
        talking(advocate, visitor)
        page.fill("#field", DRAFT)
        with late(story, b"GET /line/talk") as line:
            asks_for_spanish(page)
            assert line.wait(PATIENCE_S)
            expect(page.locator("html")).to_have_attribute("lang", "es")
            expect(page.locator("#field")).to_have_value("")
            page.wait_for_timeout(COMES_UP_MS)
            assert DRAFT not in page.inner_text("body")
            expect(page.locator("#field")).to_have_value("")
            page.fill("#field", "y más")
        expect(page.locator("#field")).to_have_value(f"{DRAFT}\ny más")


@pytest.mark.long
def test_a_note_that_was_filed_behind_the_cover_gives_its_number_when_she_asks(story: Story) -> None:
    with story.chromium.visit() as page:
        page.goto(f"{story.site}/en/talk")
        page.evaluate("() => { document.getElementById('choice').dataset.after = 0; }")
        page.click("#start-form button")
        page.fill("#field", HERS)
        page.click("#send")
        expect(page.locator("#log .bubble-own")).to_have_attribute("data-sent", "received")
        leave = page.get_by_role("button", name="Leave my words as a note")
        with nothing_arrives(story) as filed:
            leave.click()
            assert filed.wait(PATIENCE_S)
            hides(page)
        stays_covered(page)
        expect(page.locator("#hide")).to_have_attribute("hidden", "")
        holds_more(page)
        expect(page.locator("#ended h1")).to_be_focused()
        # Of the ways out of a long wait only this one is left.
        assert page.locator("#ended form button:visible").all_inner_texts() == ["Leave my words as a note"]
        leave.click()
        expect(page.locator(".slip .slip-number")).to_be_visible()
