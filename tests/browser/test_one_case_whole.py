"""One case, whole: from the first word in Spanish to the figures of its quarter, in which nobody can be found."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.talk_people import Story
from tests.support import told_story as she
from tests.support.axe import violations
from tests.support.patience import PATIENCE_S
from tests.support.told_story import TOLD, Told

pytestmark = [pytest.mark.browser, pytest.mark.journey, pytest.mark.long, pytest.mark.timeout(600)]

OTHERS = 11


def test_a_labour_case_goes_from_its_first_word_to_figures_in_which_nobody_is_found(own_story: Story) -> None:
    told = Told.at(own_story)
    with own_story.visitor("es") as visitor, own_story.colleague(told.ada) as ada, told.at_her_desk(told.ada) as beside:
        she.asks_for_help(visitor, ada)
        she.is_sent_a_card(visitor, beside, told)
        visitor.ends()
        she.is_recorded(ada)
        case = she.becomes_a_case(ada)
        is_brought_to_a_supervisor(beside, told, case)
        # What she was led to stands in her case, though it was sent before there was one.
        beside.goto(case)
        expect(beside.locator("section[aria-labelledby=referrals]")).to_contain_text(TOLD)
        she.agrees_to_one_service_only(beside, told, case)
        she.is_led_there(beside, told, case)
        is_told_to_the_police_by_two_people(beside, told, case)
        she.is_closed(beside, case)
        expect(beside.locator("main")).to_contain_text("A house took over.")
    she.others_call(told, OTHERS)
    counted(told)


def is_brought_to_a_supervisor(page: Page, told: Told, case: str) -> None:
    """She is told at once, and without her entry the case does not close."""
    she.is_closed(page, case)
    expect(page.get_by_role("alert")).to_contain_text("supervisor")
    with told.at_her_desk(told.kim) as kim:
        kim.goto(f"{told.desk}/desk/pocket")
        expect(kim.locator("main")).to_contain_text("A record waits for a supervisor now")
        # Above her desk stands that somebody waits, and nothing of whom.
        assert [word for word in she.CANARIES.values() if word in kim.content()] == []
        she.weighs_both_harms(kim, told, case)


def is_told_to_the_police_by_two_people(page: Page, told: Told, case: str) -> None:
    """Refused by the gate, refused with one person alone, and then no more than was decided."""
    she.asks_for_the_police(page, case)
    expect(page.locator("#refused")).to_contain_text("Nothing leaves")
    decision = she.decides_to_report(page, told, case)
    she.asks_for_the_police(page, case)
    expect(page.locator("#refused")).to_be_visible()
    with told.at_her_desk(told.kim) as kim:
        kim.goto(f"{told.desk}/desk/duty")
        expect(kim.locator(f"main a[href='{decision.removeprefix(told.desk)}']")).to_be_visible()
        kim.goto(decision)
        kim.locator("#look button[value=agree]").click()
        expect(kim.locator("#state")).to_contain_text("Two people stand behind it")
    she.asks_for_the_police(page, case)
    expect(page.locator("#told")).to_contain_text("Labour")
    expect(page.locator("#told")).to_contain_text("Ontario")
    assert [word for word in (she.CANARIES["her name"], she.CANARIES["her number"]) if word in page.content()] == []
    assert violations(page) == []


def counted(told: Told) -> None:
    """The figures change once the quarter is over; hers is a small count, and nobody is in them."""
    public = told.story.ready.house.public
    with told.story.chromium.visit() as reader:
        first = reader.goto(f"{public}/en/read/figures")
        assert first is not None
        assert first.status == 404
        she.the_quarter_passes(told)
        with told.at_her_desk(told.kim) as kim:
            # She holds the key of the records: with it the quarter is counted behind whatever she does.
            kim.wait_for_timeout(1500)
            for _ in range(int(PATIENCE_S)):
                kim.goto(f"{told.desk}/desk/figures")
                answer = reader.goto(f"{public}/en/read/figures")
                if answer is not None and answer.status == 200:
                    break
                kim.wait_for_timeout(1000)
            desk = kim.content()
            kim.goto(f"{told.desk}/desk/audit")
            audit = kim.content()
        provinces = reader.locator("main table", has_text="Ontario")
        expect(provinces.locator("tr", has_text="Ontario")).to_contain_text(str(OTHERS + 1))
        expect(reader.locator("main")).not_to_contain_text("Labour")
        assert violations(reader) == []
        pages = [reader.content(), desk, audit]
        for address in ("es/read/figures", "en/read/figures/counts.csv"):
            pages.append(reader.request.get(f"{public}/{address}").text())
        assert str(OTHERS + 1) in pages[-1]
    assert she.nobody_is_found(told, pages) == []
