"""Language switched in the middle of a talk: draft, place and words stay, and the desk reads the new one."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.talk_people import EXIT, Advocate, Story
from tests.browser.test_talk_cover import chooses, hides
from tests.support.axe import violations
from tests.support.engines import ChromiumTab
from tests.support.plain_people import PlainVisitor

pytestmark = pytest.mark.browser

WORDS = "dunlin-canary-i-read-arabic-better"
ANSWER = "dunlin-canary-i-am-here"
HER_WORD = "dunlin kettle"
DRAFT = "dunlin-canary not sent yet\n  second line"


def told_the_language(advocate: Advocate, language: str) -> None:
    expect(advocate.page.locator(".pane:visible [data-at=to]")).to_contain_text(f"in {language}")


def test_her_draft_her_words_and_her_advocate_are_there_in_the_other_language(story: Story) -> None:
    with story.advocate() as advocate, story.visitor() as her:
        page = her.page
        her.starts()
        her.says(WORDS)
        advocate.takes_next()
        told_the_language(advocate, "English")
        advocate.says(ANSWER)
        her.sees(ANSWER)
        chooses(page, HER_WORD)
        page.fill("#field", DRAFT)
        page.click("#more-button")
        page.click("#tongues summary")
        page.click("#tongues [lang=ar]")
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
        expect(page.locator("#line-state")).to_have_attribute("data-line", "connected")
        her.sees(WORDS)
        her.sees(ANSWER)
        assert her.words == [WORDS, ANSWER]
        expect(page.locator("#field")).to_have_value(DRAFT)
        told_the_language(advocate, "Arabic")
        # The script holds the token, and nothing else of the page does: not the document, not the address.
        assert page.evaluate("() => [...document.querySelectorAll('[name=t]')].map(each => each.value).join()") == ""
        assert re.search(r"/ar/talk$", page.url)
        assert violations(page) == []
        # The word she had chosen for a cover came along, in the page's memory alone.
        expect(page.locator("#tongues")).not_to_have_attribute("hidden", "")
        assert HER_WORD not in page.content()
        hides(page)
        page.fill("#find", HER_WORD)
        her.sees(ANSWER)
        page.click("#send")
        advocate.sees("second line")
        her.sees("second line")
        page.click(EXIT)
        page.wait_for_url(lambda url: url.startswith(story.ready.neutral.url))
        expect(advocate.page.locator(".pane:visible [data-at=over]")).to_contain_text("left quickly")
        page.go_back(wait_until="commit")
        page.wait_for_timeout(700)
        assert WORDS not in page.content()


def test_one_who_waits_keeps_her_place_and_what_she_answered(story: Story) -> None:
    with story.visitor() as first, story.visitor() as second:
        first.starts()
        first.says("I came first.")
        second.starts()
        second.says("I came second.")
        first.chooses("about", "other")
        first.page.click("#more-button")
        first.page.click("#tongues summary")
        first.page.click("#tongues [lang=es]")
        expect(first.page.locator("#place")).to_have_text("Usted sigue.")
        expect(first.page.locator("input[name=about][value=other]")).to_be_checked()
        expect(second.page.locator("#place")).to_contain_text("2")


def test_without_a_line_nothing_is_left_behind(story: Story) -> None:
    with story.visitor() as her:
        her.starts()
        her.page.fill("#field", DRAFT)
        her.page.click("#more-button")
        her.page.route("**/talk/tongue", lambda route: route.abort())
        her.page.click("#tongues summary")
        her.page.click("#tongues [lang=fr]")
        expect(her.page.locator("#tongues-said")).to_contain_text("No line right now")
        assert her.page.input_value("#field") == DRAFT
        expect(her.page.locator("#field")).to_be_editable()
        her.page.click("#more-button")


def test_without_script_the_draft_goes_along_too(story: Story) -> None:
    with story.advocate() as advocate, story.chromium.visit(script=False) as page:
        her = PlainVisitor(ChromiumTab(page), story.site).starts()
        her.says(WORDS)
        advocate.takes_next()
        her.types(DRAFT)
        her.taps_on(her.write, ".plain-tongues > summary")
        her.taps_on(her.write, ".plain-tongues [lang=ar]")
        page.wait_for_url(re.compile(r"/ar/talk/[\w-]{40,}$"), wait_until="commit")
        her.sees_the_talk()
        her.sees(WORDS)
        assert her.draft == DRAFT
        told_the_language(advocate, "Arabic")
        advocate.says(ANSWER)
        her.sees(ANSWER)
        her.leaves()
        page.wait_for_url(lambda url: url.startswith(story.ready.neutral.url))
