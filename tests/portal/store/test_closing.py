"""Whoever ends leaves no connection open, to a server or to a Sentinel, in whichever moment she is cancelled."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from typing import Any, Final

import anyio
import psutil
import pytest
from redis.exceptions import ResponseError

from portal.store.sharded import channels_of
from portal.store.valkey import connect
from tests.support.valkey_sets import KEPT, Sentinels, running

LIVES_S: Final = (0.0, 0.002, 0.003, 0.005, 0.01, 0.05)
"""From before the first Sentinel is asked until everything stands, on a fast machine and on a slow one."""


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sentinels]:
    with running(Sentinels(tmp_path_factory.mktemp("s"), KEPT, replicas=1)) as made:
        yield made


def left_open(stores: Sentinels) -> list[str]:
    """To whom of them this process holds a connection."""
    names = {each.port: "Sentinel" for each in stores.watchers} | {each.port: "server" for each in stores.servers}
    ends = [each.raddr for each in psutil.Process().net_connections("tcp") if each.status == psutil.CONN_ESTABLISHED]
    return [names[end.port] for end in ends if end and end.port in names]


@contextlib.asynccontextmanager
async def acting(url: str, act: str) -> AsyncIterator[Callable[[], Coroutine[Any, Any, None]]]:
    """What is done until it is cancelled. The client is closed behind it, as a house closes its own."""
    client = connect(url)

    async def asks() -> None:
        while True:
            with contextlib.suppress(ResponseError):  # it writes its file anew already
                await client.asker.ask((act,))

    try:
        yield channels_of(url).run if act == "hears" else asks
    finally:
        await client.aclose()


@pytest.mark.parametrize("act", ["hears", "BGREWRITEAOF"])
async def test_who_is_cancelled_leaves_nothing_open(stores: Sentinels, act: str) -> None:
    for lives_s in LIVES_S:
        async with acting(stores.url, act) as does:
            # As the house ends its own work: cancelled until it has ended.
            task = asyncio.ensure_future(does())
            await asyncio.wait([task], timeout=lives_s)
            while not task.done():
                task.cancel()
                await asyncio.wait([task], timeout=0.1)
        await asyncio.sleep(0)
        assert left_open(stores) == [], f"after {lives_s} s"
        # As a group ends: cancelled in every wait, those of its way out too.
        async with acting(stores.url, act) as does, anyio.create_task_group() as tasks:
            tasks.start_soon(does)
            await anyio.sleep(lives_s)
            tasks.cancel_scope.cancel()
        await asyncio.sleep(0)
        assert left_open(stores) == [], f"after {lives_s} s, in a group"
