"""From a house nobody has set up to the first answered chat, in a browser, with steps and minutes counted."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.support.again import pressed_for
from tests.support.chromium import PHONE, SCREEN, Chromium
from tests.support.desk_navigators import Advocate, Operator
from tests.support.desk_people import DeskPerson
from tests.support.house import House, running_house
from tests.support.navigators import Visitor
from tests.support.ready import put_off

pytestmark = [pytest.mark.browser, pytest.mark.journey, pytest.mark.timeout(240)]

MOST_STEPS = 32
MOST_MINUTES = 3.0  # of the machine's own time; a person adds the typing, the phone call about digits, and the drill


@pytest.fixture
def reachable_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house nobody has set up yet, whose alerts go out by a command."""
    with running_house(tmp_path_factory.mktemp("h"), alert_command="/bin/true") as started:
        yield started


def test_from_the_first_start_to_the_first_answered_chat(chromium: Chromium, reachable_house: House) -> None:
    house = reachable_house
    began = time.monotonic()
    desk, phone, play = (chromium.new_context(size=size) for size in (SCREEN, PHONE, PHONE))
    try:
        operator = Operator(desk.new_page(), house)
        operator.sets_up()
        operator.writes_the_sheets_down()
        assert [len(sheet.split()) for sheet in operator.sheets] == [16, 16, 16]
        first_page = Visitor(phone.new_page(), house.public)
        first_page.page.goto(f"{house.public}/en/talk")
        assert first_page.page.locator("#start-form").count() == 0, "not open yet"
        assert operator.reds() == ["hours", "limits", "holders", "drill", "alert", "practice"]

        operator.states("limits")
        operator.states("always")
        _somebody_else_holds_the_key(operator, house)
        operator.tries_an_alert("ops")
        put_off(house, "drill")  # an afternoon of its own: tests/portal/paper
        _holds_a_practice_chat(operator, play.new_page(), house)
        assert operator.reds() == []
        operator.opens_the_doors()

        advocate = Advocate(operator.page, house)
        operator.steps += 2  # to the chats, and "ready"
        advocate.opens_the_chats().is_ready()

        visitor = Visitor(phone.new_page(), house.public)
        visitor.opens_home().starts_chat()
        visitor.says("Is somebody there?")

        operator.steps += 1
        advocate.takes_next()
        advocate.sees("Is somebody there?")
        operator.steps += 1
        advocate.says("Yes. I am Robin, a person.")
        visitor.sees("Yes. I am Robin, a person.")
    finally:
        for each in (play, phone, desk):
            each.close()

    minutes = (time.monotonic() - began) / 60
    print(f"\nfrom the first start to the first answered chat: {operator.steps} steps, {minutes:.1f} minutes")
    assert operator.steps <= MOST_STEPS
    assert minutes <= MOST_MINUTES


def _somebody_else_holds_the_key(operator: Operator, house: House) -> None:
    """Invited, come in by the code, her digits compared, her keys given: four steps of two people."""
    again = DeskPerson(house, operator.alias, operator.name, operator.passphrase).signs_in()
    again.invites("Sam", "supervisor", ["en"], "chat").close()
    again.close()
    operator.steps += 4


def _holds_a_practice_chat(operator: Operator, page: Page, house: House) -> None:
    """A link, a visitor who plays, an answer: marked as practice on both screens all the while."""
    operator.page.goto(f"{house.desk}/desk/practice")
    operator.presses("form[action='/desk/practice/link'] button[type=submit]")
    page.goto(operator.page.locator(".desk-address").inner_text())
    expect(page.locator(".practice strong")).to_have_text("Practice.")
    start = page.locator("#start-form button[type=submit]")
    pressed_for(page, start.click, "#line:not([hidden])")
    page.fill("#field", "Hello. Can I ask something?")
    page.click("#send")
    operator.steps += 3
    advocate = Advocate(operator.page, house)
    operator.page.goto(f"{house.desk}/desk/practice/desk")
    operator.page.wait_for_selector("#ready:not([hidden])")
    expect(operator.page.locator(".practice-band strong")).to_have_text("Practice.")
    advocate.is_ready().takes_next()
    advocate.sees("Hello. Can I ask something?")
    advocate.says("Yes. I am Robin.")
    expect(page.locator("#log")).to_contain_text("Yes. I am Robin.", timeout=20_000)
    expect(page.locator(".practice strong")).to_be_visible()
    expect(operator.page.locator(".practice-band")).to_be_visible()
    operator.steps += 4
    page.close()


def test_the_setup_code_works_once_and_is_gone(chromium: Chromium, fresh_house: House) -> None:
    code = fresh_house.setup_code()
    with chromium.visit(size=SCREEN) as page:
        Operator(page, fresh_house).sets_up()
        assert not (fresh_house.data / "setup-code").exists()
        gone = page.goto(f"{fresh_house.desk}/desk/setup")
        assert gone is not None
        assert gone.status == 404

    fresh_house.restart()
    assert code not in fresh_house.printed().split("Porchlight is running.")[-1]


def test_until_the_doors_are_open_the_pages_say_so(chromium: Chromium, fresh_house: House) -> None:
    with chromium.visit() as page:
        for path in ("", "talk", "note"):
            page.goto(f"{fresh_house.public}/en/{path}")
            assert page.locator("form[method=post] textarea, #start-form").count() == 0
            assert page.locator("[data-leave]").count() == 1
