"""What the house's own chat needs is really killed: every page of the desk is red then, and the ladder is called."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from chat.canary import Canary
from chat.store.echo import EchoStore
from portal.alerts.store import CallStore
from portal.clock import SystemClock
from portal.services import Services
from portal.settings import Secret
from portal.store.embedded import EmbeddedValkey
from tests.chat.conftest import ChatHouse
from tests.portal.staff.walker import walker
from tests.support.rooms import running, wire
from tests.support.server_process import House

pytestmark = pytest.mark.anyio

HOUR_MS = 3_600_000


async def is_red(house: ChatHouse, services: Services) -> bool:
    """Whether the first page of the desk says so, in a process that knows what `services` know."""
    house.services.is_unheard = services.is_unheard
    advocate = walker(house.services)
    advocate.cookie = house.cookie
    assert await advocate.open("/desk/me") == 203
    return "desk-unheard" in advocate.page


async def is_called_for(house: ChatHouse) -> list[str]:
    return [each.call.kind for each in await CallStore(house.services.durable).all() if each.call.kind != "keys"]


async def test_a_store_of_embers_that_was_killed(house: ChatHouse, short_tmp_path: Path) -> None:
    store = EmbeddedValkey("ember", run=short_tmp_path, folder=None)
    store.start()
    store.wait_until_ready()
    try:
        settings = replace(house.services.settings, ember_url=Secret(store.url))
        async with running(wire(settings, SystemClock())) as services:
            walking = Canary(services)
            services.is_unheard = lambda: walking.is_unheard
            await services.ember_client.ping()
            assert not await is_red(house, services)
            assert store.process is not None
            os.kill(store.process.pid, signal.SIGKILL)
            await EchoStore(house.services.durable).walks()  # one was in vain before; each takes seconds to give up
            assert not await walking.look(HOUR_MS)
            assert await is_red(house, services)
            assert await is_called_for(house) == ["unheard"]
    finally:
        store.stop()


@pytest.mark.parametrize("comes_through_first", [False, pytest.param(True, marks=pytest.mark.long)])
async def test_a_server_that_was_killed(house: ChatHouse, tmp_path: Path, *, comes_through_first: bool) -> None:
    told, seen = house.services.settings, EchoStore(house.services.durable)
    assert told.redis_url is not None
    assert told.ember_url is not None
    stores = {"REDIS_URL": told.redis_url.reveal(), "EMBER_URL": told.ember_url.reveal()}
    server = await House(tmp_path, stores).start_async()
    try:
        there = replace(told, port=server.port, desk_port=server.desk_port, public_origin=server.public)
        async with running(wire(replace(there, desk_origin=server.desk), SystemClock())) as services:
            walking = Canary(services)
            services.is_unheard = lambda: walking.is_unheard
            # A walk takes four seconds: the long run shows that nothing but the kill is in its way.
            assert not comes_through_first or await walking.look(HOUR_MS)
            assert not await is_red(house, services)
            workers = server.workers()
            os.kill(server.pid, signal.SIGKILL)
            with anyio.fail_after(10):
                while any(worker.is_running() for worker in workers):  # noqa: ASYNC110 - no event comes from there
                    await anyio.sleep(0.02)
            for _ in range(2):
                assert not await walking.look(HOUR_MS)
            assert await is_red(house, services)
            assert await seen.is_unheard(), "every other process knows it too"
            assert await is_called_for(house) == ["unheard"]
    finally:
        server.stop()
