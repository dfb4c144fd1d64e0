"""One tap covers the talk with a page about the kitchen; her word, or a long press and a question, brings it back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.talk_people import EXIT, Advocate, Story, Visitor
from tests.support.axe import violations
from tests.support.public_pages import DRAWN

pytestmark = pytest.mark.browser

HERS = "My boss has my passport."
THEIRS = "Are you safe to write right now?"
DRAFT = "I am at the corner of"
WORD = "Blue Kettle"
# Everything the page's one live region says from here on.
READ_OUT = """() => {
    const region = document.querySelector("[data-said]");
    window.readOut = [];
    new MutationObserver(() => window.readOut.push(region.textContent)).observe(region, { childList: true });
}"""
# Longer than the page waits before it takes a press for one that was meant.
HELD_MS = 1500


def talking(advocate: Advocate, visitor: Visitor) -> None:
    visitor.starts()
    visitor.says(HERS)
    advocate.takes_next()
    advocate.says(THEIRS)
    visitor.sees(THEIRS)


def hides(page: Page) -> None:
    page.click("#hide")
    expect(page.locator("#cover h1")).to_be_focused()


def holds_more(page: Page) -> None:
    page.locator("#cover button").hover()
    page.mouse.down()
    page.wait_for_timeout(HELD_MS)
    page.mouse.up()


def chooses(page: Page, word: str) -> None:
    page.click("#more-button")
    page.click("#near > summary")
    page.fill("#near-word", word)
    page.click("#near button")
    expect(page.locator("#near [role=status]")).to_have_text("Good. This word brings you back.")
    page.click("#more-button")


def shows_the_words(page: Page) -> None:
    """By the long press, and by the tap behind it."""
    holds_more(page)
    page.click("#show-words")


def in_document(page: Page) -> str:
    """Everything the document holds: its markup, and what stands in its fields."""
    held: str = page.evaluate(
        """() => document.documentElement.outerHTML +
            [...document.querySelectorAll("input, textarea")].map(it => it.value).join(" ")"""
    )
    return held


def test_a_tap_takes_every_word_out_of_the_document_and_nothing_new_comes(story: Story) -> None:
    head = "() => [document.title, document.querySelector('link[rel=icon]').href, history.length]"
    with story.advocate() as advocate, story.visitor() as visitor:
        page = visitor.page
        talking(advocate, visitor)
        page.fill("#field", DRAFT)
        before = page.evaluate(head)
        way_out = page.locator(EXIT).bounding_box()
        hides(page)
        advocate.says("Is somebody with you?")
        expect(advocate.page.locator(".pane:visible [data-at=state]")).to_contain_text("Covered")
        expect(advocate.page.locator(".pane:visible .bubbles .log-note").last).to_contain_text("Someone is near")
        page.wait_for_timeout(400)
        held = in_document(page)
        for word in (HERS, THEIRS, DRAFT, "Is somebody with you?", "Robin", "chat", story.ready.admin.alias):
            assert word not in held, word
        assert page.evaluate(head) == before
        assert page.url == f"{visitor.at}/read/measures"
        # The way out stands where it stood, as large, under a name that says nothing.
        assert page.locator(EXIT).bounding_box() == way_out
        assert page.locator(EXIT).inner_text().strip() == "Close"
        expect(page.locator(".limit")).to_be_hidden()
        expect(page.locator(".foot")).to_be_hidden()


def test_without_a_word_a_long_press_leads_to_the_question_and_then_to_the_words(story: Story) -> None:
    with story.advocate() as advocate, story.visitor() as visitor:
        page = visitor.page
        talking(advocate, visitor)
        page.fill("#field", DRAFT)
        hides(page)
        advocate.says("one that waits")
        # A tap shows the rest of the list, and nothing else.
        expect(page.locator("#cover li:visible")).to_have_count(8)
        page.click("#cover button")
        expect(page.locator("#cover li:visible")).to_have_count(10)
        holds_more(page)
        expect(page.locator("#doorstep-heading")).to_be_focused()
        assert page.url == f"{visitor.at}/talk"
        for word in (HERS, THEIRS, "one that waits"):
            assert word not in page.content(), word
        assert page.locator("input[name=safe]:checked").count() == 0
        visitor.chooses("safe", "unsure")
        expect(advocate.page.locator(".pane:visible [data-at=safe]")).to_contain_text("not sure")
        expect(advocate.page.locator(".pane:visible [data-at=state]")).to_contain_text("Covered")
        page.click("#show-words")
        visitor.sees("one that waits")
        assert visitor.words == [HERS, THEIRS, "one that waits"]
        assert page.input_value("#field") == DRAFT
        expect(advocate.page.locator(".pane:visible [data-at=state]")).to_contain_text("Connected")
        expect(advocate.page.locator(".pane:visible .bubbles .log-note").last).to_contain_text(
            "Back from the covered screen"
        )
        page.click("#send")
        advocate.sees(DRAFT)


def test_her_word_in_the_field_brings_the_talk_back_at_once(story: Story) -> None:
    with story.advocate() as advocate, story.visitor() as visitor:
        page = visitor.page
        talking(advocate, visitor)
        chooses(page, WORD)
        # Covered from where the word was chosen: that is not what she comes back to.
        page.click("#more-button")
        page.evaluate(READ_OUT)
        hides(page)
        advocate.says("one that waits")
        page.fill("#find", "flour")
        expect(page.locator("#cover li:visible")).to_have_count(1)
        page.fill("#find", "blue")
        expect(page.locator("#cover li:visible")).to_have_count(10)
        page.fill("#find", "blue  KETTLE")
        visitor.sees("one that waits")
        assert visitor.words == [HERS, THEIRS, "one that waits"]
        expect(page.locator("#doorstep")).to_be_hidden()
        expect(page.locator("#more")).to_be_hidden()
        expect(page.locator("#scroll")).to_be_focused()
        # What she missed is read out, and nothing that she had heard before.
        page.wait_for_function("() => window.readOut.some(one => one.includes('one that waits'))")
        assert not [one for one in page.evaluate("() => window.readOut") if HERS in one or THEIRS in one]
        expect(advocate.page.locator(".pane:visible .bubbles .log-note").last).to_contain_text("with the word")
        # The word opens the question too, where that stands before the words.
        hides(page)
        holds_more(page)
        expect(page.locator("#doorstep")).to_be_visible()
        hides(page)
        page.fill("#find", WORD)
        visitor.sees(THEIRS)
        expect(page.locator("#doorstep")).to_be_hidden()
        # Once more, and the word is no longer known: the desk is told who may be there.
        hides(page)
        assert page.input_value("#find") == ""
        shows_the_words(page)
        visitor.sees(THEIRS)
        expect(advocate.page.locator(".pane:visible .bubbles .log-note").last).to_contain_text("may be someone else")


def test_it_works_while_the_line_is_dead_and_what_was_not_sent_goes_out_once(story: Story) -> None:
    with story.advocate() as advocate, story.visitor() as visitor:
        page = visitor.page
        talking(advocate, visitor)
        story.line.cut()
        visitor.says("written into the dark", arrives=False)
        hides(page)
        assert HERS not in in_document(page)
        assert "written into the dark" not in in_document(page)
        holds_more(page)
        expect(page.locator("#doorstep-heading")).to_be_focused()
        page.click("#hide")
        story.line.mend()
        advocate.sees("written into the dark")
        expect(advocate.page.locator(".pane:visible [data-at=state]")).to_contain_text("Covered")
        holds_more(page)
        page.click("#show-words")
        visitor.sees("written into the dark")
        assert visitor.words == [HERS, THEIRS, "written into the dark"]


def test_by_keyboard_alone(story: Story) -> None:
    """Hide stands right after the way out; Enter held down on "More" is the long press."""
    with story.advocate() as advocate, story.visitor() as visitor:
        page = visitor.page
        talking(advocate, visitor)
        page.locator(EXIT).focus()
        page.keyboard.press("Tab")
        expect(page.locator("#hide")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("#cover h1")).to_be_focused()
        for stop in ("#find", "#cover button"):
            page.keyboard.press("Tab")
            expect(page.locator(stop)).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("#cover")).to_be_visible()
        page.keyboard.down("Enter")
        page.wait_for_timeout(HELD_MS)
        page.keyboard.up("Enter")
        expect(page.locator("#doorstep-heading")).to_be_focused()


def test_two_quick_taps_are_one(story: Story) -> None:
    with story.advocate() as advocate, story.visitor() as visitor:
        talking(advocate, visitor)
        visitor.page.dblclick("#hide", delay=20)
        expect(visitor.page.locator("#cover h1")).to_be_visible()
        holds_more(visitor.page)
        visitor.page.click("#show-words")
        visitor.sees(THEIRS)


def test_loaded_again_or_come_back_to_it_is_the_same_innocent_page(story: Story) -> None:
    with story.advocate() as advocate, story.visitor() as visitor:
        page = visitor.page
        talking(advocate, visitor)
        hides(page)
        page.reload()
        expect(page.locator("h1")).to_have_text("Kitchen measures")
        page.goto(story.ready.neutral.origin + "/before")
        page.go_back()
        expect(page.locator("h1")).to_have_text("Kitchen measures")
        assert HERS not in in_document(page)
        assert page.locator(EXIT).inner_text().strip() == "Close"


def test_the_way_out_of_a_covered_page_ends_the_talk_and_back_shows_nothing(story: Story) -> None:
    with story.advocate() as advocate, story.visitor() as visitor:
        page = visitor.page
        talking(advocate, visitor)
        hides(page)
        page.click(EXIT)
        page.wait_for_url(story.ready.neutral.url)
        expect(advocate.page.locator(".pane:visible [data-at=state]")).to_contain_text("Left quickly")
        page.go_back()
        page.wait_for_timeout(300)
        assert HERS not in page.content()


def test_an_end_behind_the_cover_shows_nothing_before_she_comes_back(story: Story) -> None:
    with story.advocate() as advocate, story.visitor() as visitor:
        page = visitor.page
        talking(advocate, visitor)
        hides(page)
        innocent = page.locator("body").inner_text()
        advocate.page.locator("[data-at=close]:visible").click()
        advocate.page.locator("[data-at=close-now]:visible").click()
        # The page has heard of it: there is nothing left to cover.
        expect(page.locator("#hide")).to_have_attribute("hidden", "")
        assert page.locator("body").inner_text() == innocent
        assert page.locator("#ended").count() == 0
        holds_more(page)
        expect(page.locator("#ended h1")).to_be_focused()
        expect(page.locator("#hide")).to_be_hidden()


@pytest.mark.parametrize("language", DRAWN)
def test_the_covered_page_is_good_for_everybody(story: Story, language: str) -> None:
    """axe, no sideways scrolling, every row in sight at 360x640 or one scroll away; in both directions."""
    with story.visitor(language) as visitor:
        visitor.starts()
        hides(visitor.page)
        assert violations(visitor.page) == []
        assert visitor.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
        visitor.page.click("#cover button")
        assert visitor.page.evaluate("() => document.scrollingElement.scrollHeight <= 2 * innerHeight")
        holds_more(visitor.page)
        assert violations(visitor.page) == []
