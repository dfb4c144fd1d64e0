"""The threshold: whoever comes slowest gives way to the newest, whoever holds most to the next piece, nobody else."""

from __future__ import annotations

import asyncio

import anyio
import pytest
from hypothesis import given, settings, strategies as st
from starlette.types import Message

from portal.errors import TooBusy
from portal.threshold import Threshold

MOST = 3
MOST_BYTES = 100


class Sender:
    """The other side of one request: sends its body piece by piece."""

    def __init__(self, threshold: Threshold, *, has_body: bool = True, is_let_in: bool = False) -> None:
        self._pieces: asyncio.Queue[Message] = asyncio.Queue()
        self.arrival = threshold.enter(self._pieces.get, has_body=has_body, is_let_in=is_let_in)

    async def sends(self, size: int, *, is_last: bool = False) -> int:
        """One piece, and how long it was on this side. Raises TooBusy."""
        self._pieces.put_nowait({"type": "http.request", "body": b"x" * size, "more_body": not is_last})
        return len((await self.arrival())["body"])

    async def stands(self) -> bool:
        """Whether it waits for its next piece, and is not told to go."""
        waiting = asyncio.ensure_future(self.arrival())
        await anyio.wait_all_tasks_blocked()
        if not waiting.done():
            waiting.cancel()
            await asyncio.wait([waiting])
            return True
        with pytest.raises(TooBusy):
            await waiting
        return False


async def test_the_one_that_has_been_coming_longest_makes_room() -> None:
    threshold = Threshold(MOST, MOST_BYTES)
    first, second, third = (Sender(threshold) for _ in range(MOST))
    assert await first.sends(1, is_last=True) == 1
    waits = asyncio.ensure_future(second.arrival())
    await anyio.wait_all_tasks_blocked()
    fourth = Sender(threshold)
    with pytest.raises(TooBusy):
        await waits
    assert len(threshold) == MOST
    assert await third.stands()
    assert await fourth.sends(2, is_last=True) == 2


async def test_whoever_is_whole_is_not_sent_away_and_leaves_no_room() -> None:
    threshold = Threshold(MOST, MOST_BYTES)
    whole = [Sender(threshold, has_body=False), *(Sender(threshold) for _ in range(MOST - 1))]
    for each in whole[1:]:
        await each.sends(1, is_last=True)
    with pytest.raises(TooBusy):
        Sender(threshold)
    out = Sender(threshold, is_let_in=True)
    assert await out.sends(1, is_last=True) == 1
    for each in (*whole, out):
        each.arrival.leave()
    assert len(threshold) == 0


async def test_the_one_that_holds_most_makes_room_for_the_next_piece() -> None:
    threshold = Threshold(MOST, MOST_BYTES)
    large, small, mine = (Sender(threshold) for _ in range(MOST))
    await large.sends(80)
    await small.sends(15)
    assert await mine.sends(10, is_last=True) == 10
    assert not await large.stands()
    assert await small.stands()


async def test_whoever_alone_holds_too_much_goes_herself() -> None:
    threshold = Threshold(MOST, MOST_BYTES)
    large = Sender(threshold)
    with pytest.raises(TooBusy):
        await large.sends(MOST_BYTES + 1, is_last=True)
    assert len(threshold) == 0


ACTS = st.lists(st.tuples(st.integers(0, 7), st.sampled_from(["enter", "piece", "last", "leave"]), st.integers(0, 60)))


@settings(max_examples=60, deadline=None)
@given(ACTS)
def test_no_bound_is_passed_and_nothing_is_left(acts: list[tuple[int, str, int]]) -> None:
    async def told() -> None:
        threshold, there = Threshold(MOST, MOST_BYTES), dict[int, Sender]()
        for name, act, size in acts:
            try:
                if act == "enter" and name not in there:
                    there[name] = Sender(threshold)
                elif act in ("piece", "last") and name in there:
                    await there[name].sends(size, is_last=act == "last")
                elif act == "leave" and name in there:
                    there.pop(name).arrival.leave()
            except TooBusy:
                there.pop(name, None)
            assert len(threshold) <= MOST
            assert threshold.held <= MOST_BYTES
        for each in there.values():
            each.arrival.leave()
        assert (len(threshold), threshold.held) == (0, 0)

    asyncio.run(told())
