"""An errand is finished whatever becomes of who asked; nobody waits for it longer than its limit."""

from __future__ import annotations

import asyncio

import pytest

from chat import errands as module
from chat.errands import Errands
from portal.store.valkey import ValkeyAway


async def test_it_is_finished_though_the_one_who_asked_has_hung_up() -> None:
    goes_on, is_done = asyncio.Event(), asyncio.Event()

    async def act() -> None:
        await goes_on.wait()
        is_done.set()

    errands = Errands()
    asking = asyncio.create_task(errands.finish(act()))
    await asyncio.sleep(0)
    asking.cancel()
    await asyncio.wait([asking])
    goes_on.set()

    async with asyncio.timeout(5):
        await is_done.wait()
    assert asking.cancelled()


async def test_what_an_act_answers_and_raises_reaches_who_asked() -> None:
    async def answers() -> int:
        await asyncio.sleep(0)
        return 7

    async def raises() -> int:
        raise LookupError

    errands = Errands()
    assert await errands.finish(answers()) == 7
    with pytest.raises(LookupError):
        await errands.finish(raises())


async def test_each_is_waited_for_as_long_as_its_own_limit_by_one_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LIMIT_S", 0.2)
    errands, loop, done = Errands(), asyncio.get_running_loop(), list[int]()

    async def slow(number: int) -> None:
        await asyncio.sleep(0.5)
        done.append(number)

    async def asks(number: int) -> float:
        began = loop.time()
        with pytest.raises(ValkeyAway):
            await errands.finish(slow(number))
        return loop.time() - began

    async def asks_later() -> float:
        await asyncio.sleep(0.1)
        assert await errands.finish(asyncio.sleep(0, 7)) == 7
        return await asks(2)

    waited = await asyncio.gather(asks(1), asks_later())

    assert min(waited) > 0.199, "the loop's clock counts milliseconds"
    assert done == [], "both were told before the acts were over"
    async with asyncio.timeout(5):
        while done != [1, 2]:  # noqa: ASYNC110 - a handful of looks
            await asyncio.sleep(0.01)
