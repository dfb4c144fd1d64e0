"""When an alert last went out by each way: to the minute within a shift, to the day after it, nothing of a way gone."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from portal.alerts.reached import NEVER, Reach, ReachStore
from portal.alerts.ways import Ways
from portal.clock import StillClock
from portal.ids import random_id
from portal.services import Services
from portal.settings import Secret
from tests.portal.staff.walker import acts, set_up, walker
from tests.support.alert_posts import Post, a_hook

pytestmark = pytest.mark.anyio

DAY_MS = 24 * 60 * 60 * 1000


@pytest.fixture
async def post(services: Services) -> AsyncIterator[Post]:
    async with a_hook() as hook:
        services.alerts.ways = Ways(replace(services.settings, alert_webhook_url=Secret(hook.url)))
        yield hook


async def test_of_an_old_alert_the_day_alone_is_kept_and_of_a_way_that_is_gone_nothing(services: Services) -> None:
    store, stays, goes, now_ms = ReachStore(services.durable), random_id(), random_id(), 20_000 * DAY_MS + 7_000_000
    await store.tried(stays, now_ms, went=True)
    await store.tried(stays, now_ms + 5, went=False)
    await store.tried(goes, now_ms, went=True)
    assert await store.of([stays, b"x" * 16]) == {stays: Reach(now_ms, failed=True), b"x" * 16: NEVER}
    await store.blunt([stays], now_ms + 60_000)
    assert await store.of([stays, goes]) == {stays: Reach(now_ms, failed=True), goes: NEVER}
    await store.blunt([stays], now_ms + DAY_MS)
    assert await store.of([stays]) == {stays: Reach(20_000 * DAY_MS, failed=True)}


async def test_everybody_on_call_sees_when_she_was_reached_last_and_the_whole_ladder_can_be_tried(
    services: Services, clock: StillClock, post: Post
) -> None:
    ada = await set_up(walker(services))
    await ada.post("/desk/calls/way", {"way": "webhook", "target": "+1 555 0100"})
    await ada.open("/desk/calls")
    me = re.search(r'<option value="([^"]+)">Ada', ada.page)
    assert me is not None
    await ada.post("/desk/calls/turn", {"person": me[1], "rung": "1", "after": "0", "lasts": "8"})
    assert ada.sees("No alert has gone out this way yet.")
    await ada.post("/desk/calls/test")
    assert ada.sees("The ladder is being called.")
    assert "alert.tested" in await acts(services)
    await services.alerts.look()
    assert post.came == [("+1 555 0100", "Lantern Line: open the desk.")]
    await ada.open("/desk/calls")
    assert ada.sees("A test of the ladder")
    # Beside her own way, and beside her turn where whoever arranges the calls sees it.
    assert len(re.findall(r"reached you at: [^<]*\d:\d\d", ada.page)) == 2
    clock.advance(timedelta(days=2))
    assert await ada.signs_in("ada")
    await ada.open("/desk/calls")
    assert not re.search(r"reached you at: [^<]*\d:\d\d", ada.page)
    post.is_willing = False
    mine = re.search(r'action="/desk/calls/way/try".*?name="row" value="([^"]+)"', ada.page, re.DOTALL)
    assert mine is not None
    await ada.post("/desk/calls/way/try", {"row": mine[1]})
    await ada.open("/desk/calls")
    assert ada.sees("The last one did not go out.")
