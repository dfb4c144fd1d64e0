"""Who is called for stands on every open desk, and whoever says yes there is named to the one who called."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.talk_people import Advocate, Story
from tests.support.axe import violations

pytestmark = pytest.mark.browser

HAS_IT = re.compile("Kim. has it")  # a name stands apart, whichever way it is written


def test_a_danger_reaches_a_supervisor_at_her_desk_and_her_yes_reaches_the_advocate(own_story: Story) -> None:
    person = own_story.ready.admin.invites("Kim", "supervisor", ["en"], "chat")
    with (
        own_story.advocate() as advocate,
        own_story.visitor() as visitor,
        own_story.chromium.visit(size=(1280, 800)) as page,
    ):
        visitor.starts()
        visitor.says("He is at the door.")
        advocate.takes_next()
        # A way out that is pressed while somebody is with her opens beside the desk; her line and what she types stay.
        advocate.page.locator("[data-at=field]:visible").fill("Is he inside?")
        with advocate.page.context.expect_page() as beside:
            advocate.page.click(".desk-nav > a[href='/desk/tips']")
        expect(beside.value.locator("h1")).to_have_text("Tips")
        assert beside.value.evaluate("() => window.opener") is None
        beside.value.close()
        advocate.page.click(".desk-nav > a[href='/desk/chats']")
        expect(advocate.page.locator("[data-at=field]:visible")).to_have_value("Is he inside?")
        kim = Advocate(page, own_story.ready, person)
        expect(kim.page.locator("#watching .queue-row")).to_have_count(1)
        expect(kim.page.locator("#calls")).to_be_hidden()
        title = kim.page.title()
        advocate.page.keyboard.press("Alt+KeyG")
        advocate.page.keyboard.press("1")
        call = kim.page.locator("#calls .called")
        expect(call).to_contain_text("Somebody is in danger")
        kim.page.wait_for_function("title => document.title === `(1) ${title}`", arg=title)
        expect(kim.page.locator("#watching .queue-row")).to_contain_text("danger")
        expect(advocate.page.locator("#calls .called")).to_contain_text("nobody has said yes")
        expect(advocate.page.locator("#calls button")).to_have_count(0)
        assert violations(kim.page) == []
        call.get_by_role("button").click()
        expect(call).to_contain_text(HAS_IT)
        expect(advocate.page.locator("#calls .called")).to_contain_text(HAS_IT)
        kim.page.wait_for_function("title => document.title === title", arg=title)

        # One key for a supervisor, and the row she finds her by.
        expect(advocate.page.locator("#on-call")).to_have_text("Nobody on call")
        expect(advocate.page.locator("#reached")).to_have_text("No alerts reach you")
        advocate.page.keyboard.press("Alt+KeyV")
        expect(kim.page.locator("#calls .called:not(.is-heard)")).to_contain_text("A supervisor is wanted")
        expect(kim.page.locator("#watching .queue-row")).to_contain_text("wants a supervisor")
        expect(advocate.page.locator("#calls .called")).to_have_count(2)

        # Signing out asks what going off asks; nobody is given back for a press beside her name.
        advocate.page.click(".desk-signout button")
        asks = advocate.page.locator("#shift-ask")
        expect(asks).to_contain_text("You still hold a conversation.")
        expect(asks).to_contain_text("Nobody else takes chats.")
        assert violations(advocate.page) == []
        advocate.page.click("#shift-hand")
        expect(asks).to_be_hidden()
        expect(advocate.page.locator("[data-at=hand-box]:visible")).to_be_visible()
        advocate.page.keyboard.press("Escape")
        advocate.page.select_option("#shift", "break")
        advocate.page.select_option("#shift-lasts", "60")
        advocate.page.click("#shift-close")
        expect(advocate.page.locator("#door")).to_contain_text("Chat closed until")
        expect(advocate.page.locator("#ready-state")).to_have_text("Not taking chats")
        advocate.says("I am still here.")
        visitor.sees("I am still here.")
        # Whoever has nothing to be asked is off, and out, with one press.
        kim.page.click(".desk-signout button")
        expect(kim.page.locator("input[name=passphrase]")).to_be_visible()
