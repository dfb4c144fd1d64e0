"""A desk line ends with its session, and only with it."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

import pytest
from starlette.websockets import WebSocket

from chat.sockets.session import SessionWatch
from chat.sockets.shares import OF_ONE, UNPROVEN, Crowded, Proven, Shares
from tests.chat.conftest import ChatHouse
from tests.chat.sockets.conftest import Process

pytestmark = pytest.mark.anyio


def watch(house: ChatHouse) -> SessionWatch:
    # Nothing of the websocket is used while the session is only looked at.
    return SessionWatch(cast(WebSocket, None), house.advocate, house.services)


async def test_a_session_left_idle_too_long_ends_its_line_and_is_not_brought_back(
    house: ChatHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    ember = b"es:" + house.advocate.session
    await house.services.embers.extend(ember, timedelta(milliseconds=300))
    watched = watch(house)
    assert await watched.lives(is_used=False)
    import asyncio

    await asyncio.sleep(0.4)
    assert not await watched.lives(is_used=False)
    assert await house.services.embers.get(ember) is None


async def test_a_lost_ember_is_brought_back_for_as_long_as_it_would_have_lasted(house: ChatHouse) -> None:
    ember = b"es:" + house.advocate.session
    watched = watch(house)
    assert await watched.lives(is_used=False)
    before = await house.services.embers.left(ember)
    await house.services.embers.delete(ember)
    assert await watched.lives(is_used=False)
    assert (await house.services.staff.who(house.cookie)).staff_id == house.advocate.staff_id
    assert await house.services.embers.left(ember) <= max(before, timedelta(minutes=30))


async def test_a_session_that_was_ended_is_not_brought_back(house: ChatHouse) -> None:
    watched = watch(house)
    assert await watched.lives(is_used=False)
    await house.services.staff.sessions.end(house.advocate.staff_id, house.advocate.session)
    assert not await watched.lives(is_used=False)
    assert await house.services.embers.get(b"es:" + house.advocate.session) is None


def test_a_flood_of_silent_lines_takes_nothing_from_a_conversation_that_goes_on() -> None:
    from contextlib import ExitStack

    shares = Shares()
    with ExitStack() as stack:
        for _ in range(UNPROVEN):
            stack.enter_context(shares.unproven())
        with pytest.raises(Crowded), shares.unproven():
            pass
        for _ in range(OF_ONE):
            stack.enter_context(shares.proven(Proven(b"one")))
        with pytest.raises(Crowded), shares.proven(Proven(b"one")):
            pass
        stack.enter_context(shares.proven(Proven(b"another")))
    with shares.unproven(), shares.proven(Proven(b"one")):
        pass


async def test_one_conversation_has_a_bounded_number_of_lines(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    from portal.ids import to_text

    talk = await house.waiting()
    lines = [await processes[0].visitor(talk.token) for _ in range(OF_ONE)]
    beyond = await processes[0].line("talk")
    await beyond.say("Resume", token=to_text(talk.token), last=0)
    assert await beyond.closing() == 1013
    await lines.pop().socket.close()
    async with await processes[0].visitor(talk.token):
        pass
    for line in lines:
        await line.socket.close()
