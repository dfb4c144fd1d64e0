"""Holds the locked desk to its promise in a browser: no word stays on any page, nobody falls, drafts come back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.talk_people import story_at
from tests.support.chromium import Chromium

pytestmark = pytest.mark.browser


def everything_on(page: Page) -> str:
    """All text and every typed value of the page, shown or not; what fills its words and templates is nobody's."""
    return str(
        page.evaluate(
            "() => document.title + document.body.textContent + [...document.querySelectorAll('input,textarea,select')]"
            ".filter(field => field.type !== 'hidden').map(field => field.value).join(' ')"
        )
    )


def test_a_locked_desk_shows_nothing_anywhere_and_brings_everything_back(
    tmp_path_factory: pytest.TempPathFactory, chromium: Chromium
) -> None:
    with story_at(tmp_path_factory.mktemp("h"), chromium) as story, story.advocate() as advocate:
        page, passphrase = advocate.page, story.ready.admin.passphrase
        with story.visitor() as visitor:
            visitor.starts()
            visitor.page.fill("#questions input[name=name]", "Luz")
            visitor.says("The heron stands in the reeds.")
            advocate.takes_next()
            advocate.sees("heron")
            page.locator("[data-at=field]:visible").fill("A draft about the ferry.")
            page.locator("[data-at=note]:visible").fill("A note about the pier.")
            beside = page.context.new_page()
            beside.goto(f"{advocate.house.desk}/desk/tips")

            # One press, of a key, in the middle of a sentence: the words are gone from this page and the other window.
            page.locator("[data-at=field]:visible").focus()
            page.keyboard.press("Alt+KeyL")
            expect(page.locator("#lock")).to_be_visible()
            beside.wait_for_url("**/desk/locked")
            for window in (page, beside):
                shown = everything_on(window)
                assert not [word for word in ("heron", "Luz", "ferry", "pier") if word in shown]
            visitor.says("The otter has come up.")
            expect(page.locator("#lock-calls")).to_have_text("New messages: 1")
            assert page.title().startswith("(1)")
            page.keyboard.press("Alt+1")
            assert "otter" not in everything_on(page)

            # Hostile tries, in the other window: address, Back, a reload, a wrong passphrase, an act without a page.
            for path in ("chats", "tips", "me", "entries"):
                beside.goto(f"{advocate.house.desk}/desk/{path}")
                assert beside.url.endswith("/desk/locked")
            beside.go_back()
            beside.reload()
            assert beside.url.endswith("/desk/locked")
            expect(beside.locator("#lock-calls")).to_have_count(1)
            beside.fill("#f-passphrase", "not this one, not at all")
            beside.click("#unlock button")
            expect(beside.locator("[role=alert]")).to_contain_text("does not fit")
            page.fill("#f-passphrase", "nor is it this one")
            page.click("#unlock button")
            expect(page.locator("#lock-why")).to_contain_text("does not fit")
            assert "heron" not in everything_on(page)

            page.fill("#f-passphrase", passphrase)
            page.keyboard.press("Enter")
            advocate.sees("heron")
            advocate.sees("otter")
            expect(page.locator("#lock")).to_be_hidden()
            expect(page.locator("[data-at=field]:visible")).to_have_value("A draft about the ferry.")
            expect(page.locator("[data-at=note]:visible")).to_have_value("A note about the pier.")
            beside.wait_for_url(lambda url: not url.endswith("/desk/locked"))
            beside.close()
            page.locator("[data-at=send]:visible").click()
            visitor.sees("A draft about the ferry.")
            own = page.locator(".pane:visible .bubble").filter(has_text="ferry")
            expect(own).to_contain_text("You")
            expect(visitor.page.locator("#log")).not_to_contain_text("line broke")

            # A reload of the locked page: the lock is still there, and so is her talk.
            with page.expect_response("**/desk/lock"):
                page.click("#lock-press button")
                page.keyboard.press("Alt+KeyL")
            expect(page.locator("#lock")).to_be_visible()
            page.reload()
            assert page.url.endswith("/desk/locked")
            visitor.says("It dives.")
            expect(page.locator("#lock-calls")).to_contain_text("New messages")
            page.fill("#f-passphrase", passphrase)
            page.click("#unlock button")
            advocate.sees("It dives.")
            expect(own).to_contain_text("You")
            expect(page.locator("[data-at=private]:visible")).to_have_text("The visitor never sees this")
            assert page.url.endswith("/desk/chats")
