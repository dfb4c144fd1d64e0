"""A key that stays due for days calls somebody by day, and stands in red at the desk, until it is changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.alerts.ladder import SHOWN_MS, matter
from portal.alerts.store import CallStore
from portal.rotation.due import WEEK
from portal.rotation.overdue import ABOUT, Overdue
from tests.portal.staff.walker import walker
from tests.support.key_house import KeyHouse
from tests.tips.conftest import WORDS

pytestmark = pytest.mark.anyio

NAME = matter("keys", ABOUT)
PAGES = ("/desk", "/desk/keys")


async def called(keys: KeyHouse) -> list[str]:
    await Overdue(keys.services).look()
    return [call.over for _, call in (await keys.services.alerts.open_calls("keys")).items()]


def days_pass(keys: KeyHouse, days: int, hour: int = 17, minute: int = 0) -> None:
    """On to that hour (UTC) of a later day."""
    now = keys.house.clock.now()
    keys.house.clock.advance(now.replace(hour=hour, minute=minute) + timedelta(days=days) - now)


async def test_it_calls_by_day_and_once_a_shift_until_it_is_changed(keys: KeyHouse) -> None:
    assert await called(keys) == []
    days_pass(keys, WEEK.days + keys.services.now.key_overdue_days - 1)
    assert await called(keys) == [], "it is due, and has been for less than three days"
    days_pass(keys, 1, hour=8)
    assert await called(keys) == [], "nobody is woken for it: it is three in the morning there"
    days_pass(keys, 0)
    assert await called(keys) == [""]

    await keys.services.alerts.says_yes(NAME, keys.house.robin.staff_id)
    assert await called(keys) == [], "somebody has it"
    keys.house.clock.advance(timedelta(milliseconds=SHOWN_MS + 1000))
    await CallStore(keys.services.durable).forget_old(int(keys.house.clock.now().timestamp() * 1000))
    days_pass(keys, 1)
    assert await called(keys) == [""], "and did not do it"
    await keys.robin()
    assert await called(keys) == []


async def test_it_stands_in_red_on_the_first_page_and_on_that_of_the_keys_until_it_is_changed(keys: KeyHouse) -> None:
    keys.services.settings = replace(keys.services.settings, key_overdue_days=1)
    bo = await keys.brings_in("Bo", "tips")
    days_pass(keys, 0, hour=23, minute=50)
    robin = walker(keys.services)
    _, robin.cookie = await keys.signs_in(WORDS.name, WORDS.passphrase)
    await keys.puts_out(bo)

    async def is_red() -> list[bool]:
        return [await robin.open(page) == 203 and "was due to be changed on" in robin.page for page in PAGES]

    assert await is_red() == [False, False]
    keys.house.clock.advance(timedelta(minutes=20))
    assert await is_red() == [True, True]
    await keys.robin()
    assert await is_red() == [False, False]
