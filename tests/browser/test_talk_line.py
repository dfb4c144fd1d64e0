"""Holds the talk to its line: what was said arrives once and in order, whatever happens to the line between."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.talk_people import Story
from tests.support.patience import PATIENCE_MS

pytestmark = pytest.mark.browser

# How long a page waits for an answer before it says "not sent".
NOT_SENT_AFTER_MS = 12_000
KEPT_BY_THE_BROWSER = "event => dispatchEvent(new PageTransitionEvent(event, { persisted: true }))"
# Out of view, or back.
TURN = """is => { Object.defineProperty(document, 'hidden', { value: is, configurable: true });
  document.dispatchEvent(new Event('visibilitychange')); }"""


def test_words_written_while_the_line_is_cut_arrive_once_and_in_order(story: Story) -> None:
    with story.advocate() as advocate, story.visitor() as visitor:
        visitor.starts()
        visitor.says("one")
        advocate.takes_next()
        expect(visitor.page.locator("#wait-head")).to_be_hidden()
        story.line.cut()
        try:
            visitor.says("two", arrives=False)
            visitor.says("three", arrives=False)
            expect(visitor.page.locator("#line-state")).to_have_attribute("data-line", "gone")
            expect(visitor.bubble("two")).to_have_attribute("data-sent", "not-sent", timeout=PATIENCE_MS)
            expect(visitor.page.get_by_role("button", name="Not sent. Tap to try again").first).to_be_visible()
        finally:
            story.line.mend()
        visitor.page.get_by_role("button", name="Not sent. Tap to try again").first.click()
        expect(visitor.bubble("three")).to_have_attribute("data-sent", "received")
        visitor.page.wait_for_timeout(300)

        assert visitor.words == ["one", "two", "three"]
        assert advocate.page.locator(".pane:visible .bubble-words").all_inner_texts() == ["one", "two", "three"]


def test_what_was_said_while_the_page_was_cut_off_is_there_afterwards_once(story: Story) -> None:
    with story.advocate() as advocate, story.visitor() as visitor:
        visitor.starts()
        visitor.says("Hello")
        advocate.takes_next()
        advocate.says("before")
        visitor.sees("before")
        story.line.cut()
        advocate.says("between")
        advocate.sees("between")
        story.line.mend()
        visitor.page.evaluate("() => dispatchEvent(new Event('online'))")
        visitor.sees("between")
        advocate.says("after")
        visitor.sees("after")

        assert visitor.words == ["Hello", "before", "between", "after"]
        # Gone from and come back to by the browser's own cache of pages: the same, and the line carries on.
        visitor.page.evaluate(KEPT_BY_THE_BROWSER, "pagehide")
        assert visitor.words == []
        advocate.says("away")
        advocate.sees("away")
        visitor.page.evaluate(KEPT_BY_THE_BROWSER, "pageshow")
        visitor.sees("away")
        visitor.says("here")
        advocate.sees("here")

        assert visitor.words == ["Hello", "before", "between", "after", "away", "here"]


def test_coming_back_into_view_brings_the_line_back_within_two_seconds(story: Story) -> None:
    with story.advocate() as advocate, story.visitor() as visitor:
        visitor.starts()
        visitor.says("Hello")
        advocate.takes_next()
        story.line.cut()
        expect(visitor.page.locator("#line-state")).to_have_attribute("data-line", "gone")
        visitor.page.wait_for_timeout(4000)  # by now the tries are seconds apart
        story.line.mend()
        visitor.page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")

        expect(visitor.page.locator("#line-state")).to_have_attribute("data-line", "connected", timeout=2000)


def test_a_hidden_page_is_covered_at_once_and_shown_again(story: Story) -> None:
    with story.visitor() as visitor:
        visitor.starts()
        visitor.says("My boss has my passport.")
        visitor.page.evaluate(TURN, True)
        expect(visitor.page.get_by_text("My boss has my passport.")).to_be_hidden()
        assert visitor.page.title() == "Page"
        visitor.page.evaluate(TURN, False)

        visitor.sees("My boss has my passport.")


def test_the_desk_reads_when_her_page_is_out_of_view_and_when_it_is_back(story: Story) -> None:
    with story.advocate() as advocate, story.visitor() as visitor:
        visitor.starts()
        visitor.says("Hello")
        advocate.takes_next()
        line = advocate.page.locator(".pane:visible [data-at=state]")
        expect(line).to_have_text("Connected")
        visitor.page.evaluate(TURN, True)
        expect(line).to_have_text("Page not in view")
        expect(line).to_have_attribute("data-line", "hidden")
        visitor.page.evaluate(TURN, False)
        expect(line).to_have_text("Connected")
        visitor.page.evaluate(TURN, True)
        expect(line).to_have_text("Page not in view")
        story.line.cut()
        expect(line).to_contain_text("Gone")
        story.line.mend()
        # It came back by itself, and is as little in view as before.
        expect(line).to_have_text("Page not in view")
        visitor.page.evaluate(TURN, False)
        expect(line).to_have_text("Connected")


@pytest.mark.long
def test_a_phone_locked_for_a_minute_wakes_with_every_word_once_and_in_order(story: Story) -> None:
    with story.advocate() as advocate, story.visitor() as visitor:
        visitor.starts()
        visitor.says("before")
        advocate.takes_next()
        advocate.says("I am here")
        visitor.sees("I am here")
        phone = visitor.page.context.new_cdp_session(visitor.page)
        phone.send("Debugger.enable")
        line = advocate.page.locator(".pane:visible [data-at=state]")
        visitor.page.evaluate(TURN, True)
        expect(line).to_have_text("Page not in view")
        # Nothing of the page runs any more, and its line is cut by nobody: a phone in a pocket.
        phone.send("Debugger.pause")
        try:
            for number in range(3):
                advocate.says(f"while it slept {number}")
            advocate.page.wait_for_timeout(60_000)
            expect(line).to_contain_text("Gone")
        finally:
            phone.send("Debugger.disable")
            visitor.page.evaluate(TURN, False)
        visitor.sees("while it slept 2")
        expect(line).to_have_text("Connected")
        visitor.says("after")

        assert visitor.words == ["before", "I am here", *(f"while it slept {number}" for number in range(3)), "after"]
        assert advocate.page.locator(".pane:visible .bubble-words").all_inner_texts() == visitor.words


def test_new_words_do_not_move_what_is_being_read(story: Story) -> None:
    with story.advocate() as advocate, story.visitor() as visitor:
        visitor.starts()
        visitor.says("Hello")
        advocate.takes_next()
        for number in range(12):
            advocate.says(f"line {number} of a long answer, long enough to fill this small page twice")
        visitor.sees("line 11 of")
        visitor.page.locator("#scroll").evaluate("log => { log.scrollTop = 0; }")
        visitor.page.wait_for_timeout(100)
        advocate.says("the newest")
        expect(visitor.page.locator("#newer")).to_be_visible()
        assert visitor.page.locator("#scroll").evaluate("log => log.scrollTop") == 0
        visitor.page.click("#newer")

        expect(visitor.page.get_by_text("the newest", exact=True)).to_be_in_viewport()
        expect(visitor.page.locator("#newer")).to_be_hidden()


def test_new_words_are_read_out_once(story: Story) -> None:
    with story.advocate() as advocate, story.visitor() as visitor:
        visitor.starts()
        visitor.says("Hello")
        visitor.page.evaluate(
            """() => { window.heard = []; const region = document.querySelector('[data-said]');
                new MutationObserver(() => region.textContent && window.heard.push(region.textContent))
                  .observe(region, { childList: true, characterData: true, subtree: true }); }"""
        )
        advocate.takes_next()
        advocate.says("Are you safe?")
        visitor.sees("Are you safe?")
        visitor.page.wait_for_timeout(3500)
        heard = visitor.page.evaluate("() => window.heard")

        assert sum("Are you safe?" in words for words in heard) == 1
        assert visitor.page.locator("[data-said]").inner_text() == ""


def test_enter_sends_from_a_keyboard_but_never_while_a_letter_is_composed(story: Story) -> None:
    with story.visitor() as visitor:
        visitor.starts()
        visitor.page.fill("#field", "half a word")
        visitor.page.locator("#field").evaluate(
            """field => field.dispatchEvent(
                 new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true }))"""
        )
        assert visitor.words == []
        assert visitor.page.input_value("#field") == "half a word"
        visitor.page.focus("#field")
        visitor.page.keyboard.press("Shift+Enter")
        assert visitor.words == []
        visitor.page.keyboard.press("Enter")
        expect(visitor.page.locator(".bubble-own")).to_have_count(1)
        assert visitor.page.get_attribute("#field", "enterkeyhint") == "send"
        visitor.page.click("#more-button")
        visitor.page.uncheck("#enter-sends")
        visitor.page.click("#more-button")
        visitor.page.fill("#field", "more")
        visitor.page.keyboard.press("Enter")

        expect(visitor.page.locator(".bubble-own")).to_have_count(1)
        assert visitor.page.get_attribute("#field", "enterkeyhint") == "enter"


def test_an_answer_can_be_given_with_one_tap_and_taken_back_with_another(story: Story) -> None:
    with story.advocate() as advocate, story.visitor() as visitor:
        visitor.starts()
        visitor.chooses("safe", "no")
        expect(visitor.page.locator("#not-safe")).to_contain_text("911 (Ontario)")
        expect(advocate.page.locator(".queue-row .desk-tag.is-urgent")).to_have_text("Not safe")
        visitor.chooses("safe", "no")
        expect(visitor.page.locator("#not-safe")).to_be_hidden()
        expect(advocate.page.locator(".queue-row .desk-tag.is-urgent")).to_have_count(0)
        visitor.chooses("about", "self")
        advocate.takes_next()

        expect(advocate.page.locator("[data-at=about]")).to_have_text("Self")
        expect(advocate.page.locator("[data-at=safe]").first).to_have_text("not asked yet")
