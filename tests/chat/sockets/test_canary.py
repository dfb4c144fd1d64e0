"""The house comes to itself as a visitor does, beside everybody, and says so where it does not come through."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from time import monotonic

import pytest
from sqlalchemy import func, select

from chat.canary import Canary
from chat.store.echo import EchoStore
from portal.alerts.store import CallStore
from portal.ids import to_text
from portal.records.tables import contact_records, sealed_entries
from portal.staff.tables import audit
from tests.chat.conftest import ChatHouse
from tests.chat.sockets.conftest import Process, _bound

pytestmark = pytest.mark.anyio

HOUR_MS = 3_600_000


@asynccontextmanager
async def time_passes(house: ChatHouse) -> AsyncIterator[None]:
    """The still clock goes on beside the walk: a start token has to be three seconds old.

    Twice as fast as the walk's own: on a busy machine a sleep is longer, and a clock that fell behind it would find the
    token too young.
    """

    async def passing() -> None:
        before = monotonic()
        while True:
            await asyncio.sleep(0.1)
            house.clock.advance(timedelta(seconds=2 * (monotonic() - before)))
            before = monotonic()

    task = asyncio.create_task(passing())
    try:
        yield
    finally:
        task.cancel()


async def names(house: ChatHouse) -> set[bytes]:
    """Every key of the durable store but those that say when the house walks, and what tends itself."""
    beside = (b"{desk}:walk", b"{desk}:echo", b"{desk}:presence", b"{desk}:ladder", b"{desk}:calls", b"s:", b"sp:")
    keys = [key async for key in house.services.durable.scan_iter(count=1000)]
    return {key for key in keys if not key.startswith(beside)}


async def rows(house: ChatHouse) -> list[int]:
    """Lines of the audit, entries of the book, records of contacts."""
    async with house.services.database.read() as connection:
        tables = (audit, sealed_entries, contact_records)
        return [(await connection.execute(select(func.count()).select_from(each))).scalar_one() for each in tables]


async def test_a_chat_goes_the_whole_way_and_nobody_sees_it(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    one, other = processes
    walking = Canary(one.services)
    before, audited = await names(house), await rows(house)
    desk = await other.desk()
    waiting = await house.waiting("I am here")
    seen: list[int] = []

    async def looks_on() -> None:
        while True:
            counts = await house.relay.desk.counts(house.relay.now_ms())
            seen.append(counts.waiting * 10 + counts.held)
            await asyncio.sleep(0.05)

    looking = asyncio.create_task(looks_on())
    async with time_passes(house):
        assert await walking.look(HOUR_MS), "it did not come through"
    looking.cancel()

    # All the while one waited, and nobody held anybody; her place and her conversation stand as they stood.
    assert set(seen) == {10}
    assert [conversation for conversation, _ in (await house.relay.desk.first())[0]] == [waiting.id]
    snapshot = await desk.hear("QueueSnapshot")
    assert [row["words"] for row in snapshot["waiting"]] == [1]
    assert snapshot["heard"]
    assert await rows(house) == audited
    assert await house.services.alerts.open_calls("unheard") == {}
    left = {key for key in await names(house) - before if key.startswith(b"walk:") or b"porchlight-hand" in key}
    assert left <= {b"walk:{desk}:presence", b"walk:{desk}:ready", b"walk:{desk}:shift", b"walk:{desk}:fence"}
    assert not walking.is_unheard


async def test_twice_in_vain_calls_the_ladder_and_reddens_every_process_until_it_comes_through(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    one, other = processes
    gone = _bound()  # where a worker listened that has stopped
    port = gone.getsockname()[1]
    gone.close()
    walking = Canary(replace(one.services, settings=replace(one.services.settings, port=port)))
    elsewhere, store = Canary(other.services), EchoStore(house.services.durable)

    async with time_passes(house):
        assert not await walking.look(HOUR_MS)
        assert not await store.is_unheard(), "once may be a restart"
        assert await CallStore(house.services.durable).all() == []
        assert not await walking.look(HOUR_MS)

        assert walking.is_unheard
        assert await store.is_unheard()
        assert [each.call.kind for each in await CallStore(house.services.durable).all()] == ["unheard"]
        assert not await walking.look(HOUR_MS)
        assert len(await CallStore(house.services.durable).all()) == 1, "the ladder climbs by itself"

        assert await elsewhere.look(HOUR_MS), "another worker serves"
    assert not await store.is_unheard()
    assert not elsewhere.is_unheard


async def test_a_worker_that_stands_still_over_it_leaves_it_to_the_next_and_counts_as_in_vain(
    house: ChatHouse,
) -> None:
    store = EchoStore(house.services.durable)
    assert await store.walk_is_mine(200)
    assert not await store.walk_is_mine(200), "one at a time"
    assert await store.walks() == 1
    await asyncio.sleep(0.25)
    assert await store.walk_is_mine(200), "nobody hears from the first any more"
    assert await store.walks() == 2


async def test_the_hands_line_opens_for_nobody_else(house: ChatHouse, processes: tuple[Process, Process]) -> None:
    one, _ = processes
    for csrf in ("", house.advocate.csrf, "x" * 43):
        line = await one.line("desk/walk")
        await line.say("Resume", csrf=csrf)
        assert await line.closing() == 4401
    line = await one.line("walk")
    await line.say("Resume", token="A" * 43, last=0)
    assert await line.closing() == 4404
    talk = await house.visitor()
    line = await one.line("walk")
    await line.say("Resume", token=to_text(talk.token), last=0)
    assert await line.closing() == 4404, "a visitor's token opens nothing there"
