"""Who asks in the same moment shares a reading, and none is answered by one that began before the question."""

from __future__ import annotations

import asyncio

import pytest

from chat.shared_reading import SharedReading

pytestmark = pytest.mark.anyio


class Slow:
    """Counts up each time it is read, and takes as long as it is told to."""

    def __init__(self) -> None:
        self.begun = 0
        self.go_on = asyncio.Event()
        self.breaks = False

    async def read(self) -> int:
        self.begun += 1
        number = self.begun
        await self.go_on.wait()
        if self.breaks:
            raise LookupError
        return number


async def asks(reading: SharedReading[int], times: int) -> list[asyncio.Task[int]]:
    asked = [asyncio.create_task(reading.get()) for _ in range(times)]
    for _ in range(3):
        await asyncio.sleep(0)
    return asked


async def test_those_who_ask_together_share_one_and_those_who_come_later_the_next() -> None:
    slow = Slow()
    reading = SharedReading(slow.read, lambda _: 0.0)
    first = await asks(reading, 50)
    assert slow.begun == 1
    later = await asks(reading, 50)
    assert slow.begun == 1, "one at a time"
    slow.go_on.set()
    assert set(await asyncio.gather(*first)) == {1}
    assert set(await asyncio.gather(*later)) == {2}, "it began before they asked: what changed by then is not in it"
    assert await reading.get() == 3


async def test_who_gives_up_ends_it_for_nobody_else_and_a_failure_is_told_to_all_and_lasts_for_none() -> None:
    slow = Slow()
    reading = SharedReading(slow.read, lambda _: 0.0)
    gives_up, stays = await asks(reading, 2)
    gives_up.cancel()
    slow.go_on.set()
    assert await stays == 1

    slow.breaks = True
    failed = await asyncio.gather(*await asks(reading, 2), return_exceptions=True)
    assert [type(each) for each in failed] == [LookupError, LookupError]
    slow.breaks = False
    assert await reading.get() == 3


async def test_after_a_great_one_there_is_a_pause() -> None:
    slow, loop = Slow(), asyncio.get_running_loop()
    slow.go_on.set()
    reading = SharedReading(slow.read, lambda _: 0.2)
    await reading.get()
    began = loop.time()
    await reading.get()
    assert loop.time() - began >= 0.19
