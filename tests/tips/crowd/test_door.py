"""Holds the door of tips: what happens now always comes in, what can wait best gives way first, and no lane is shut."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import anyio
import pytest
from hypothesis import given, settings, strategies as st

from tips.crowd import door as under_test
from tips.crowd.door import FilingDoor, TurnedAway
from tips.crowd.lanes import HAND, LONGEST_MINUTES, OF_ONE_SECOND, Lane, honest_minutes, lane_of, may_wait
from tips.crowd.moments import SECONDS, Moments
from tips.tip import Urgency

pytestmark = pytest.mark.anyio

OPENED = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


@given(
    st.sampled_from(Urgency), st.integers(3, 7_200).map(lambda seconds: timedelta(seconds=seconds)), st.integers(0, 9)
)
def test_what_happens_now_is_never_judged_by_its_pace(urgency: Urgency, age: timedelta, kept: int) -> None:
    lane = lane_of(urgency, age, kept)
    assert (lane is Lane.NOW) is (urgency is Urgency.NOW)
    if lane is not Lane.NOW:
        assert (lane is Lane.CALM) is (age >= HAND and kept < OF_ONE_SECOND)


@given(st.floats(0, 3_600))
def test_who_can_wait_best_gives_way_first(wait_s: float) -> None:
    patient = [may_wait(lane, wait_s) for lane in Lane]
    assert patient[0]
    assert patient == sorted(patient, reverse=True)


@given(st.floats(0, 10_000), st.integers(0, 10_000), st.floats(0, 10))
def test_the_wait_that_is_told_is_minutes_and_never_none(wait_s: float, turned_away: int, each_s: float) -> None:
    told = honest_minutes(wait_s, turned_away, each_s)
    assert 1 <= told <= LONGEST_MINUTES
    assert told >= min(LONGEST_MINUTES, (wait_s + turned_away * each_s) / 60)


def test_forms_opened_in_one_second_are_counted_together_and_forgotten_in_time() -> None:
    moments = Moments()
    for _ in range(3):
        moments.kept(OPENED)
    assert moments.of_its_second(OPENED + timedelta(milliseconds=900)) == 3
    assert moments.of_its_second(OPENED + timedelta(seconds=1)) == 0
    for second in range(SECONDS):
        moments.kept(OPENED + timedelta(seconds=second + 1))
    assert moments.of_its_second(OPENED) == 0


async def all_stand() -> None:
    """Everybody has gone as far as she comes by herself."""
    for _ in range(10):
        await asyncio.sleep(0)


class House:
    """Keeps one thing after the other, each until it is let go; remembers who was kept and who was turned away."""

    def __init__(self, *, each_s: float = 0.02, places: int = 1) -> None:
        self.now_s = 0.0
        self.door = FilingDoor(places, lambda: self.now_s)
        self.door._each_s = each_s
        self.kept: list[Lane] = []
        self.turned: list[tuple[Lane, int]] = []
        self._go: asyncio.Queue[None] = asyncio.Queue()

    async def comes(self, lane: Lane) -> None:
        try:
            async with self.door.entered(lane):
                self.kept.append(lane)
                await self._go.get()
        except TurnedAway as turned:
            self.turned.append((lane, turned.minutes))

    async def goes_on(self, times: int = 1) -> None:
        for _ in range(times):
            self._go.put_nowait(None)
            await all_stand()


async def come(house: House, *lanes: Lane) -> list[asyncio.Task[None]]:
    tasks = []
    for lane in lanes:
        tasks.append(asyncio.create_task(house.comes(lane)))
    await all_stand()
    return tasks


async def ended(house: House, tasks: list[asyncio.Task[None]]) -> None:
    while not all(task.done() for task in tasks):
        await house.goes_on()


async def test_what_happens_now_goes_before_all_that_stand_already() -> None:
    house = House()
    tasks = await come(house, Lane.CALM, Lane.CALM, Lane.ADDED, Lane.NOW)
    await house.goes_on()
    assert house.kept == [Lane.CALM, Lane.NOW]
    await ended(house, tasks)
    assert house.kept == [Lane.CALM, Lane.NOW, Lane.CALM, Lane.ADDED]
    assert house.turned == []


async def test_every_fourth_turn_is_of_whoever_stands_longest() -> None:
    house = House()
    tasks = await come(house, Lane.CALM, Lane.HASTY, *[Lane.NOW] * 8)
    await ended(house, tasks)
    assert house.kept.index(Lane.HASTY) <= 4
    assert house.turned == []


async def test_the_slower_the_machine_the_more_is_turned_away_and_what_is_hasty_first() -> None:
    house = House(each_s=1.0)
    tasks = await come(house, Lane.CALM, *[Lane.HASTY] * 9, *[Lane.ADDED] * 9, *[Lane.CALM] * 20, *[Lane.NOW] * 30)
    turned = [lane for lane, _ in house.turned]
    let_in = {lane: tasks_of(lane, house) for lane in Lane}
    assert turned.count(Lane.HASTY) == 9 - under_test.TRICKLE_BURST
    assert 0 < turned.count(Lane.ADDED) < 9
    assert 0 < turned.count(Lane.CALM) < 20
    assert Lane.NOW not in turned
    assert let_in[Lane.NOW] == 30
    assert all(minutes >= 1 for _, minutes in house.turned)
    await ended(house, tasks)


def tasks_of(lane: Lane, house: House) -> int:
    return len(house.door._line[lane])


@pytest.mark.parametrize("lane", [Lane.CALM, Lane.ADDED, Lane.HASTY])
async def test_no_lane_is_shut_for_long_however_full_the_others_are(lane: Lane) -> None:
    house = House(each_s=60.0)
    tasks = await come(house, Lane.NOW, *[Lane.NOW] * 20, *[lane] * 40)
    stood = tasks_of(lane, house)
    for _ in range(10):
        house.now_s += 1 / under_test.TRICKLE_EACH_SECOND
        tasks += await come(house, lane)
    assert tasks_of(lane, house) == stood + 10
    assert stood == under_test.TRICKLE_BURST
    await ended(house, tasks)


async def test_a_line_is_never_longer_than_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(under_test, "MOST_IN_LINE", 5)
    house = House(each_s=0.0001)
    tasks = await come(house, Lane.CALM, *[Lane.CALM] * 20, *[Lane.NOW] * 20)
    assert tasks_of(Lane.CALM, house) == 5 + under_test.TRICKLE_BURST
    assert tasks_of(Lane.NOW, house) == 5
    await ended(house, tasks)


async def test_scripts_have_a_pace_of_their_own_on_a_machine_with_nothing_to_do() -> None:
    house = House(each_s=0.0, places=1_000)
    tasks = await come(house, *[Lane.HASTY] * 200, *[Lane.CALM] * 200)
    assert house.kept.count(Lane.HASTY) == under_test.HASTY_BURST + under_test.TRICKLE_BURST
    assert house.kept.count(Lane.CALM) == 200
    await ended(house, tasks)


@settings(max_examples=30)
@given(st.lists(st.tuples(st.sampled_from(Lane), st.booleans()), max_size=25), st.integers(1, 3))
def test_whoever_gives_up_takes_no_place_with_her(comers: list[tuple[Lane, bool]], places: int) -> None:
    async def story() -> None:
        house = House(each_s=0.0, places=places)
        tasks = await come(house, *[lane for lane, _ in comers])
        for task, (_, stays) in zip(tasks, comers, strict=True):
            if not stays:
                task.cancel()
        await all_stand()
        await ended(house, tasks)
        assert house.door._free == places
        assert sum(len(line) for line in house.door._line.values()) == 0

    anyio.run(story)


async def test_a_machine_that_became_slow_is_noticed_and_one_that_recovered_too() -> None:
    house = House(each_s=0.01)
    for took in [5.0] * 10 + [0.01] * 40:
        task = asyncio.create_task(house.comes(Lane.NOW))
        await all_stand()
        house.now_s += took
        await house.goes_on()
        await task
        if took > 1:
            slow_s = house.door._each_s
    assert slow_s > 2
    assert house.door._each_s < 0.1
