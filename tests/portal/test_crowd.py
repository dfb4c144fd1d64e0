"""The crowd: an answer that waits holds no place, gives one back once, and is counted until it has proved itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import pytest
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from portal.crowd import Crowd, step_aside
from portal.errors import TooBusy

MOST = 2


class Room:
    """A room that serves until the gate opens; an address that begins with `/line` steps aside first."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        for _ in range(scope["path"].count("/line")):
            step_aside(Request(scope))
        await self.gate.wait()
        if scope["path"].endswith("/breaks"):
            raise ValueError


async def nothing() -> Message:
    return {"type": "http.disconnect"}


async def give_nothing(_message: Message) -> None:
    return None


async def ask(crowd: Crowd, path: str) -> None:
    await crowd({"type": "http", "path": path, "state": {}}, nothing, give_nothing)


@asynccontextmanager
async def under_way(crowd: Crowd, room: Room, *paths: str) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(ask(crowd, path)) for path in paths]
    await anyio.wait_all_tasks_blocked()
    yield
    room.gate.set()
    await asyncio.gather(*tasks, return_exceptions=True)
    room.gate.clear()


async def is_full(crowd: Crowd) -> bool:
    """Whether the next one would be turned away."""
    try:
        async with asyncio.timeout(0.05):
            await ask(crowd, "/en/")
    except TooBusy:
        return True
    except TimeoutError:
        return False
    return False


@pytest.mark.parametrize(("path", "full"), [("/en/note", True), ("/line/one", False)])
async def test_an_answer_that_waits_holds_no_place(path: str, full: bool) -> None:
    room = Room()
    crowd = Crowd(room, MOST)

    async with under_way(crowd, room, *[path] * MOST):
        assert await is_full(crowd) is full


async def test_a_place_is_given_back_once_however_the_answer_ends() -> None:
    room = Room()
    crowd = Crowd(room, MOST)

    async with under_way(crowd, room, "/line/line/breaks", "/line/one"):
        pass

    async with under_way(crowd, room, *["/en/"] * MOST):
        assert await is_full(crowd)


async def test_an_address_that_would_wait_is_turned_away_like_any_other() -> None:
    room = Room()
    crowd = Crowd(room, MOST)

    async with under_way(crowd, room, *["/en/"] * MOST):
        with pytest.raises(TooBusy):
            await ask(crowd, "/line/one")


@pytest.mark.parametrize("path", ["/en/talk/write", "/ar/talk/again", "/line/talk/say"])
async def test_whoever_is_in_a_talk_is_not_turned_away_because_many_others_come(path: str) -> None:
    room = Room()
    crowd = Crowd(room, MOST)

    async with under_way(crowd, room, *["/en/talk"] * MOST):
        assert await is_full(crowd)
        async with asyncio.timeout(1):
            room.gate.set()
            await ask(crowd, path)


async def test_talks_have_a_bound_of_their_own() -> None:
    room = Room()
    crowd = Crowd(room, MOST)

    async with under_way(crowd, room, *["/en/talk/write"] * MOST):
        assert not await is_full(crowd)
        with pytest.raises(TooBusy):
            await ask(crowd, "/en/talk/write")
