"""Seats of pages without a socket: strangers fill their own share and no other, and every bound holds."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

import chat.poll.routes
import chat.routes
from chat.conversation import Facts
from chat.poll.frames import LONGEST_WAIT_S
from chat.seats import LEAVING, MOST, OF_ONE, Seats
from chat.share import Share, share_of
from chat.visits import Visits
from portal.errors import TooBusy
from portal.ids import random_id
from tests.chat.conftest import ChatHouse
from tests.chat.plain.conftest import PlainPhone, phone
from tests.chat.poll.conftest import asking
from tests.chat.sockets.conftest import Process, processes
from tests.support.patience import PATIENCE_S

__all__ = ["phone", "processes"]

SHARES: tuple[Share, ...] = ("unspoken", "waiting", "open")
FEW: dict[Share, int] = {"unspoken": 2, "waiting": 3, "open": 4}


@dataclass(eq=False)
class Listener:
    """A page, as far as a seat knows one."""

    is_replaced: bool = False

    def replace(self) -> None:
        self.is_replaced = True


@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from(SHARES), st.booleans()), max_size=60))
def test_no_share_passes_its_bound_or_takes_from_another_and_nothing_is_left(
    acts: list[tuple[int, Share, bool]],
) -> None:
    seats, pages = Seats(FEW), dict[int, list[tuple[Share, Listener, ExitStack]]]()
    for conversation, share, comes in acts:
        own = pages.setdefault(conversation, [])
        if not comes:
            if own:
                own.pop(0)[2].close()
            continue
        held = sum(each[0] == share for every in pages.values() for each in every)
        page, stack = Listener(), ExitStack()
        try:
            stack.enter_context(seats.seated(bytes([conversation]), share, page))
        except TooBusy:
            assert held == FEW[share] or len(own) == OF_ONE + LEAVING
            continue
        own.append((share, page, stack))
        assert [each.is_replaced for _, each, _ in own[-OF_ONE:]] == [False] * len(own[-OF_ONE:])
        assert all(each.is_replaced for _, each, _ in own[:-OF_ONE])
        assert seats.taken(share) == held + 1 <= FEW[share]
    for every in pages.values():
        for _, _, stack in every:
            stack.close()
    assert [seats.taken(share) for share in SHARES] == [0, 0, 0]
    assert len(seats) == 0


def test_whoever_was_talked_with_has_a_share_that_no_first_word_reaches() -> None:
    def facts(standing: str, *, tier: int = 2, has_spoken: bool = True) -> Share:
        return share_of(
            Facts(standing, b"", 0, 0, 0, 0, tier, has_spoken, 0, "", 0, 0, None)  # type: ignore[arg-type]
        )

    assert facts("waiting", has_spoken=False) == "unspoken"
    assert facts("waiting", tier=1) == facts("waiting") == "waiting"
    assert facts("talking") == facts("waiting", tier=0) == "open"
    # The bound of the open ones stands for the memory alone: more than advocates of a large house can hold.
    assert MOST["open"] // (OF_ONE + LEAVING) > 100


class Crowd:
    """Strangers by questions at the first of two processes, who hold every seat that they may."""

    def __init__(self, house: ChatHouse, process: Process, visits: list[Visits]) -> None:
        self._house = house
        self._process = process
        self._visits = visits

    async def fill(self, stack: AsyncExitStack) -> None:
        """Two who say nothing and two who wait sit down, for as long as `stack` lasts."""
        tokens = [await self._house.starts() for _ in range(2)]
        tokens += [(await self._house.waiting(f"stranger {at}")).token for at in range(2)]
        for token in tokens:
            page = await stack.enter_async_context(asking(self._process, token))
            await page.hears()
            asked = asyncio.create_task(page.hears(LONGEST_WAIT_S))
            stack.push_async_callback(_over, asked)
        async with asyncio.timeout(PATIENCE_S):
            while not self._is_full():  # noqa: ASYNC110 - a seat tells nobody that it is taken
                await asyncio.sleep(0.02)

    def _is_full(self) -> bool:
        return any(each.seats.taken("unspoken") == each.seats.taken("waiting") == 2 for each in self._visits)


async def _over(asked: asyncio.Task[Any]) -> None:
    asked.cancel()
    await asyncio.wait([asked])


@pytest.fixture
def made(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> list[Visits]:
    """What the processes of this test seat their pages by: two who said nothing, two in line, four open; room to
    stand for five, or as many as the test says.
    """
    visits: list[Visits] = []
    standing = getattr(request, "param", 5)
    monkeypatch.setattr(chat.poll.routes, "STANDS_S", 0.3)

    def few(*given: Any) -> Visits:
        visits.append(Visits(*given, most={"unspoken": 2, "waiting": 2, "open": 4}, standing=standing))
        return visits[-1]

    monkeypatch.setattr(chat.routes, "Visits", few)
    return visits


@pytest.fixture
def crowd(made: list[Visits], house: ChatHouse, processes: tuple[Process, Process]) -> Crowd:
    """Strangers who have not come yet."""
    return Crowd(house, processes[0], made)


@pytest.mark.anyio
async def test_full_of_strangers_an_open_conversation_asks_and_writes_also_while_it_waits_again(
    crowd: Crowd, house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    async with AsyncExitStack() as stack:
        talk, desk = await house.talking()
        page = await stack.enter_async_context(asking(processes[0], talk.token))
        await page.hears()
        await crowd.fill(stack)
        hears = asyncio.create_task(page.hears(LONGEST_WAIT_S))
        number = await page.writes("and I write while it waits")
        await house.relay.advocate_says(desk, "I read you", random_id(), number)
        assert [fact["text"] for fact in await hears if fact.get("author") == "advocate"] == ["I read you"]
        for _ in range(7):
            house.clock.advance(timedelta(seconds=14))
            await page.hears()
        await house.sweeper.sweep()
        assert any(fact.get("text") == "returned" for fact in await page.hears())


@pytest.mark.anyio
async def test_full_of_strangers_an_open_conversation_without_script_streams_and_writes(
    crowd: Crowd, phone: PlainPhone
) -> None:
    async with AsyncExitStack() as stack:
        await phone.starts()
        await phone.sends(words="hello")
        await crowd.fill(stack)
        async with phone.listens() as crowded:
            await crowded.ends()
            assert "New words take a moment" in crowded.text
        # In line she has no seat, and is alive all the same; once somebody has taken her she has one at once.
        desk = await phone.is_taken()
        async with phone.listens(crowded.onward) as frame:
            await frame.shows("You are writing with")
            await phone.is_told(desk, "I read you")
            await frame.shows("I read you")
            await phone.sends(words="and I write")
            await frame.shows("and I write")
            assert not frame.is_whole


@pytest.mark.anyio
async def test_whoever_asks_without_a_seat_hears_writes_is_taken_and_has_one(
    crowd: Crowd, house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    async with AsyncExitStack() as stack:
        await crowd.fill(stack)
        token = await house.starts()
        page = await stack.enter_async_context(asking(processes[0], token))
        assert [fact["type"] for fact in await page.hears()] == ["Welcome"]
        assert await page.hears(LONGEST_WAIT_S) == []
        assert await page.writes("my first words, from where I stand") == 1
        told = await page.hears(LONGEST_WAIT_S)
        assert [fact["seq"] for fact in told if fact["type"] == "MessagePosted"] == [1]
        talk = await house.relay.access.conversation_for_visitor(token)
        desk = await house.relay.take(await house.ready(), talk.id)
        hears = asyncio.create_task(page.hears(LONGEST_WAIT_S))
        await house.relay.advocate_says(desk, "I read you", random_id(), 1)
        told = [*await hears, *(await page.hears(1))]
        assert "I read you" in [fact.get("text") for fact in told]
        assert page.numbered() == [1, 2, 3]


@pytest.mark.anyio
@pytest.mark.parametrize("made", [0], indirect=True)
async def test_where_not_even_standing_is_left_whoever_waits_is_still_offered(
    crowd: Crowd, house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    async with AsyncExitStack() as stack:
        await crowd.fill(stack)
        talk = await house.waiting()
        page = await stack.enter_async_context(asking(processes[0], talk.token))
        for _ in range(3):
            house.clock.advance(timedelta(seconds=40))
            assert (await page.post("hear", {"resume": page.resume, "wait": 0})).json() == {"closed": 1013}
        await house.relay.take(await house.ready(), talk.id)
        assert (await page.hears())[0]["state"] == "talking"
