"""A flag lets those who wait go on when it is up, in their order, and forgets who gave up."""

from __future__ import annotations

import asyncio

from portal.flag import Flag


async def test_whoever_waits_goes_on_in_order_and_nobody_waits_before_a_flag_that_is_up() -> None:
    flag, went_on = Flag(), list[int]()

    async def waits(number: int) -> None:
        await flag.wait()
        went_on.append(number)

    waiting = [asyncio.create_task(waits(number)) for number in range(3)]
    await asyncio.sleep(0)
    waiting[1].cancel()
    await asyncio.sleep(0)
    assert went_on == []
    flag.set()
    flag.clear()
    await asyncio.wait(waiting)
    assert went_on == [0, 2], "taken down again, it does not hold up who was let go on"
    assert not flag.is_set()

    again = asyncio.create_task(waits(3))
    await asyncio.sleep(0)
    assert went_on == [0, 2]
    flag.set()
    await again
    await waits(4)
    assert went_on == [0, 2, 3, 4]
    assert Flag(is_up=True).is_set()
