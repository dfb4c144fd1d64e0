"""From a house nobody has set up to the first answered chat, in a browser, with steps and minutes counted."""

from __future__ import annotations

import time

import pytest

from tests.support.chromium import PHONE, SCREEN, Chromium
from tests.support.desk_navigators import Advocate, Operator
from tests.support.house import House
from tests.support.navigators import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.journey, pytest.mark.timeout(240)]

MOST_STEPS = 12
MOST_MINUTES = 2.0  # of the machine's own time; a person adds the typing


def test_from_the_first_start_to_the_first_answered_chat(chromium: Chromium, fresh_house: House) -> None:
    house = fresh_house
    began = time.monotonic()
    desk, phone = chromium.new_context(size=SCREEN), chromium.new_context(size=PHONE)
    try:
        operator = Operator(desk.new_page(), house)
        operator.sets_up()
        operator.writes_the_sheets_down()
        assert [len(sheet.split()) for sheet in operator.sheets] == [16, 16, 16]
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
        phone.close()
        desk.close()

    minutes = (time.monotonic() - began) / 60
    print(f"\nfrom the first start to the first answered chat: {operator.steps} steps, {minutes:.1f} minutes")
    assert operator.steps <= MOST_STEPS
    assert minutes <= MOST_MINUTES


def test_the_setup_code_works_once_and_is_gone(chromium: Chromium, fresh_house: House) -> None:
    code = fresh_house.setup_code()
    with chromium.visit(size=SCREEN) as page:
        Operator(page, fresh_house).sets_up()
        assert not (fresh_house.data / "setup-code").exists()
        assert page.request.get(f"{fresh_house.desk}/desk/setup").status == 404

    fresh_house.restart()
    assert code not in fresh_house.printed().split("Porchlight is running.")[-1]


def test_until_the_doors_are_open_the_pages_say_so(chromium: Chromium, fresh_house: House) -> None:
    with chromium.visit() as page:
        for path in ("", "talk", "note"):
            page.goto(f"{fresh_house.public}/en/{path}")
            assert page.locator("form[method=post] textarea, #start-form").count() == 0
            assert page.locator("[data-leave]").count() == 1
