"""The door while strangers stand in it: an open talk asks and writes all the same."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace

import anyio
import pytest

from portal.ids import random_id
from tests.chat.conftest import ChatHouse
from tests.chat.plain.conftest import PlainPhone, phone
from tests.chat.poll.conftest import asking
from tests.chat.sockets.conftest import Process, processes as of_the_house

__all__ = ["of_the_house", "phone"]

AT_ONCE = 8
STRANGERS = 60
JSON, FORM = "application/json", "application/x-www-form-urlencoded"


@pytest.fixture
def few_places(house: ChatHouse) -> None:
    """A house that serves few at once."""
    house.services.settings = replace(house.services.settings, max_requests_at_once=AT_ONCE)


@pytest.fixture
async def processes(few_places: None, of_the_house: tuple[Process, Process]) -> tuple[Process, Process]:
    return of_the_house


@asynccontextmanager
async def half_sent(process: Process, path: str, kind: str, many: int = STRANGERS) -> AsyncIterator[None]:
    """So many posts whose bodies never become whole."""
    settings = process.services.settings
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{settings.port}\r\nOrigin: {settings.public_origin}\r\n"
        f"Sec-Fetch-Site: same-origin\r\nContent-Type: {kind}\r\nContent-Length: 900\r\n\r\n"
    )
    async with AsyncExitStack() as stack:
        for _ in range(many):
            _, writer = await asyncio.open_connection("127.0.0.1", settings.port)
            stack.callback(writer.close)
            writer.write(head.encode() + b"t=0123456789")
        await anyio.sleep(0.2)
        yield


@pytest.mark.anyio
async def test_half_sent_posts_of_strangers_do_not_stop_an_open_talk_by_questions(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    talk, desk = await house.talking()
    async with (
        asking(processes[0], talk.token) as page,
        half_sent(processes[0], "/line/talk/say", JSON),
        half_sent(processes[0], "/line/talk/hear", JSON),
    ):
        number = await page.writes("and I write while they stand there")
        await house.relay.advocate_says(desk, "I read you", random_id(), number)
        assert "I read you" in [fact.get("text") for fact in await page.hears()]


@pytest.mark.anyio
async def test_half_sent_posts_of_strangers_do_not_stop_an_open_talk_without_script(
    house: ChatHouse, phone: PlainPhone, processes: tuple[Process, Process]
) -> None:
    await phone.starts()
    await phone.sends(words="hello")
    desk = await phone.is_taken()
    async with (
        half_sent(processes[0], "/en/talk/write", FORM),
        half_sent(processes[0], "/en/talk/words", FORM),
        phone.listens() as frame,
    ):
        await phone.is_told(desk, "I read you")
        await frame.shows("I read you")
        await phone.sends(words="and I write")
        await frame.shows("and I write")
