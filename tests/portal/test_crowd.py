"""The crowd: an answer that waits holds no place, gives one back once, and is counted until it has proved itself."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import anyio
import pytest
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from portal.crowd import OF_ONE, Crowd, Stage, proves, step_aside
from portal.errors import TooBusy

MOST = 2


class Room:
    """A room that serves until the gate opens.

    An address that begins with `/line` steps aside first, one that names a stage and a talk shows the token of it.
    """

    def __init__(self) -> None:
        self.gate = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        for _ in range(scope["path"].count("/line")):
            step_aside(Request(scope))
        if found := re.search("/(unspoken|waiting|open)/(.+)", scope["path"]):
            for _ in range(2):  # Whoever shows it twice has one place.
                proves(cast("Stage", found[1]), found[2].encode())
        await self.gate.wait()
        if scope["path"].endswith("/breaks"):
            raise ValueError


async def nothing() -> Message:
    return {"type": "http.disconnect"}


async def give_nothing(_message: Message) -> None:
    return None


async def ask(crowd: Crowd, path: str) -> None:
    await crowd({"type": "http", "method": "GET", "path": path, "state": {}}, nothing, give_nothing)


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


async def test_a_note_that_is_sent_is_not_turned_away_because_many_look_at_pages() -> None:
    room = Room()
    crowd = Crowd(room, MOST)

    async with under_way(crowd, room, *["/en/note"] * MOST):
        assert await is_full(crowd)
        async with asyncio.timeout(1):
            room.gate.set()
            await crowd({"type": "http", "method": "POST", "path": "/ar/note", "state": {}}, nothing, give_nothing)
    assert crowd.under_way == 0


async def test_talks_have_a_bound_of_their_own() -> None:
    room = Room()
    crowd = Crowd(room, MOST)

    async with under_way(crowd, room, *["/en/talk/pass"] * 4 * MOST):
        assert not await is_full(crowd)
        with pytest.raises(TooBusy):
            await ask(crowd, "/en/talk/pass")
        async with asyncio.timeout(1):
            room.gate.set()
            await ask(crowd, "/leave")
    assert crowd.under_way == 0


@pytest.mark.parametrize("stage", ["unspoken", "waiting"])
async def test_no_number_of_strangers_takes_a_place_from_an_open_talk(stage: str) -> None:
    room = Room()
    crowd = Crowd(room, OF_ONE)

    async with under_way(crowd, room, *[f"/en/talk/{stage}/{name}" for name in range(OF_ONE)]):
        with pytest.raises(TooBusy):
            await ask(crowd, f"/en/talk/{stage}/one-more")
        async with under_way(crowd, room, *["/en/talk/open/one"] * OF_ONE):
            assert crowd.under_way == 2 * OF_ONE
            with pytest.raises(TooBusy):
                await ask(crowd, "/en/talk/open/one")
    assert crowd.under_way == 0


async def test_open_talks_together_have_a_bound_too() -> None:
    room = Room()
    crowd = Crowd(room, MOST)

    async with under_way(crowd, room, *[f"/en/talk/open/{name}" for name in range(8 * MOST)]):
        with pytest.raises(TooBusy):
            await ask(crowd, "/en/talk/open/one-more")


async def test_what_shows_no_token_in_its_own_context_takes_nobodys_place() -> None:
    proves("open", b"a socket")
    room = Room()
    crowd = Crowd(room, MOST)
    async with under_way(crowd, room, *["/en/open/home"] * MOST):
        assert await is_full(crowd)
