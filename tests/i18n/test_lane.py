"""Few questions at a time block, the rest wait in a bounded line, and nobody's leaving costs a place."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest

from i18n.lane import GaveWay, Lane

SOON_S = 5


class Gate:
    """Work that waits on its thread until it is let go."""

    def __init__(self) -> None:
        self.opens = threading.Event()
        self.at_once = 0
        self.most_at_once = 0
        self.lock = threading.Lock()

    def work(self) -> str:
        with self.lock:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        self.opens.wait(SOON_S)
        with self.lock:
            self.at_once -= 1
        return "done"


async def ask(lane: Lane, work: Callable[[], str], over: Callable[[str], None] = lambda _: None) -> str:
    await lane.turn()
    return await lane.run(work, over)


async def settled() -> None:
    """Lets every task come to the point where it waits."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_no_more_than_the_places_block_at_once_and_all_are_answered() -> None:
    lane, gate = Lane(threads=2, most_waiting=8), Gate()
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(ask(lane, gate.work)) for _ in range(6)]
        await settled()
        gate.opens.set()

    assert [task.result() for task in tasks] == ["done"] * 6
    assert 1 <= gate.most_at_once <= 2


async def test_when_too_many_wait_the_oldest_gives_way() -> None:
    lane, gate = Lane(threads=1, most_waiting=2), Gate()
    tasks = []
    for _ in range(4):
        tasks.append(asyncio.create_task(ask(lane, gate.work)))
        await settled()
    gate.opens.set()

    said = await asyncio.gather(*tasks, return_exceptions=True)

    assert [type(each) for each in said] == [str, GaveWay, str, str]


async def test_who_leaves_while_waiting_takes_no_place_along() -> None:
    lane, gate = Lane(threads=1, most_waiting=2), Gate()
    first, second, third = [asyncio.create_task(ask(lane, gate.work)) for _ in range(3)]
    await settled()
    second.cancel()
    gate.opens.set()

    assert await first == "done"
    assert await third == "done"
    with pytest.raises(asyncio.CancelledError):
        await second


async def test_who_leaves_in_the_moment_of_being_let_in_hands_the_place_on() -> None:
    lane, gate = Lane(threads=1, most_waiting=2), Gate()
    await lane.turn()
    leaving, staying = [asyncio.create_task(ask(lane, gate.work)) for _ in range(2)]
    await settled()
    gate.opens.set()
    lane.give_back()
    leaving.cancel()

    assert await staying == "done"


async def test_a_place_is_free_when_its_thread_has_ended_and_not_before() -> None:
    lane, gate, told = Lane(threads=1, most_waiting=2), Gate(), asyncio.Event()
    leaving = asyncio.create_task(ask(lane, gate.work, lambda _: told.set()))
    await settled()
    leaving.cancel()
    following = asyncio.create_task(ask(lane, lambda: "next"))
    await settled()
    assert not following.done()

    gate.opens.set()

    assert await following == "next"
    assert told.is_set()  # what came of it is told, though nobody waited for it any more


def test_a_loop_that_ends_waits_for_no_thread() -> None:
    gate, lane = Gate(), Lane(threads=1)

    async def leave() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await ask(lane, gate.work)

    asyncio.run(leave())

    threads = [thread for thread in threading.enumerate() if thread.name == "translation"]
    assert threads
    assert all(thread.daemon for thread in threads)
    gate.opens.set()
    for thread in threads:
        thread.join(SOON_S)
    assert not any(thread.is_alive() for thread in threads)


async def test_no_word_that_came_back_stands_in_what_asyncio_says_of_a_callback_that_broke(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It writes the arguments of a callback and the result of a future into its own errors and warnings."""

    def breaks(found: list[str]) -> None:
        raise ValueError("told nothing")

    loop = asyncio.get_running_loop()
    usual = loop.get_exception_handler()
    loop.set_exception_handler(None)
    loop.set_debug(True)
    loop.slow_callback_duration = 0.0
    lane = Lane()
    await lane.turn()
    try:
        assert await lane.run(lambda: ["canary sentence"], breaks) == ["canary sentence"]
        await asyncio.sleep(0)
    finally:
        loop.set_debug(False)
        loop.set_exception_handler(usual)
    assert "told nothing" in caplog.text
    assert "canary" not in caplog.text
