"""Work has a task only while there is some, and what is wanted in the middle of it is done after."""

from __future__ import annotations

import asyncio

import pytest

from chat.roused import Roused
from tests.support.patience import PATIENCE_S

pytestmark = pytest.mark.anyio


async def test_work_is_begun_when_it_is_wanted_and_nothing_stands_before_or_after() -> None:
    done: list[int] = []
    go_on = asyncio.Event()

    async def work() -> None:
        await go_on.wait()
        done.append(len(done))

    roused = Roused(work)
    before = asyncio.all_tasks()
    async with asyncio.TaskGroup() as tasks:
        roused.live_in(tasks)
        assert asyncio.all_tasks() == before
        for _ in range(3):
            roused.want()
        assert len(asyncio.all_tasks() - before) == 1, "never twice at once"
        await asyncio.sleep(0)
        roused.want()
        go_on.set()
    assert done == [0, 1], "wanted three times before it began: once; and once more for what came meanwhile"
    assert asyncio.all_tasks() == before


async def test_what_was_wanted_before_it_may_be_done_is_done_then() -> None:
    done = asyncio.Event()

    async def work() -> None:
        done.set()

    roused = Roused(work)
    roused.want()
    await asyncio.sleep(0)
    assert not done.is_set()
    async with asyncio.TaskGroup() as tasks:
        roused.live_in(tasks)
    assert done.is_set()


async def test_what_it_raises_ends_whoever_owns_it() -> None:
    async def breaks() -> None:
        raise LookupError

    async def owns() -> None:
        async with asyncio.TaskGroup() as tasks:
            roused.live_in(tasks)
            roused.want()
            await asyncio.Event().wait()

    roused = Roused(breaks)
    with pytest.raises(ExceptionGroup) as broke:
        await owns()
    assert broke.group_contains(LookupError)


async def test_who_stops_itself_finishes_its_step_and_whoever_stops_another_cuts_it_off() -> None:
    steps: list[str] = []

    async def stops_itself() -> None:
        first.stop()
        await asyncio.sleep(0)
        steps.append("finished")
        first.want()

    async def is_stopped() -> None:
        steps.append("begun")
        await asyncio.Event().wait()

    first, second = Roused(stops_itself), Roused(is_stopped)
    async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as tasks:
        for each in (first, second):
            each.live_in(tasks)
            each.want()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        second.stop()
    assert sorted(steps) == ["begun", "finished"]


async def test_wanted_while_its_group_is_ending_it_is_done_no_more_and_nobody_who_wants_it_is_hurt() -> None:
    done: list[int] = []

    async def work() -> None:
        done.append(1)

    async def breaks() -> None:
        raise ZeroDivisionError

    async def ends(roused: Roused) -> None:
        async with asyncio.TaskGroup() as tasks:
            roused.live_in(tasks)
            tasks.create_task(breaks())
            try:
                await asyncio.sleep(PATIENCE_S)
            finally:
                # As what is published in this moment does, by the one ear of a process.
                roused.want()

    roused = Roused(work)
    with pytest.raises(ExceptionGroup):
        await ends(roused)
    roused.want()
    assert done == []
