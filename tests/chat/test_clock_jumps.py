"""A clock that jumps is no silence and no day that passed: nobody loses a talk or a word by it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.clock import StillClock
from portal.ids import random_id
from portal.operation import moments
from portal.services import Services
from portal.staff.routes import section
from tests.chat.conftest import ChatHouse

pytestmark = pytest.mark.anyio

FORWARD = timedelta(minutes=70)


async def is_held(house: ChatHouse, conversation: bytes) -> bool:
    owner = await house.relay.desk.owner(conversation)
    return owner is not None and owner.staff_id == house.advocate.staff_id


@pytest.mark.parametrize("by", [FORWARD, -FORWARD])
async def test_an_open_talk_and_a_wait_go_on_across_a_jump(house: ChatHouse, by: timedelta) -> None:
    talk, desk = await house.talking()
    waits = await house.waiting("still here")
    await house.sweeper.sweep_by_a_clock_that_stands()
    house.clock.advance(by)
    await house.sweeper.sweep_by_a_clock_that_stands()

    assert await is_held(house, talk.id)
    assert waits.id in await house.relay.desk.everyone()
    await house.relay.visitor_says(talk, "after the jump", random_id(), 1)
    await house.relay.advocate_says(desk, "I read you", random_id(), 2)
    told = [each.text for each in (await house.relay.since(desk, 0)).messages]
    assert ("hello" in told, "after the jump" in told, "I read you" in told) == (True, True, True)


async def test_without_that_care_the_jump_alone_would_take_her_from_her_advocate(house: ChatHouse) -> None:
    talk, _ = await house.talking()
    house.clock.advance(FORWARD)
    await house.sweeper.sweep()

    assert not await is_held(house, talk.id)


async def test_after_two_minutes_silence_counts_again(house: ChatHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    talk, _ = await house.talking()
    await house.sweeper.sweep_by_a_clock_that_stands()
    house.clock.advance(FORWARD)
    await house.sweeper.sweep_by_a_clock_that_stands()
    assert await is_held(house, talk.id)
    monkeypatch.setattr(moments, "SETTLES_S", 0.0)
    await house.sweeper.sweep_by_a_clock_that_stands()

    assert not await is_held(house, talk.id), "whoever did not say within that time that she lives is gone"


async def test_days_that_never_passed_delete_nothing_for_a_day(services: Services, clock: StillClock) -> None:
    assert section(services).background
    watch = services.lookout.clock
    assert not watch.has_leapt
    clock.advance(timedelta(days=4000))
    assert watch.has_leapt
    clock.advance(timedelta(minutes=5))
    assert watch.has_leapt, "a small one does not make the days right"
    clock.advance(-timedelta(days=4000))
    assert not watch.has_leapt
