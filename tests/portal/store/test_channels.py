"""Hearing: nothing is missed without a word of it, through kills and slow ears."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import uvloop

from portal.store.channels import Channels, Ear, Gap, Heard, Listener, ListenerFull
from portal.store.embedded import EmbeddedValkey
from portal.store.sharded import channels_of
from portal.store.valkey import Valkey, connect


@pytest.fixture
def valkey(tmp_path: Path) -> object:
    valkey = EmbeddedValkey("durable", run=tmp_path / "run", folder=tmp_path / "durable")
    valkey.start()
    try:
        valkey.wait_until_ready()
        yield valkey
    finally:
        valkey.stop()


@pytest.fixture
async def channels(valkey: EmbeddedValkey) -> AsyncIterator[Channels]:
    channels = channels_of(valkey.url)
    task = asyncio.create_task(channels.run())
    yield channels
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.fixture
async def speaker(valkey: EmbeddedValkey) -> AsyncIterator[Valkey]:
    client = connect(valkey.url)
    yield client
    await client.aclose()


async def soon(listener: Listener, within: float = 5) -> Heard | Gap:
    async with asyncio.timeout(within):
        return await listener.next()


async def test_the_first_thing_heard_is_that_hearing_has_begun(channels: Channels, speaker: Valkey) -> None:
    async with channels.listen(b"a") as listener:
        assert await soon(listener) == Gap()
        await speaker.publish(b"a", b"one")
        await speaker.publish(b"a", b"two")

        assert await soon(listener) == Heard(b"a", b"one")
        assert await soon(listener) == Heard(b"a", b"two")


async def test_two_listeners_share_one_subscription_and_each_hears(channels: Channels, speaker: Valkey) -> None:
    async with channels.listen(b"a") as first, channels.listen(b"a", b"b") as second:
        assert await soon(first) == Gap()
        assert await soon(second) == Gap()
        await speaker.publish(b"a", b"one")

        assert await soon(first) == Heard(b"a", b"one")
        assert await soon(second) == Heard(b"a", b"one")
        assert await speaker.pubsub_numsub(b"a") in ({b"a": 1}, [(b"a", 1)])


async def test_a_late_listener_hears_at_once_and_only_what_comes(channels: Channels, speaker: Valkey) -> None:
    async with channels.listen(b"a") as first:
        assert await soon(first) == Gap()
        await speaker.publish(b"a", b"before")
        assert await soon(first) == Heard(b"a", b"before")
        async with channels.listen(b"a") as second:
            assert await soon(second, within=0.1) == Gap()
            await speaker.publish(b"a", b"after")
            assert await soon(second) == Heard(b"a", b"after")


async def test_one_gap_for_many_channels_when_all_of_them_stand(channels: Channels, speaker: Valkey) -> None:
    async with channels.listen(b"a", b"b", b"c", b"d") as listener:
        assert await soon(listener) == Gap()
        for name in (b"a", b"b", b"c", b"d"):
            await speaker.publish(name, name)

        assert [await soon(listener) for _ in range(4)] == [Heard(name, name) for name in (b"a", b"b", b"c", b"d")]


async def test_after_kill_9_of_the_server_a_gap_tells_to_catch_up(
    channels: Channels, speaker: Valkey, valkey: EmbeddedValkey
) -> None:
    async with channels.listen(b"a") as listener:
        assert await soon(listener) == Gap()
        assert valkey.process is not None
        valkey.process.kill()
        valkey.process.wait()
        valkey.start()

        assert await soon(listener) == Gap()
        await speaker.publish(b"a", b"again")
        assert await soon(listener) == Heard(b"a", b"again")


async def test_listening_begins_before_the_server_does(
    channels: Channels, speaker: Valkey, valkey: EmbeddedValkey
) -> None:
    valkey.stop()
    async with channels.listen(b"a") as listener:
        with pytest.raises(TimeoutError):
            await soon(listener, within=0.3)
        valkey.start()

        assert await soon(listener) == Gap()


async def test_slow_ears_are_told_that_they_missed_something(channels: Channels, speaker: Valkey) -> None:
    async with channels.listen(b"a", size=4) as listener, channels.listen(b"a") as quick:
        assert await soon(listener) == Gap()
        assert await soon(quick) == Gap()
        for number in range(10):
            await speaker.publish(b"a", str(number).encode())
        heard = [await soon(quick) for _ in range(10)]

        assert len(heard) == 10
        with pytest.raises(ListenerFull):
            await soon(listener)


async def test_when_nobody_listens_any_more_the_subscription_ends(channels: Channels, speaker: Valkey) -> None:
    async with channels.listen(b"a") as listener:
        assert await soon(listener) == Gap()
    async with asyncio.timeout(2):
        while dict(await speaker.pubsub_numsub(b"a")).get(b"a"):  # noqa: ASYNC110 - another process has no event to wait for
            await asyncio.sleep(0.01)

    async with channels.listen(b"a") as listener:
        assert await soon(listener) == Gap()
        await speaker.publish(b"a", b"again")
        assert await soon(listener) == Heard(b"a", b"again")


async def test_nothing_falls_between_for_listeners_that_come_and_go(channels: Channels, speaker: Valkey) -> None:
    """Each listener that got its Gap hears the next word, however often others of the same channel leave."""

    async def come_and_go(number: int) -> None:
        for turn in range(20):
            async with channels.listen(b"shared", b"own-%d" % number) as listener:
                assert await soon(listener) == Gap()
                word = b"%d-%d" % (number, turn)
                await speaker.publish(b"own-%d" % number, word)
                while (heard := await soon(listener)) != Heard(b"own-%d" % number, word):
                    assert isinstance(heard, Gap) or heard.channel == b"shared"

    await asyncio.gather(*(come_and_go(number) for number in range(8)))


async def test_it_ends_when_told_to_though_its_connection_breaks_in_the_same_moment(
    valkey: EmbeddedValkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever takes the breaking for the end of a connection forgets the cancelling: a server would never end."""
    hearing, broke = asyncio.Event(), asyncio.Event()

    async def breaks_when_cancelled(*_: object) -> None:
        hearing.set()
        try:
            await asyncio.sleep(60)
        finally:
            if not broke.is_set():
                broke.set()
                raise OSError("the connection is gone")

    monkeypatch.setattr(Channels, "_hear", breaks_when_cancelled)
    task = asyncio.create_task(channels_of(valkey.url).run())
    await hearing.wait()
    task.cancel()
    _, left = await asyncio.wait([task], timeout=2)
    for each in left:
        each.cancel()
    assert broke.is_set()
    assert not left


def test_whatever_is_said_on_a_line_that_broke_is_said_to_nobody() -> None:
    """As a house runs: its event loop raises for a line that is closed, and that would end the hearing of everybody."""

    async def says() -> None:
        server = await asyncio.start_server(lambda _, writer: writer.transport.abort(), "127.0.0.1", 0)
        async with server:
            _, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            line: Any = SimpleNamespace(_writer=writer)
            ear = Ear(line, lambda _: None, asyncio.Event())
            for _ in range(20):
                ear.say("PING")
                await asyncio.sleep(0.01)
            assert ear.is_lost

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(says())
