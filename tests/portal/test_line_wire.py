"""A line that is left to the connection is served when the layers above have come back, and its faults are seen."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request

from portal import keepalive
from portal.line_wire import BROKE, WIRE, BoundedLine, Events
from portal.listening import listen
from portal.wire import BoundedHttp
from tests.support.patience import PATIENCE_S
from tests.support.ports import free_port

pytestmark = pytest.mark.anyio

Serves = Callable[[BoundedLine], Awaitable[None]]


@asynccontextmanager
async def line_to(serves: Serves, came_back: asyncio.Event) -> AsyncIterator[ClientConnection]:
    """An open line to an application that leaves it to the connection and comes back."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        assert (await receive())["type"] == "websocket.connect"
        await send({"type": "websocket.accept"})
        wire: BoundedLine = scope["extensions"][WIRE]

        async def line() -> None:
            assert came_back.is_set()
            await serves(wire)

        wire.carry_on(line)
        asyncio.get_running_loop().call_soon(came_back.set)
        await asyncio.sleep(0.01)

    port = free_port()
    config = uvicorn.Config(
        app,
        loop="none",
        http=BoundedHttp,
        ws=BoundedLine,
        lifespan="off",
        log_config=None,
        ws_per_message_deflate=False,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(listen("127.0.0.1", port)))
    while not server.started:  # noqa: ASYNC110 - it says so nowhere else
        await asyncio.sleep(0.01)
    try:
        async with connect(
            f"ws://127.0.0.1:{port}/", compression=None, proxy=None, additional_headers={"Cookie": "hers=1"}
        ) as client:
            yield client
    finally:
        server.should_exit = True
        await serving


async def test_it_is_served_after_the_application_and_keeps_nothing_of_it() -> None:
    async def echoes(wire: BoundedLine) -> None:
        assert wire.scope is None, "an open line keeps neither scope nor handshake"
        while (event := await wire.receive())["type"] == "websocket.receive":
            wire.put(json.dumps({"heard": event["text"]}).encode())

    async with line_to(echoes, asyncio.Event()) as client, asyncio.timeout(PATIENCE_S):
        for words in ("one", "two", "x" * 4_000):
            await client.send(words)
        assert [json.loads(await client.recv())["heard"] for _ in range(3)] == ["one", "two", "x" * 4_000]
        told = [each for each in gc.get_objects() if isinstance(each, Request) and "Cookie" in each.headers]
        assert told == [client.request], "nobody but the client itself still holds what it showed at the door"


async def test_a_line_that_breaks_is_closed_and_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def breaks(_wire: BoundedLine) -> None:
        raise LookupError("what she said")

    with caplog.at_level(logging.ERROR):
        async with line_to(breaks, asyncio.Event()) as client, asyncio.timeout(PATIENCE_S):
            with pytest.raises(ConnectionClosed):
                await client.recv()
    assert client.close_code == BROKE
    assert [record.message for record in caplog.records] == ["socket_broke"]


@pytest.mark.parametrize(("how", "code"), [("closes", 1005), ("breaks", 1006)])
async def test_a_line_that_breaks_is_told_from_one_that_a_page_closed_without_a_word(how: str, code: int) -> None:
    """By it the house counts lines that broke, and closed ones it does not."""
    heard: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def listens(wire: BoundedLine) -> None:
        told: Any = await wire.receive()
        heard.set_result(told["code"])

    async with line_to(listens, asyncio.Event()) as client:
        if how == "breaks":
            client.transport.abort()
        else:
            client.protocol.send_close()
            client.transport.writelines(client.protocol.data_to_send())
        assert await asyncio.wait_for(heard, PATIENCE_S) == code


async def test_a_line_whose_frames_wait_for_a_busy_room_is_not_taken_for_silent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(keepalive, "ASK_EVERY_S", 0.1)
    monkeypatch.setattr(keepalive, "LOOK_EVERY_S", 0.02)

    async def is_busy(wire: BoundedLine) -> None:
        while (event := await wire.receive())["type"] == "websocket.receive":
            # Many questions go by, and each answer lies behind a frame that nobody asks for yet.
            await asyncio.sleep(0.6)
            wire.put(json.dumps({"heard": event["text"]}).encode())

    async with line_to(is_busy, asyncio.Event()) as client, asyncio.timeout(PATIENCE_S):
        for words in ("one", "two"):
            await client.send(words)
        assert [json.loads(await client.recv())["heard"] for _ in range(2)] == ["one", "two"]


async def test_a_line_that_answers_no_question_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keepalive, "ASK_EVERY_S", 0.1)
    monkeypatch.setattr(keepalive, "LOOK_EVERY_S", 0.02)
    over = asyncio.Event()

    async def waits(wire: BoundedLine) -> None:
        while (await wire.receive())["type"] == "websocket.receive":
            pass
        over.set()

    async with line_to(waits, asyncio.Event()) as client, asyncio.timeout(PATIENCE_S):
        # As a phone does that went out of reach: what comes is taken by nobody.
        client.transport.pause_reading()
        await over.wait()
        client.transport.resume_reading()


async def test_events_come_in_order_and_are_waited_for() -> None:
    events = Events()
    asked = asyncio.create_task(events.get())
    await asyncio.sleep(0)
    told: list[Any] = [{"type": "websocket.receive", "text": str(number)} for number in range(4)]
    for event in told:
        events.put_nowait(event)

    assert [await asked, *[await events.get() for _ in told[1:]]] == told
    assert events.empty()


async def test_an_event_is_not_lost_with_one_who_was_cancelled_while_waiting() -> None:
    events = Events()
    asked = asyncio.create_task(events.get())
    await asyncio.sleep(0)
    asked.cancel()
    events.put_nowait({"type": "websocket.receive", "text": "still here"})

    assert (await events.get())["type"] == "websocket.receive"
