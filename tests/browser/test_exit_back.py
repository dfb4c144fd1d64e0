"""Holds Back, pressed by whoever takes the phone next, to showing nothing of what was read or typed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Error, Page

from tests.support.chromium import Chromium
from tests.support.open_house import OpenHouse
from tests.support.public_pages import path

pytestmark = pytest.mark.browser

CANARY = "kestrel-canary-typed-words"
HOW = pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])


def shown(page: Page) -> str:
    """All words and field values a person could see now."""
    return str(
        page.evaluate(
            """() => document.documentElement.innerText + " "
                + [...document.querySelectorAll("input:not([type=hidden]), textarea")].map(it => it.value).join(" ")"""
        )
    )


def goes_back(page: Page) -> bool:
    """Presses Back; False when there is nothing before this page."""
    before = page.evaluate("history.length"), page.url
    try:
        page.go_back(wait_until="commit", timeout=4000)
    except Error:  # Chromium refuses to show some pages again, or the page is left again at once: both are fine.
        page.wait_for_timeout(500)
    page.wait_for_timeout(300)
    return (page.evaluate("history.length"), page.url) != before


def typed_and_refused(page: Page, open_house: OpenHouse) -> None:
    """The tip form, sent without what happened, so that it comes back on a page of its own with what was typed."""
    page.goto(open_house.house.public + path("note"))
    page.locator("[name=place]").fill(CANARY)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/en/note/[^/]+$"))


def test_after_a_walk_and_the_exit_back_leads_to_before_us(chromium: Chromium, open_house: OpenHouse) -> None:
    """Requirements 13 and 16 of docs/safety.md."""
    house, neutral = open_house.house, open_house.neutral
    with chromium.visit() as visit:
        visit.goto(neutral.origin + "/before")
        visit.goto(house.public + path("home"))
        length = visit.evaluate("history.length")
        for link in ("numbers", "read/safety", "note", "languages"):
            visit.locator(f'a[href$="/{link}"]').first.click()
            visit.wait_for_url(re.compile(f"/en/{link}$"))
            assert visit.evaluate("history.length") == length, link
        visit.locator('a[href="/ar/"]').click()
        visit.wait_for_url(re.compile("/ar/$"))
        assert visit.evaluate("history.length") == length

        visit.locator("[data-leave]").click()
        visit.wait_for_url(neutral.url)
        assert visit.evaluate("history.length") == length
        visit.go_back(wait_until="commit")
        assert visit.url == neutral.origin + "/before"

        entries = visit.context.new_cdp_session(visit).send("Page.getNavigationHistory")["entries"]
        assert [entry["url"] for entry in entries if entry["url"].startswith(house.public)] == []


def test_form_steps_add_nothing_to_back(chromium: Chromium, open_house: OpenHouse) -> None:
    """Requirement 16 of docs/safety.md."""
    with chromium.visit() as visit:
        visit.goto(open_house.house.public + path("note"))
        length = visit.evaluate("history.length")
        visit.locator("textarea").first.fill(CANARY)
        visit.locator("main form button[type=submit]").first.click()
        visit.wait_for_url(re.compile(r"/en/note/[^/]+$"))

        assert visit.evaluate("history.length") == length
        assert CANARY in shown(visit)


def test_a_link_inside_the_page_adds_nothing_to_back(chromium: Chromium, open_house: OpenHouse) -> None:
    """Requirement 16 of docs/safety.md."""
    with chromium.visit() as visit:
        visit.goto(open_house.house.public + path("home"))
        length = visit.evaluate("history.length")
        visit.locator('a[href="#languages"]').click()
        visit.wait_for_timeout(150)

        assert visit.url.endswith("#languages")
        assert visit.evaluate("history.length") == length


@HOW
def test_what_was_typed_never_comes_back_after_the_exit(
    chromium: Chromium, open_house: OpenHouse, script: bool
) -> None:
    """Requirements 13, 14 and 15 of docs/safety.md."""
    with chromium.visit(script=script) as visit:
        visit.goto(open_house.neutral.origin + "/before")
        typed_and_refused(visit, open_house)
        visit.locator("[data-leave]").click()
        visit.wait_for_url(open_house.neutral.url)
        for _ in range(4):
            if not goes_back(visit):
                break
            assert CANARY not in shown(visit)


@HOW
def test_what_was_typed_and_not_sent_is_gone_when_the_page_was_left(
    chromium: Chromium, open_house: OpenHouse, script: bool
) -> None:
    """Requirements 18 and 35 of docs/safety.md: without any exit, by typing another address."""
    with chromium.visit(script=script) as visit:
        visit.goto(open_house.house.public + path("note"))
        visit.locator("textarea").first.fill(CANARY)
        visit.goto(open_house.neutral.url)
        visit.go_back(wait_until="commit")
        visit.wait_for_timeout(300)

        assert visit.locator("textarea").count() > 0
        assert CANARY not in shown(visit)


@HOW
def test_a_page_with_a_token_is_asked_for_again_and_never_restored(
    chromium: Chromium, open_house: OpenHouse, script: bool
) -> None:
    """Requirement 15 of docs/safety.md: the server decides what a page with a token shows on Back."""
    with chromium.visit(script=script) as visit:
        typed_and_refused(visit, open_house)
        address = visit.url
        visit.goto(open_house.neutral.url)
        asked: list[str] = []
        visit.on("request", lambda request: asked.append(request.url))
        visit.go_back(wait_until="commit")
        visit.wait_for_timeout(300)

    assert address in asked


RESTORED = "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"


def test_a_page_restored_after_an_exit_that_was_stopped_leaves_again(chromium: Chromium, open_house: OpenHouse) -> None:
    """Requirement 17 of docs/safety.md."""
    neutral = open_house.neutral
    with chromium.visit() as visit:
        visit.goto(open_house.house.public + path("home"))
        neutral.hold()
        try:
            session = visit.context.new_cdp_session(visit)
            session.send("Runtime.evaluate", {"expression": "document.querySelector('[data-leave]').click()"})
            visit.wait_for_timeout(200)
            session.send("Page.stopLoading")
        finally:
            neutral.answer()
        assert visit.url.startswith(open_house.house.public)
        visit.evaluate(RESTORED)
        visit.wait_for_url(neutral.url)


def test_a_restored_page_with_tokens_goes_blank_and_asks_the_server(chromium: Chromium, open_house: OpenHouse) -> None:
    """Requirement 17 of docs/safety.md: a token that was revoked meanwhile opens nothing."""
    with chromium.visit() as visit:
        typed_and_refused(visit, open_house)
        with visit.expect_request(visit.url):
            seen = visit.evaluate(f"() => {{ {RESTORED}; return document.querySelectorAll('main, form').length; }}")
        # Closed in the middle of its own way to the server, a page can keep the browser from closing at all.
        visit.locator("main").wait_for()

    assert seen == 0


def test_words_the_line_could_not_carry_stay_on_the_page(chromium: Chromium, open_house: OpenHouse) -> None:
    """What was typed survives a lost connection without touching the device's storage."""
    with chromium.visit() as visit:
        visit.goto(open_house.house.public + path("note"))
        visit.locator("textarea").first.fill(CANARY)
        visit.context.set_offline(True)
        visit.locator("main form button[type=submit]").first.click()
        visit.get_by_text("Your words are still here.").wait_for()

        assert visit.locator("textarea").first.input_value() == CANARY
        visit.context.set_offline(False)
        visit.locator("main form button[type=submit]").first.click()
        visit.wait_for_url(re.compile(r"/en/note/[^/]+$"))


def test_the_language_switch_keeps_what_was_typed(chromium: Chromium, open_house: OpenHouse) -> None:
    """Requirement 16 of docs/safety.md, with the draft."""
    with chromium.visit() as visit:
        visit.goto(open_house.house.public + path("note"))
        length = visit.evaluate("history.length")
        visit.locator("textarea").first.fill(CANARY)
        switch = visit.locator('button[name="to"][value="fr"]')
        if not switch.is_visible():
            visit.locator("details", has=switch).locator("summary").click()
        switch.click()
        visit.wait_for_url(re.compile(r"/fr/note/[^/]+$"))

        assert visit.locator("textarea").first.input_value() == CANARY
        assert visit.evaluate("history.length") == length
