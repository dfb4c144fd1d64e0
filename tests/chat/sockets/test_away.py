"""A store that hangs or is gone: refused in bounded time, kept by the page, accepted once when it is back."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic

import pytest

from portal.errors import NotThere
from portal.ids import to_text
from portal.store.embedded import EmbeddedValkey
from tests.chat.conftest import ChatHouse
from tests.chat.sockets.conftest import Process, new_key
from tests.support.rooms import Valkeys

pytestmark = [pytest.mark.anyio, pytest.mark.fault]


@asynccontextmanager
async def frozen(valkey: EmbeddedValkey) -> AsyncIterator[None]:
    """It takes connections and answers nothing, as on a disk that hangs."""
    assert valkey.process is not None
    os.kill(valkey.process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(valkey.process.pid, signal.SIGCONT)


async def test_while_the_durable_store_hangs_words_are_refused_in_bounded_time_and_accepted_once_afterwards(
    house: ChatHouse, processes: tuple[Process, Process], valkeys: Valkeys
) -> None:
    talk, desk = await house.talking()
    line = await processes[0].visitor(talk.token, 2)
    key = new_key()
    async with frozen(valkeys.durable):
        began = monotonic()
        await line.say("Say", key=key, text="kept by the page")
        assert (await line.hear("Refused", key=key))["reason"] == "away"
        assert monotonic() - began < 15
        stranger = await processes[0].line("talk")
        await stranger.say("Resume", token="A" * 43, last=0)
        assert await stranger.closing() == 4503
    await line.say("Say", key=key, text="kept by the page")
    accepted = await line.hear("MessageAccepted", key=key)
    await line.say("Say", key=key, text="kept by the page")
    assert (await line.hear("MessageAccepted", key=key))["seq"] == accepted["seq"]
    texts = [each.text for each in (await house.relay.since(desk, 2)).messages]
    assert texts == ["kept by the page"]
    await line.socket.close()


async def test_a_hanging_ember_store_stops_no_word(
    house: ChatHouse, processes: tuple[Process, Process], valkeys: Valkeys
) -> None:
    talk, _ = await house.talking()
    async with await processes[0].visitor(talk.token, 2) as line, frozen(valkeys.ember):
        began = monotonic()
        assert await line.says("still here") == 3
        assert monotonic() - began < 3


async def test_an_exit_while_the_store_hangs_is_done_when_it_is_back(
    house: ChatHouse, processes: tuple[Process, Process], valkeys: Valkeys
) -> None:
    talk, _ = await house.talking()
    async with frozen(valkeys.durable):
        async with asyncio.timeout(30):
            await processes[0].services.leaving.destroy([to_text(talk.token), "another room's token"])
    async with asyncio.timeout(30):
        while True:
            try:
                await house.relay.access.conversation_for_visitor(talk.token)
            except NotThere:
                break
            await asyncio.sleep(0.2)
    facts = await house.relay.talks.facts(talk.id)
    assert facts is not None
    assert facts.how == "exit"
