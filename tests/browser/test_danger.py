"""Danger at the desk: one key, one kind, and what helps stands open; what a child must hear first goes out first."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.talk_people import Story
from tests.support.axe import violations

pytestmark = pytest.mark.browser


def test_one_key_and_one_kind_open_what_helps_and_what_was_done_is_read_in_the_records(own_story: Story) -> None:
    with own_story.advocate() as advocate, own_story.visitor("es") as visitor:
        visitor.starts()
        visitor.chooses("safe", "yes")
        visitor.says("tengo miedo")
        advocate.takes_next()
        advocate.sees("tengo miedo")
        desk = advocate.page
        expect(desk.locator("[data-at=safe]:visible").first).to_contain_text("yes")
        desk.keyboard.press("Alt+KeyG")
        desk.keyboard.press("4")
        tag = desk.locator("[data-at=danger-tag]:visible")
        expect(tag).to_contain_text("Danger: A child")
        plan = desk.locator("[data-plan=child]:visible")
        rows = plan.locator(".danger-cards li")
        # The second asks how old she is: it has no button before the first has gone out.
        expect(rows.nth(1).get_by_role("button")).to_have_count(0)
        expect(rows.nth(1)).to_contain_text("Opens once the sentence above has been sent.")
        desk.keyboard.press("Alt+KeyK")
        desk.keyboard.type("ag")
        expect(desk.locator(".book-row:visible", has_text="How old are you?")).to_have_count(0)
        desk.keyboard.press("Escape")
        rows.nth(0).get_by_role("button").click()
        visitor.sees("Lea esto antes de decir su edad.")
        rows.nth(1).get_by_role("button").click()
        visitor.sees("¿Qué edad tiene?")
        numbers = desk.locator("[data-at=danger-numbers]:visible")
        expect(numbers).to_contain_text("911")
        expect(numbers).to_contain_text("Kids Help Phone")
        expect(numbers).not_to_contain_text("9-8-8")
        expect(numbers).to_contain_text("Under 16: everybody must report")
        # She has not said where she is: those of the house stand there, and say so until a place is chosen.
        unknown = desk.locator("[data-at=danger-unknown]")
        expect(unknown).to_have_text("Her region is not known. These are the numbers for Ontario.")
        desk.select_option("[data-at=danger-region]:visible", "other")
        expect(unknown).to_be_hidden()
        expect(numbers).not_to_contain_text("911")
        expect(numbers).to_contain_text("is not checked. Ask your supervisor.")
        desk.select_option("[data-at=danger-region]:visible", "ca-on")
        numbers.get_by_role("button").first.click()
        expect(desk.locator("[data-at=field]:visible")).to_have_value("911")
        # Another kind, and back before the card has said so: what was pressed last stands, here and on the card.
        plan.locator("input[value=told]").check()
        desk.evaluate(
            """() => { for (const kind of ["hurting", "child"])
                document.querySelector(`.pane:not([hidden]) [data-danger=${kind}]`).click(); }"""
        )
        expect(plan).to_be_visible()
        expect(plan.locator("input[value=told]")).to_be_checked()
        # A page that is new has the ticks of the conversation.
        plan.locator("input[value=know]").check()
        desk.wait_for_timeout(500)
        advocate.loads_a_desk_that_can_wait()
        expect(tag).to_contain_text("Danger: A child")
        desk.keyboard.press("Alt+KeyG")
        expect(plan.locator("input[value=told]")).to_be_checked()
        expect(plan.locator("input[value=know]")).to_be_checked()
        expect(plan.locator("input[value=report]")).not_to_be_checked()
        assert violations(desk) == []
        desk.fill("[data-at=account]:visible", "She did not say where.")
        desk.select_option("[data-at=outcome]:visible", "impossible")
        with advocate.the_house_is_slow():
            desk.locator("[data-at=danger-save]:visible").click()
            desk.wait_for_timeout(2500)  # the desk draws its clocks, and what stands on the card with them
        expect(tag).to_have_text("Danger: A child · No report was possible")
        expect(desk.locator(".side:visible .note").last).to_contain_text("She did not say where.")
        assert visitor.words[0] == "tengo miedo"
        assert not any("danger" in words.lower() for words in visitor.words)
        # What was done is told: the next danger of this kind begins with nothing done.
        desk.keyboard.press("Alt+KeyG")
        expect(desk.locator("[data-plan=child] input:checked")).to_have_count(0)
        # Somebody else may have the phone: what she was told before is in no sentence any more.
        desk.locator("[data-danger=hurting]:visible").click()
        desk.locator("[data-at=other]:visible").click()
        expect(desk.locator("[data-plan=hurting] .danger-cards li").first).to_contain_text("Not now: it tells")
        expect(desk.locator("[data-at=other-tag]:visible")).to_have_text("May be someone else writing")
        expect(desk.locator("[data-at=safe]:visible")).to_have_text(["not asked yet", "not asked yet"])
        desk.keyboard.press("Alt+KeyK")
        desk.keyboard.type("to")
        expect(desk.locator(".book-row:visible", has_text="I have read what you wrote.")).to_have_count(0)
        desk.locator("[data-at=find]:visible").fill("nv")
        expect(desk.locator(".book-row:visible").first).to_contain_text("I cannot say who writes to us")
        desk.keyboard.press("Escape")
        assert violations(desk) == []
        desk.goto(f"{own_story.ready.house.desk}/desk/entries")
        expect(desk.locator("main")).to_contain_text("No report was possible")
        expect(desk.locator("main")).to_contain_text("She did not say where.")
        expect(desk.locator("main li")).to_contain_text(["First send what her age would change."])
        assert violations(desk) == []
