"""Tells somebody at the desk that her session is about to end, and keeps it by one press."""

from __future__ import annotations

from datetime import timedelta

import pytest
import redis
from playwright.sync_api import expect

from portal.staff.sessions.lasting import KEPT
from tests.support.axe import violations
from tests.support.chromium import SCREEN, Chromium
from tests.support.open_house import OpenHouse

pytestmark = pytest.mark.browser
LEFT = timedelta(seconds=110)


@pytest.mark.asvs("7.3.1")
def test_two_minutes_before_the_end_the_page_says_so_and_one_press_stays(
    open_house: OpenHouse, chromium: Chromium
) -> None:
    house, embers = open_house.house, redis.Redis.from_url(open_house.house.valkey_url("ember"))
    before = set(embers.scan_iter(b"es:*"))
    with chromium.visit(size=SCREEN) as page:
        page.clock.install()
        open_house.admin.signs_in_with(page)
        page.goto(f"{house.desk}/desk/me")
        (session,) = set(embers.scan_iter(b"es:*")) - before
        box = page.locator("#time-left")
        page.clock.fast_forward(61_000)
        expect(box).to_be_hidden()

        # As if nobody had touched it for 28 minutes: the store forgets it when its time is over, and says when.
        embers.pexpire(session, KEPT + LEFT)
        page.clock.fast_forward(29 * 60_000)
        expect(box).to_be_visible()
        expect(box).to_contain_text("In two minutes it signs you out")
        assert violations(page) == []
        page.click("#time-left button")
        expect(box).to_be_hidden()
        assert embers.pttl(session) > 29 * 60_000

        embers.delete(session)
        page.clock.fast_forward(31 * 60_000)
        page.wait_for_url("**/desk/signin")
    embers.close()
