"""Coming back after a mistaken exit by the number she kept; what a second person on the same phone learns: nothing."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from portal.vault.comebacks import comeback_code
from tests.browser.talk_people import EXIT, Advocate, Story, Visitor
from tests.browser.test_talk_back import asks_for_her_number, types_the_number
from tests.support.engines import ChromiumTab
from tests.support.plain_people import PlainVisitor

pytestmark = pytest.mark.browser

WORDS = "curlew-canary-he-has-my-papers"
ANSWER = "curlew-canary-i-am-here"
UNKNOWN = "This number opens no chat"


def left_for_good(story: Story, page: Page) -> None:
    page.click(EXIT)
    page.wait_for_url(lambda url: url.startswith(story.ready.neutral.url))


def somebody_else_looks(story: Story, page: Page, address: str) -> None:
    """The same phone, the same tab, another hand: Back, the address, the number form with a number that is not hers."""
    page.go_back(wait_until="commit")
    page.wait_for_timeout(700)
    assert WORDS not in page.content()
    page.goto(address, wait_until="commit")
    page.wait_for_timeout(700)
    for frame in page.frames:
        assert WORDS not in frame.content()
        assert ANSWER not in frame.content()
    types_the_number(page, story.site, comeback_code())
    expect(page.get_by_text(UNKNOWN).locator("visible=true").first).to_be_visible()


def told_that_she_may_come_back(advocate: Advocate) -> None:
    state = advocate.page.locator(".pane:visible [data-at=state]")
    expect(state).to_contain_text(re.compile(r"Left quickly\. May come back: (60|59) min"))
    expect(advocate.page.locator(".pane:visible [data-at=field]")).to_be_visible()


def test_the_number_she_kept_brings_her_back_after_a_mistaken_exit_to_the_same_advocate(story: Story) -> None:
    """Mission C18."""
    with story.advocate() as advocate, story.chromium.visit() as page:
        her = Visitor(page, story.site)
        her.starts()
        her.says(WORDS)
        advocate.takes_next()
        advocate.says(ANSWER)
        her.sees(ANSWER)
        number = asks_for_her_number(page)
        # Never before the number is shown, and never ticked by itself.
        expect(page.locator("#cut-stays")).not_to_be_checked()
        page.locator("label.card:has(#cut-stays)").click()
        expect(page.locator("#cut-stays-said")).to_contain_text("stays open for 60 minutes")
        address = page.url
        left_for_good(story, page)
        told_that_she_may_come_back(advocate)

        somebody_else_looks(story, page, address)

        types_the_number(page, story.site, number)
        expect(page.locator("#doorstep-heading")).to_be_focused()
        assert WORDS not in page.inner_text("body")
        her.chooses("safe", "yes")
        page.click("#show-words")
        her.sees(WORDS)
        her.sees(ANSWER)
        expect(advocate.page.locator(".pane:visible [data-at=state]")).to_contain_text("Connected")
        her.says("It was my hand that slipped.")
        advocate.sees("It was my hand that slipped.")
        # The number is used up, so the next exit ends all of it.
        left_for_good(story, page)
        expect(advocate.page.locator(".pane:visible [data-at=over]")).to_contain_text("left quickly, by the exit")


def test_a_tick_that_was_taken_off_again_keeps_nothing(story: Story) -> None:
    with story.chromium.visit() as page:
        her = Visitor(page, story.site)
        her.starts()
        number = asks_for_her_number(page)
        tick = page.locator("label.card:has(#cut-stays)")
        # As every tick: its words beside the box, not under it.
        expect(tick).to_have_css("display", "flex")
        tick.click()
        expect(page.locator("#cut-stays-said")).to_contain_text("stays open")
        tick.click()
        expect(page.locator("#cut-stays-said")).to_contain_text("The top button ends this chat.")
        left_for_good(story, page)
        types_the_number(page, story.site, number)
        expect(page.locator("#start-said")).to_contain_text(UNKNOWN)


def test_without_script_the_number_she_kept_brings_her_back_too(story: Story) -> None:
    with story.advocate() as advocate, story.chromium.visit(script=False) as page:
        her = PlainVisitor(ChromiumTab(page), story.site).starts()
        her.says(WORDS)
        advocate.takes_next()
        advocate.says(ANSWER)
        her.sees(ANSWER)
        number = her.asks_for_her_number()
        frame = her.tab.frame("iframe[name=number]")
        # It stands in sight in its small frame, under the number: nobody looks for what she cannot see.
        inside = page.frame("number")
        assert inside is not None
        assert inside.evaluate(
            "() => document.querySelector('form button').getBoundingClientRect().bottom <= window.innerHeight"
        )
        her.taps_on(frame, "form[action$='/talk/keep'] button")
        her.waits_for(lambda: "stays open for 60 minutes" in frame.text("main"), "what became of it")
        assert number in re.sub(r"\D", "", frame.text(".slip-number"))
        address = page.url
        left_for_good(story, page)
        told_that_she_may_come_back(advocate)

        somebody_else_looks(story, page, address)

        page.goto(f"{story.site}/en/talk/back")
        page.fill("#number", number)
        page.click("#back-form button")
        page.wait_for_url(re.compile(r"/en/talk/[\w-]{40,}$"), wait_until="commit")  # its frame never ends
        her.waits_for(lambda: bool(her.words.shown(".plain-now")), "how everything stands")
        assert WORDS not in " ".join(each.content() for each in page.frames)
        expect(advocate.page.locator(".pane:visible [data-at=state]")).to_contain_text("Connected")
        left_for_good(story, page)
