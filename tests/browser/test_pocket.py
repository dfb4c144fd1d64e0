"""A supervisor's phone, without script: who is in danger, "I am on it", reading along, writing, and the cover."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.talk_people import Story

pytestmark = pytest.mark.browser

PHONE = (390, 844)


def test_from_a_phone_without_script_she_is_on_it_reads_along_writes_and_covers_the_screen(own_story: Story) -> None:
    kim = own_story.ready.admin.invites("Kim", "supervisor", ["en"], "chat", "records")
    with own_story.advocate() as advocate, own_story.visitor() as visitor:
        visitor.starts()
        visitor.chooses("safe", "no")
        visitor.says("he is outside")
        advocate.takes_next()
        advocate.sees("he is outside")
        advocate.page.keyboard.press("Alt+KeyG")
        advocate.page.keyboard.press("1")
        with own_story.chromium.visit(size=PHONE, script=False) as phone:
            kim.signs_in_with(phone)
            phone.goto(f"{own_story.ready.house.desk}/desk/pocket")
            main = phone.locator("main")
            expect(main).to_contain_text("Somebody is in danger")
            expect(main).not_to_contain_text("he is outside")
            phone.get_by_role("button", name="I am on it").first.click()
            expect(main).to_contain_text("Kim")
            phone.get_by_role("button", name="Read along").click()
            expect(main).to_contain_text("You read along. The visitor knows.")
            expect(main).to_contain_text("Someone is coming")
            expect(phone.frame_locator("iframe").locator("body")).to_contain_text("he is outside")
            visitor.sees("I am reading along now")
            phone.get_by_role("button", name="Write here too").click()
            phone.get_by_label("To the visitor").fill("I am Kim. We are both here.")
            phone.get_by_role("button", name="Send").click()
            visitor.sees("I am Kim. We are both here.")
            visitor.says("thank you both")
            expect(phone.frame_locator("iframe").locator("body")).to_contain_text("thank you both")
            phone.get_by_role("button", name="Cover this screen").click()
            expect(phone.locator("input[name=passphrase]")).to_be_visible()
            phone.goto(f"{own_story.ready.house.desk}/desk/pocket")
            expect(phone.locator("body")).not_to_contain_text("danger")
