"""The work behind the pages begins with the house, is begun again when it breaks, and ends with it."""

from __future__ import annotations

import asyncio

import pytest
from starlette.types import Message

from portal.app import FrontDoor
from portal.section import Section
from portal.services import Services

CANARY = "the kite over the harbour"


async def test_the_house_ends_although_work_misses_the_first_asking(services: Services) -> None:
    """A part that breaks in the very moment it is cancelled can turn the cancelling into a mere failure of its own."""
    is_deaf, began = True, asyncio.Event()

    async def work() -> None:
        nonlocal is_deaf
        began.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            if is_deaf:
                is_deaf = False
                raise ValueError(CANARY) from None
            raise

    door = FrontDoor(services, [Section(background=[work])])
    incoming: asyncio.Queue[Message] = asyncio.Queue()

    async def send(message: Message) -> None:
        assert message["type"] != "lifespan.startup.failed"

    task = asyncio.create_task(door({"type": "lifespan"}, incoming.get, send))
    await incoming.put({"type": "lifespan.startup"})
    await began.wait()
    await incoming.put({"type": "lifespan.shutdown"})

    async with asyncio.timeout(10):
        await task


async def test_background_work_begins_with_the_house_is_mended_and_ends_with_it(
    services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    story: list[str] = []

    async def work() -> None:
        story.append("begun")
        if len(story) == 1:
            raise ValueError(CANARY)
        try:
            await asyncio.Event().wait()
        finally:
            story.append("ended")

    door = FrontDoor(services, [Section(background=[work])])
    incoming: asyncio.Queue[Message] = asyncio.Queue()
    sent: list[str] = []

    async def send(message: Message) -> None:
        sent.append(message["type"])

    task = asyncio.create_task(door({"type": "lifespan"}, incoming.get, send))
    await incoming.put({"type": "lifespan.startup"})
    await asyncio.sleep(0.5)
    await incoming.put({"type": "lifespan.shutdown"})
    async with asyncio.timeout(3):
        await task

    assert story == ["begun", "begun", "ended"]
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert any("background_broke" in record.message for record in caplog.records)
