"""Boundaries at the desk: warned first; her page keeps phone and note, and a supervisor's no lets her in."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.talk_people import Story
from tests.support.axe import violations

pytestmark = pytest.mark.browser


def test_who_was_warned_and_went_on_is_held_off_and_keeps_phone_and_note(own_story: Story) -> None:
    with own_story.advocate() as advocate, own_story.visitor("ar") as visitor:
        visitor.starts()
        visitor.says("one")
        advocate.takes_next()
        advocate.sees("one")
        desk, page = advocate.page, visitor.page
        desk.keyboard.press("Alt+KeyS")
        panel = desk.locator("[data-at=boundary]:visible")
        hold = panel.locator("[data-at=boundary-now]")
        expect(hold).to_be_hidden()
        panel.locator(".danger-cards button").nth(1).click()
        expect(visitor.bubble("لا أستطيع أن أستمر مع هذه الكلمات.").last).to_be_visible()
        expect(hold).to_be_hidden()
        visitor.says("two")
        expect(hold).to_be_visible()
        assert violations(desk) == []
        panel.locator("[data-at=boundary-words]").fill("Went on after the warning.")
        # No reason is a default.
        hold.click()
        expect(panel.locator("[data-at=boundary-why]")).to_be_focused()
        panel.locator("[data-at=boundary-why]").select_option("abuse")
        hold.click()
        expect(desk.locator(".pane")).to_have_count(0)
        expect(desk.locator("#queue-count")).to_have_text("0")
        expect(page.locator("#place")).to_contain_text("هذه المحادثة متوقفة لبضع ساعات.")
        expect(page.locator("#choice button[type=submit]")).to_be_visible()
        expect(page.locator("#choice")).to_contain_text("555-0142")
        expect(page.locator("#choice-stay")).to_be_hidden()
        assert violations(page) == []
        visitor.says("three", arrives=False)
        # Why it was not sent, and nothing to tap that could not help.
        refused = visitor.bubble("three").locator(".bubble-state")
        expect(refused).to_contain_text("لم تُرسل")
        assert refused.evaluate("it => it.tagName") == "P"
        desk.goto(f"{own_story.ready.house.desk}/desk/entries")
        expect(desk.locator("main")).to_contain_text("Went on after the warning.")
        expect(desk.locator("main")).to_contain_text("Abuse or threats against us · For 1 h")
        assert violations(desk) == []
        desk.get_by_role("button", name="No, let her in now").click()
        expect(desk.locator("main")).to_contain_text("A supervisor said no")
        expect(page.locator("#choice-stay")).to_be_hidden()
        expect(page.locator("#place")).not_to_contain_text("متوقفة")
        expect(page.locator("#place")).not_to_be_empty()
        expect(visitor.bubble("three")).to_have_attribute("data-sent", "received")
        visitor.says("four")
