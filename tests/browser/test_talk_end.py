"""Holds every end of a talk to leaving nothing behind: in the page, behind Back, and at the server's door."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.talk_people import EXIT, Story, Visitor
from tests.support.axe import violations
from tests.support.stores import silence_has_lasted

pytestmark = pytest.mark.browser

WORDS = "My boss has my passport."


def test_after_a_silence_she_is_asked_stays_by_one_tap_and_silent_again_the_talk_ends(story: Story) -> None:
    with story.advocate() as advocate, story.visitor() as visitor:
        visitor.starts()
        visitor.says(WORDS)
        advocate.takes_next()
        advocate.says("Tell me more")
        visitor.sees("Tell me more")
        silence_has_lasted(story.ready.house, 11)
        question = visitor.page.locator("#log .log-note").filter(has_text="Are you still there?")
        expect(question).to_be_visible()
        at_the_desk = advocate.page.locator(".pane:visible .log-note")
        expect(at_the_desk.filter(has_text="It was quiet. The page asks")).to_be_visible()
        question.get_by_role("button", name="I am here").click()
        expect(question.get_by_role("button")).to_have_count(0)
        expect(at_the_desk.filter(has_text="The answer: still there.")).to_be_visible()

        silence_has_lasted(story.ready.house, 11)
        expect(question).to_have_count(2)
        expect(question.get_by_role("button")).to_be_visible()
        silence_has_lasted(story.ready.house, 11)
        expect(visitor.page.locator("#ended")).to_be_visible()
        expect(visitor.page.locator("#ended-quiet")).to_have_text("It was quiet here for a long time.")
        expect(visitor.page.get_by_text(WORDS)).to_have_count(0)
        expect(advocate.page.locator("[data-at=how]:visible")).to_contain_text("nobody said")


def test_the_end_asks_twice_and_then_leaves_no_words_in_the_page(story: Story) -> None:
    with story.advocate() as advocate, story.visitor() as visitor:
        visitor.starts()
        visitor.says(WORDS)
        advocate.takes_next()
        visitor.page.click("#more-button")
        visitor.page.click("#end-ask")
        visitor.page.click("#end-keep")
        visitor.sees(WORDS)
        visitor.ends()

        expect(visitor.page.locator("#ended h1")).to_be_focused()
        assert WORDS not in visitor.page.content()
        expect(advocate.page.locator("[data-at=how]:visible")).to_contain_text("ended the chat")
        expect(advocate.page.locator("[data-at=clock]:visible")).to_contain_text("These words are gone in")


def test_an_end_by_the_advocate_ends_the_page_too(story: Story) -> None:
    with story.advocate() as advocate, story.visitor() as visitor:
        visitor.starts()
        visitor.says(WORDS)
        advocate.takes_next()
        expect(visitor.page.locator("#wait-head")).to_be_hidden()
        advocate.page.locator("[data-at=close]:visible").click()
        expect(advocate.page.locator("[data-at=close-keep]:visible")).to_be_focused()
        advocate.page.locator("[data-at=close-now]:visible").click()

        expect(visitor.page.locator("#ended")).to_be_visible()
        assert WORDS not in visitor.page.content()


def test_the_exit_in_mid_talk_tells_the_desk_and_back_shows_nothing(story: Story) -> None:
    with story.advocate() as advocate, story.visitor() as visitor:
        visitor.page.goto(f"{visitor.at}/")
        visitor.starts()
        visitor.says(WORDS)
        advocate.takes_next()
        writing = advocate.page.locator("[data-at=typing]")
        visitor.page.wait_for_timeout(3000)  # the page tells of it at most every three seconds
        visitor.page.fill("#field", "a draft nobody may find")
        expect(writing).to_be_visible()
        visitor.page.click(EXIT)
        visitor.page.wait_for_url(lambda url: url.startswith(story.ready.neutral.url))

        expect(advocate.page.locator("[data-at=how]:visible")).to_contain_text("left quickly")
        assert not writing.is_visible()
        expect(advocate.page.locator("[role=tab]")).to_contain_text("Left quickly")
        visitor.page.go_back(wait_until="commit")
        visitor.page.wait_for_timeout(500)
        for words in (WORDS, "a draft nobody may find"):
            assert words not in visitor.page.content()


def test_an_end_on_a_cut_line_reaches_the_server_when_the_line_is_back(story: Story) -> None:
    with story.advocate() as advocate, story.visitor() as visitor:
        visitor.starts()
        visitor.says(WORDS)
        advocate.takes_next()
        expect(visitor.page.locator("#wait-head")).to_be_hidden()
        story.line.cut()
        visitor.ends()
        assert WORDS not in visitor.page.content()
        story.line.mend()

        expect(advocate.page.locator("[data-at=how]:visible")).to_contain_text("ended the chat")


def test_the_talk_stores_nothing_and_asks_nobody_else(story: Story) -> None:
    with story.advocate() as advocate, story.visitor() as visitor:
        asked: list[str] = []
        visitor.page.on("request", lambda request: asked.append(request.url))
        visitor.starts()
        visitor.says(WORDS)
        advocate.takes_next()
        advocate.says("Hello")
        visitor.sees("Hello")
        stored = visitor.page.evaluate(
            """async () => [document.cookie, localStorage.length, sessionStorage.length,
                 (await indexedDB.databases()).length, (await caches.keys()).length]"""
        )

        assert stored == ["", 0, 0, 0, 0]
        assert all(url.startswith((story.site, "data:")) for url in asked), asked
        assert visitor.page.url == f"{visitor.at}/talk"


def test_after_a_while_alone_she_may_wait_on_or_leave_her_words_as_a_note(story: Story) -> None:
    """C5: nothing is typed twice, not even what she had not sent."""
    with story.chromium.visit() as page:
        visitor = Visitor(page, story.site)
        visitor.page.goto(f"{visitor.at}/talk")
        visitor.page.evaluate("() => { document.getElementById('choice').dataset.after = 2; }")
        visitor.presses_start()
        visitor.says("a lantern by the gate")
        leave = page.get_by_role("button", name="Leave my words as a note")
        expect(leave).to_be_in_viewport()
        expect(page.locator("#choice")).to_contain_text("The call shows in the phone’s list.")
        assert violations(page) == []
        page.get_by_role("button", name="Keep waiting").click()
        expect(leave).to_be_hidden()
        expect(leave).to_be_visible()
        page.fill("#field", "a draft nobody had sent")
        leave.click()

        expect(page.locator(".slip .slip-number")).to_be_visible()
        number = "".join(page.locator(".slip .slip-number").inner_text().split())
        assert "lantern" not in page.content()
        page.goto(f"{visitor.at}/note/back")
        page.fill("[name=number]", number)
        page.click("form:has([name=number]) button[type=submit]")
        page.wait_for_selector("form:has(button[value=add])")
        told = page.locator("main").inner_html()
        assert told.count("a lantern by the gate") == told.count("a draft nobody had sent") == 1
        assert visitor.broke == []


def test_once_somebody_comes_the_choice_goes(story: Story) -> None:
    with story.advocate() as advocate, story.visitor() as visitor:
        visitor.page.goto(f"{visitor.at}/talk")
        visitor.page.evaluate("() => { document.getElementById('choice').dataset.after = 0; }")
        visitor.presses_start()
        visitor.says("Hello")
        expect(visitor.page.locator("#choice")).to_be_visible()
        advocate.takes_next()
        expect(visitor.page.locator("#choice")).to_be_hidden()


def test_an_end_she_missed_is_told_when_her_line_is_back(story: Story) -> None:
    with story.advocate() as advocate, story.visitor() as visitor:
        visitor.starts()
        visitor.says(WORDS)
        advocate.takes_next()
        expect(visitor.page.locator("#wait-head")).to_be_hidden()
        story.line.cut()
        try:
            advocate.page.locator("[data-at=close]:visible").click()
            advocate.page.locator("[data-at=close-now]:visible").click()
            expect(advocate.page.locator("[data-at=how]:visible")).not_to_be_empty()
        finally:
            story.line.mend()
        visitor.page.evaluate("() => dispatchEvent(new Event('online'))")

        expect(visitor.page.locator("#ended")).to_be_visible()
        assert WORDS not in visitor.page.content()


def test_the_exit_works_while_the_line_is_cut(story: Story) -> None:
    with story.visitor() as visitor:
        visitor.starts()
        visitor.says(WORDS)
        story.line.cut()
        try:
            visitor.page.click(EXIT)
            visitor.page.wait_for_url(lambda url: url.startswith(story.ready.neutral.url))
        finally:
            story.line.mend()


def test_loading_the_page_again_opens_nothing_that_was_said(story: Story) -> None:
    with story.visitor() as visitor:
        visitor.starts()
        visitor.says(WORDS)
        visitor.page.reload()

        expect(visitor.page.locator("#start")).to_be_visible()
        assert WORDS not in visitor.page.content()
