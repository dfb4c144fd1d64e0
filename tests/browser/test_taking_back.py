"""Tells in a real browser how words to the wrong person are taken back: from her page, from the desk, and by keys."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.talk_people import Advocate, Story, Visitor

pytestmark = pytest.mark.browser

LONGER = """() => {
    const real = setTimeout;
    window.setTimeout = (act, ms) => real(act, ms === 5000 ? 60000 : ms);
}"""
WRONG = "The bus for Ana leaves at nine."


def meet(visitor: Visitor, advocate: Advocate) -> None:
    visitor.starts()
    visitor.says("hello")
    advocate.takes_next()
    advocate.sees("hello")


def test_words_to_the_wrong_person_are_taken_back_by_one_key_or_one_press(story: Story) -> None:
    """Item 6 of what an advocate needs; the desk says whether it had been on her screen."""
    with story.advocate() as advocate, story.visitor() as visitor:
        meet(visitor, advocate)
        page = advocate.page
        # Counted by the page: a slow machine may let the seconds pass before a test can press.
        page.evaluate(LONGER)
        for by_key in (True, False):
            advocate.says(WRONG)
            visitor.sees(WRONG)
            offer = page.locator(".pane:visible .bubble-unsend")
            expect(offer).to_have_text("Take back")
            if by_key:
                page.keyboard.press("Alt+KeyU")
            else:
                offer.focus()
                offer.press("Enter")
            expect(visitor.page.locator("#log .bubble-words").filter(has_text=WRONG)).to_have_count(0)
            expect(page.locator(".pane:visible .bubble-words").filter(has_text=WRONG)).to_have_count(0)
            expect(page.locator(".pane:visible .bubble-unsend")).to_have_count(0)
            expect(page.locator("[data-at=field]:visible")).to_be_focused()
        expect(visitor.page.locator("#log .log-note", has_text="took a message back")).to_have_count(2)
        expect(page.locator(".pane:visible .log-note", has_text="Taken back.")).to_have_count(2)
        visitor.says("good")
        advocate.sees("good")
        assert visitor.words == ["hello", "good"]
        assert WRONG not in visitor.page.content()
        # A desk that loads again, and a page that comes over a new line, meet the hole and show nothing there.
        page.reload()
        advocate.sees("good")
        assert WRONG not in page.content()


def test_the_offer_is_over_after_its_seconds_and_with_the_line(story: Story) -> None:
    with story.advocate() as advocate, story.visitor() as visitor:
        meet(visitor, advocate)
        offer = advocate.page.locator(".bubble-unsend")
        advocate.says("one")
        expect(offer).to_have_count(1)
        expect(offer).to_have_count(0)
        advocate.says("two")
        expect(offer).to_have_count(1)
        advocate.loses_the_line()
        expect(advocate.page.locator("#offline")).to_be_visible()
        expect(offer).to_have_count(0)
        advocate.gets_the_line_back()
        expect(advocate.page.locator("#offline")).to_be_hidden()
        visitor.sees("one")
        visitor.sees("two")


def test_without_script_the_words_are_no_longer_drawn(story: Story) -> None:
    with story.advocate() as advocate, story.visitor(script=False) as visitor:
        page = visitor.page
        page.goto(f"{visitor.at}/talk")
        page.wait_for_timeout(3000)  # a hand takes as long to read; Start pressed sooner is nobody's
        page.click("main form button[type=submit]")
        frame, field = page.frame_locator("iframe[name=words]"), page.frame_locator("iframe[name=write]")
        field.locator("#field").fill("hello")
        field.locator("button.composer-send").click()
        advocate.takes_next()
        advocate.says(WRONG)
        said = frame.locator(".bubble").filter(has_text=WRONG)
        expect(said).to_be_visible()
        advocate.page.keyboard.press("Alt+KeyU")
        expect(said).to_be_hidden()
        expect(frame.locator(".log-note", has_text="took a message back")).to_be_visible()
        expect(advocate.page.locator(".pane:visible .log-note", has_text="within a minute")).to_be_visible()
        page.locator(".exit, [data-leave]").first.click()
