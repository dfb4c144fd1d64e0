"""Coming back to a talk by its number: a tab thrown away, a browser killed, a phone changed; and who must not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx
import pytest
from playwright.sync_api import Page, expect

from portal.vault.comebacks import comeback_code
from tests.browser.talk_people import EXIT, Story, Visitor
from tests.support.axe import violations
from tests.support.device_search_phone import ChromiumPhone
from tests.support.engines import ChromiumTab
from tests.support.profile_search import search_profile
from tests.support.web import HERE

pytestmark = pytest.mark.browser

WORDS = "kestrel-canary-my-boss-has-my-passport"
ANSWER = "kestrel-canary-you-are-not-alone"


def asks_for_her_number(page: Page) -> str:
    """Under "If I get cut off"; answers the digits as they stand on the page."""
    if not page.locator("#cut").is_visible():
        page.click("#more-button")
    if page.locator("#cut").get_attribute("open") is None:
        page.click("#cut summary")
    page.click("#cut-show")
    expect(page.locator("#cut-number")).not_to_be_empty()
    return re.sub(r"\D", "", page.inner_text("#cut-number"))


def types_the_number(page: Page, site: str, number: str) -> None:
    """From the notice, by the quiet link, as somebody would who lost her page."""
    page.goto(f"{site}/en/talk")
    page.click(".start-back a")
    page.fill("#number", number)
    page.click("#back-form button")


@contextmanager
def another_phone(story: Story, *, script: bool = True) -> Iterator[Visitor]:
    """A phone that knows nothing of the talk. Whoever came back on it ends the talk, so that nobody is left in line."""
    with story.visitor(script=script) as visitor:
        yield visitor


def test_after_a_tab_was_thrown_away_the_number_opens_the_same_talk_and_the_safe_question_comes_first(
    story: Story,
) -> None:
    """P11 and P12 of docs/safety.md."""
    with story.advocate() as advocate:
        with story.chromium.visit() as page:
            lost = Visitor(page, story.site)
            lost.starts()
            lost.chooses("safe", "yes")
            lost.says(WORDS)
            advocate.takes_next()
            advocate.says(ANSWER)
            lost.sees(ANSWER)
            number = asks_for_her_number(page)
            assert len(number) == 14
            assert violations(page) == []
            # Looked away from, it is gone from the page; asked for again it is the same one.
            page.click("#cut summary")
            expect(page.locator("#cut-number")).to_be_empty()
            assert number[:4] not in page.content()
            assert asks_for_her_number(page) == number
            page.click("#more-button")
            expect(page.locator("#cut-number")).to_be_empty()

        with another_phone(story) as back:
            heard: list[str] = []
            back.page.expose_function("said", lambda text: heard.append(text))
            back.page.add_init_script(
                """addEventListener("DOMContentLoaded", () => new MutationObserver((changes) =>
                     said(changes[0].target.textContent)).observe(document.querySelector("[data-said]"),
                     { childList: true, characterData: true, subtree: true }))"""
            )
            types_the_number(back.page, story.site, number)
            expect(back.page.locator("#doorstep-heading")).to_be_focused()
            expect(back.page.locator("[data-ask=safe]")).to_be_visible()
            expect(
                advocate.page.locator(".pane:visible .log-note").filter(has_text="Came back with the number")
            ).to_have_count(1)
            expect(advocate.page.locator(".pane:visible [data-at=safe]")).to_contain_text("not asked")
            back.page.wait_for_timeout(1500)
            for hidden in (WORDS, ANSWER):
                assert hidden not in back.page.inner_text("body")
            assert not any(WORDS in each or ANSWER in each for each in heard)
            expect(back.page.locator("#field")).to_be_hidden()
            assert violations(back.page) == []

            back.chooses("safe", "unsure")
            expect(advocate.page.locator(".pane:visible [data-at=safe]")).to_contain_text("not sure")
            back.page.click("#show-words")
            back.sees(WORDS)
            back.sees(ANSWER)
            assert back.words == [WORDS, ANSWER]
            assert violations(back.page) == []
            back.says("here again")
            advocate.sees("here again")
            assert number not in back.page.content()

            with another_phone(story) as third:
                types_the_number(third.page, story.site, number)
                expect(third.page.locator("#start-said")).to_contain_text("This number opens no chat")
                assert third.page.input_value("#number") == number
                assert violations(third.page) == []


# What a kill leaves on the phone is searched in every run by `test_device_journeys`.
@pytest.mark.long
def test_after_a_kill_of_the_browser_the_number_opens_the_talk_and_the_phone_holds_nothing_of_it(
    story: Story, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("p")  # short: a browser's sockets have names of bounded length
    phone = ChromiumPhone(story.chromium.driver, folder, script=True).starts()
    tab = phone.opens_tab()
    assert isinstance(tab, ChromiumTab)
    killed = Visitor(tab.page, story.site)
    killed.starts()
    killed.says(WORDS)
    number = asks_for_her_number(killed.page)
    killed.page.wait_for_timeout(3000)  # Chromium writes its session 2.5 seconds after a change
    phone.is_killed()
    spaced = f"{number[:4]} {number[4:7]} {number[7:11]} {number[11:]}"
    assert search_profile([WORDS, number, spaced], folder / "profile") == []

    phone.starts()
    tab = phone.opens_tab()
    assert isinstance(tab, ChromiumTab)
    back = Visitor(tab.page, story.site)
    types_the_number(back.page, story.site, number)
    back.page.click("#show-words")
    back.sees(WORDS)
    back.says("here again")
    back.ends()
    back.page.wait_for_timeout(500)
    phone.quits()
    assert search_profile([WORDS, number, spaced], folder / "profile") == []


def test_the_page_before_dies_when_she_comes_back_and_its_exit_ends_nothing(story: Story) -> None:
    with story.chromium.visit() as page:
        old = Visitor(page, story.site)
        old.starts()
        old.says(WORDS)
        number = asks_for_her_number(page)
        page.click("#more-button")
        page.fill("#field", "a draft in the old page")
        with another_phone(story) as back:
            types_the_number(back.page, story.site, number)
            expect(page.locator("#ended")).to_be_visible()
            assert WORDS not in page.content()
            assert page.locator("#field").input_value() == ""
            # Whoever holds the old page is told nothing of a talk that goes on.
            expect(page.locator("#ended-desk")).to_be_hidden()
            page.click(EXIT)
            page.wait_for_url(lambda url: url.startswith(story.ready.neutral.url))
            back.page.click("#show-words")
            back.sees(WORDS)
            back.says("still here")


def test_nothing_lies_over_what_stands_under_more(story: Story) -> None:
    with story.visitor() as visitor:
        visitor.starts()
        visitor.page.evaluate("() => { document.getElementById('newer').hidden = false; }")
        visitor.page.click("#more-button")
        expect(visitor.page.locator("#newer")).to_be_hidden()
        visitor.page.click("#more-button")
        expect(visitor.page.locator("#newer")).to_be_visible()


def test_the_exit_kills_the_number(story: Story) -> None:
    with story.chromium.visit() as page:
        left = Visitor(page, story.site)
        left.starts()
        left.says(WORDS)
        number = asks_for_her_number(page)
        page.click(EXIT)
        page.wait_for_url(lambda url: url.startswith(story.ready.neutral.url))
    with another_phone(story) as back:
        types_the_number(back.page, story.site, number)
        expect(back.page.locator("#start-said")).to_contain_text("This number opens no chat")
        expect(back.page.locator("#line")).to_be_hidden()


def test_wrong_numbers_are_paced_for_everybody_and_nothing_typed_is_lost(story: Story) -> None:
    with story.chromium.visit() as page, another_phone(story) as back:
        lost = Visitor(page, story.site)
        lost.starts()
        number = asks_for_her_number(page)

        def guess(_: int) -> int:
            body = {"number": str(comeback_code()), "p": "x"}
            headers = {"Sec-Fetch-Site": "same-origin"}
            return httpx.post(f"{story.site}/en/talk/back", json=body, headers=headers, **HERE).status_code

        # Each of the two processes has a pace of its own; a hundred guesses are more than both allow at once.
        with ThreadPoolExecutor(20) as guessers:
            answers = list(guessers.map(guess, range(100)))
        assert set(answers) == {404, 429}
        types_the_number(back.page, story.site, number)
        opened, paced = back.page.locator("#doorstep"), back.page.get_by_text("Many numbers are being tried")
        for _ in range(20):
            expect(opened.or_(paced).locator("visible=true")).to_be_visible()
            if opened.is_visible():
                break
            assert back.page.input_value("#number") == number
            back.page.wait_for_timeout(300)
            back.page.click("#back-form button")
            back.page.wait_for_timeout(300)
        expect(opened).to_be_visible()


def test_without_script_a_slip_keeps_what_was_typed_and_the_number_leads_to_hidden_words(story: Story) -> None:
    with story.chromium.visit() as page:
        lost = Visitor(page, story.site)
        lost.starts()
        lost.says(WORDS)
        number = asks_for_her_number(page)
        with story.chromium.visit(script=False) as plain:
            types_the_number(plain, story.site, number[:-1])
            expect(plain.locator("#number-wrong")).to_contain_text("That is 13 digits")
            assert plain.input_value("#number") == number[:-1]
            plain.fill("#number", number)
            plain.click("#back-form button")
            plain.wait_for_url(re.compile(r"/en/talk/[\w-]{40,}$"), wait_until="commit")  # its frame never ends
            plain.wait_for_selector("iframe[name=words]")
            plain.frame_locator("iframe[name=words]").locator(".plain-now").wait_for()
            shown = " ".join(frame.locator("body").inner_text() for frame in plain.frames)
            assert WORDS not in shown
            assert number not in plain.url
            expect(page.locator("#ended")).to_be_visible()
            plain.click(EXIT)
            plain.wait_for_url(lambda url: url.startswith(story.ready.neutral.url))
