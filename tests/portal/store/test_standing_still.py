"""A process that stood still itself, on a machine with too much to do or one that was moved, takes no store for gone.

Timers come first in a turn of the loop, and what waits to be read after them.
"""

from __future__ import annotations

import asyncio
import time

import pytest

from portal.store import asking
from portal.store.embedded import EmbeddedValkey
from portal.store.valkey import connect


async def test_a_process_that_stood_still_itself_reads_what_came_before_it_gives_up(
    server: EmbeddedValkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "WAIT_FOR_AN_ANSWER", 0.2)
    client = connect(server.url)
    try:
        await client.ping()
        for n in range(1, 4):
            asked = asyncio.ensure_future(client.incr(b"n"))
            await asyncio.sleep(0.001)  # on its way
            time.sleep(0.5)  # noqa: ASYNC251 - what it is about
            assert await asked == n
    finally:
        await client.aclose()


async def test_a_process_that_stood_still_while_it_connected_is_connected(server: EmbeddedValkey) -> None:
    client = connect(server.url)
    try:
        asked = asyncio.ensure_future(client.ping())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        time.sleep(1.5)  # noqa: ASYNC251 - what it is about
        assert await asked
    finally:
        await client.aclose()
