"""One case from the first word in Spanish: a card, a record, a supervisor, a case that closes with her entry alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.talk_people import Story
from tests.support import told_story as she
from tests.support.axe import violations
from tests.support.told_story import Told

pytestmark = [pytest.mark.browser, pytest.mark.journey, pytest.mark.long]


def test_a_labour_case_goes_from_its_first_word_to_a_supervisors_entry(own_story: Story) -> None:
    told = Told.at(own_story)
    with own_story.visitor("es") as visitor, own_story.colleague(told.ada) as ada, told.at_her_desk(told.ada) as beside:
        she.asks_for_help(visitor, ada)
        she.is_sent_a_card(visitor, beside, told)
        visitor.ends()
        she.is_recorded(ada)
        case = she.becomes_a_case(ada)
        # It does not close without a supervisor's word.
        she.is_closed(beside, case)
        expect(beside.get_by_role("alert")).to_contain_text("supervisor")
        with told.at_her_desk(told.kim) as kim:
            # She is told at once, above whatever page she is at, and nothing of it is said there.
            kim.goto(f"{told.desk}/desk/pocket")
            expect(kim.locator("main")).to_contain_text("A record waits for a supervisor now")
            assert [word for word in she.CANARIES.values() if word in kim.content()] == []
            she.weighs_both_harms(kim, told, case)
        she.agrees_to_one_service_only(beside, told, case)
        she.is_led_there(beside, told, case)
        she.asks_for_the_police(beside, case)
        expect(beside.locator("#refused")).to_contain_text("Nothing leaves")
        decision = she.decides_to_report(beside, told, case)
        she.asks_for_the_police(beside, case)
        expect(beside.locator("#refused")).to_be_visible()
        with told.at_her_desk(told.kim) as kim:
            kim.goto(f"{told.desk}/desk/duty")
            kim.goto(decision)
            kim.locator("#look button[value=agree]").click()
            expect(kim.locator("#state")).to_contain_text("Two people stand behind it")
        she.asks_for_the_police(beside, case)
        expect(beside.locator("#told")).to_contain_text("Labour")
        assert she.CANARIES["her name"] not in beside.content()
        assert violations(beside) == []
        she.is_closed(beside, case)
        expect(beside.locator("main")).to_contain_text("A house took over.")
