"""The record by hand: beside the words that are over, by the digits of the keyboard, in less than a minute."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.browser.talk_people import Advocate, Story, Visitor
from tests.support.axe import violations

pytestmark = pytest.mark.browser

GOAL_KEYS = 15
GOAL_KEYS_NO_CASE = 3
GOAL_S = 60.0


@dataclass
class Hand:
    """Somebody at the keyboard, whose presses are counted."""

    page: Page
    keys: int = 0

    def presses(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.keys += 1


@contextmanager
def by_hand(page: Page, what: str, goal: int) -> Iterator[Hand]:
    """Counts and prints what it took; nobody's hand is as fast as a test's, so the seconds are those of the page."""
    hand, began = Hand(page), time.monotonic()
    yield hand
    took = time.monotonic() - began
    print(f"\nrecord by hand, {what}: {hand.keys} keys (goal {goal}), {took:.1f} s")
    assert hand.keys <= goal
    assert took < GOAL_S


def is_over(advocate: Advocate, visitor: Visitor, words: str) -> None:
    """She wrote, was answered, and ended it; nothing is written in another talk."""
    visitor.starts()
    visitor.says(words)
    advocate.takes_next()
    advocate.sees(words)
    visitor.ends()
    expect(advocate.page.locator(".pane-record:visible form")).to_be_visible()
    expect(advocate.page.locator("[name=type]:focus")).to_have_count(1)


def test_the_record_is_kept_by_three_keys_or_by_fifteen_and_a_supervisor_answers_it(own_story: Story) -> None:
    with own_story.advocate() as advocate:
        desk = advocate.page
        record = desk.locator(".pane-record:visible")
        with own_story.visitor() as visitor:
            is_over(advocate, visitor, "what is a hotline?")
            expect(record).to_contain_text("Known by itself: Chat")
            expect(record).to_contain_text("English · she ended it")
            assert violations(desk) == []
            with by_hand(desk, "no case", GOAL_KEYS_NO_CASE) as hand:
                hand.presses("5", "1", "1")
                expect(record.get_by_role("status")).to_contain_text("Record kept.")
        with own_story.visitor() as visitor:
            is_over(advocate, visitor, "he has my passport and my phone")
            with by_hand(desk, "a potential case", GOAL_KEYS) as hand:
                hand.presses("1", "1", "2", "2", "Enter", "2", "1", "4", "Enter", "1", "1", "2", "3")
                # At the line: nothing has to be said there.
                expect(desk.locator("[name=line]:focus")).to_have_count(1)
                hand.presses("Enter")
                expect(record.get_by_role("status")).to_contain_text("Record kept.")
            # Told at once, above the desk, without a word of it.
            expect(desk.locator("#calls")).to_contain_text("A record waits for a supervisor now")
            # What was chosen stands there still: a slip is put right while the words are here.
            record.get_by_role("button", name="Change").click()
            expect(record.locator("[name=needs]:checked")).to_have_count(2)
            record.locator("[name=line]").fill("Says he has my passport and my phone.")
            record.locator("[name=line]").press("Enter")
            expect(record.get_by_role("alert")).to_have_text("These are her own words. Say what is so, in yours.")
            expect(desk.locator("[name=line]:focus")).to_have_value("Says he has my passport and my phone.")
            expect(record.locator("[name=needs]:checked")).to_have_count(2)
            record.locator("[name=line]").fill("Passport and phone held by an employer.")
            record.locator("[name=line]").press("Enter")
            expect(record.get_by_role("status")).to_contain_text("Record kept.")
        with desk.expect_popup() as opened:
            record.get_by_role("link", name="Make a case of it").click()
        of_it = opened.value
        of_it.get_by_role("button", name="New case from this").click()
        expect(of_it.locator("main")).to_contain_text("Passport and phone held by an employer.")
        of_it.close()
        desk.goto(f"{own_story.ready.house.desk}/desk/records")
        waiting = desk.locator("section", has_text="Waiting for a supervisor").locator("li")
        expect(waiting).to_have_count(1)
        expect(desk.locator("section", has_text="All records").locator("li")).to_have_count(2)
        assert violations(desk) == []
        waiting.get_by_role("link").click()
        expect(desk.locator("main")).to_contain_text("Bed, Lawyer")
        assert violations(desk) == []
        desk.get_by_label("Agreed").check()
        desk.get_by_role("button", name="Keep the entry").click()
        expect(desk.locator(".wrong")).to_have_count(2)
        desk.get_by_label("Harm of a report").fill("He may be told who spoke.")
        desk.get_by_label("Harm of no report").fill("None that I see.")
        desk.get_by_role("button", name="Keep the entry").click()
        expect(desk.locator("main")).to_contain_text("No record waits for you.")
        desk.goto(f"{own_story.ready.house.desk}/desk/record")
        assert violations(desk) == []
        desk.goto(f"{own_story.ready.house.desk}/desk/chats")
        expect(desk.locator("#calls")).to_be_hidden()


def test_the_record_of_a_call_needs_no_script(own_story: Story) -> None:
    person = own_story.ready.admin.invites("Noor", "advocate", ["en"], "chat")
    with own_story.chromium.visit(size=(1280, 800), script=False) as page:
        person.signs_in_with(page)
        page.goto(f"{own_story.ready.house.desk}/desk/record")
        page.get_by_role("textbox", name="Minutes").fill("7")
        page.get_by_role("group", name="1 Contact").get_by_label("Crisis").check()
        page.get_by_label("Region").select_option("ca-qc")
        page.get_by_label("One line").fill("Asked for a bed tonight.")
        page.get_by_role("button", name="Keep the record").click()
        expect(page.locator("h1")).to_have_text("The record is kept")
        # She holds no key of the records: there is no such page for her.
        answer = page.goto(f"{own_story.ready.house.desk}/desk/records")
        assert answer is not None
        assert answer.status == 404


def test_a_case_is_worked_on_by_keyboard_and_nothing_on_its_pages_shuts_anybody_out(own_story: Story) -> None:
    with own_story.chromium.visit(size=(1280, 800)) as page:
        own_story.ready.admin.signs_in_with(page)
        page.goto(f"{own_story.ready.house.desk}/desk/cases")
        page.get_by_role("button", name="New case: somebody is on the phone").press("Enter")
        expect(page.locator("h1")).to_contain_text("Case")
        case = page.url
        page.get_by_role("link", name="Change").press("Enter")
        page.get_by_label("Trafficking").select_option("possible")
        page.get_by_label("What happens").fill("Works above the shop.")
        assert violations(page) == []
        page.get_by_role("button", name="Keep").press("Enter")
        page.get_by_role("link", name="Add a person").press("Enter")
        page.get_by_label("Who this is").select_option("suspected_person")
        assert violations(page) == []
        page.get_by_role("button", name="Keep").press("Enter")
        page.get_by_label("Note", exact=True).fill("Agreed to call again.")
        page.get_by_role("button", name="Keep the note").press("Enter")
        expect(page.locator("main")).to_contain_text("Agreed to call again.")
        assert violations(page) == []
        page.keyboard.press("g")
        page.keyboard.press("a")
        page.wait_for_url("**/desk/cases")
        assert violations(page) == []
        page.locator("a.case-row").first.focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Home")
        expect(page.locator("a.case-row:focus")).to_have_count(1)
        page.keyboard.press("Enter")
        page.wait_for_url("**/desk/cases/*")
        page.goto(f"{case.rpartition('/')[0]}/gone")
        assert violations(page) == []
