"""No word counts as kept, or is shown, before whoever may be chosen has it: however slow, on whichever connection."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from portal.store import asking
from portal.store.apart import apart
from portal.store.asked import Command
from portal.store.channels import Gap, Heard, Listener
from portal.store.sharded import channels_of
from portal.store.valkey import Script, ValkeyAway
from tests.portal.store.test_engines import ADD, client_of
from tests.support.valkey_server import until
from tests.support.valkey_sets import KEPT, NAME, Cluster, Sentinels, running

COUNT = Script("redis.call('PUBLISH', ARGV[1], ARGV[2]) return redis.call('INCR', KEYS[1])")
LOG = Script("redis.call('XADD', KEYS[1], '*', 'words', 'one')")


async def at_last(ask: Callable[[], Awaitable[Any]]) -> Any:
    """What it is answered, asked again until it is."""
    while True:
        try:
            return await ask()
        except ValkeyAway:
            await asyncio.sleep(0.05)


@asynccontextmanager
async def hearing(url: str, name: bytes) -> AsyncIterator[Listener]:
    """Who hears of that channel, from here on."""
    channels = channels_of(url)
    task = asyncio.create_task(channels.run())
    try:
        async with channels.listen(name) as listener:
            async with asyncio.timeout(30):
                assert await listener.next() == Gap()
            yield listener
        assert not task.done()
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


@pytest.fixture(scope="module", params=["sentinel", "cluster"])
def alone(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sentinels | Cluster]:
    """One primary and one replica."""
    if request.param == "sentinel":
        with running(Sentinels(tmp_path_factory.mktemp("w"), KEPT, replicas=1)) as watched:
            yield watched
        return
    with running(Cluster(tmp_path_factory.mktemp("a"), KEPT, many=1)) as made:
        yield made


async def test_a_word_said_again_or_read_on_another_line_is_not_taken_for_one_that_a_replica_has(
    alone: Sentinels | Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    # WAIT answers for what its own connection wrote. Said again elsewhere the same word writes nothing there.
    monkeypatch.setattr(asking, "WAIT_IN_ALL", 0.5)  # less than it takes to call the replica gone
    if isinstance(alone, Sentinels):
        until(alone.is_calm, "everybody copies")
    copy = next(each for each in alone.servers if each.info("replication")["role"] == "slave")
    async with client_of(alone.url) as client, client_of(alone.url) as other, asyncio.timeout(60):
        known = {name async for name in client.asker.every_key()}
        await LOG(client, keys=[b"{w}log"])
        assert await other.xrange("{w}log")
        assert await ADD(client, keys=[b"{w}"], args=[b"none"]) == 1
        copy.stands_still()
        try:
            first = asyncio.create_task(ADD(client, keys=[b"{w}"], args=[b"one"]))
            await asyncio.sleep(0.1)
            assert await other.hget("{w}", "one") == b"2", "what is only looked at waits for nobody"
            again = asyncio.create_task(ADD(other, keys=[b"{w}"], args=[b"one"]))
            shown = asyncio.ensure_future(other.xrange("{w}log"))
            assert not (await asyncio.wait([first, again, shown], timeout=0.4))[0]
            found = await asyncio.gather(first, again, return_exceptions=True)
            assert [type(each) for each in found] == [ValkeyAway] * 2
            with contextlib.suppress(ValkeyAway):
                await shown  # in a Cluster shown as soon as the replica is left out
            # Nobody would choose the replica by now: nothing can be written, and what is there can be read.
            await at_last(lambda: other.xrange("{w}log"))
        finally:
            copy.goes_on()
            monkeypatch.undo()
        assert await ADD(other, keys=[b"{w}"], args=[b"one"]) == 2
        assert {name async for name in client.asker.every_key()} == known | {b"{w}", b"{w}log"}


@pytest.mark.parametrize("seconds", [0.3, 0.9])
async def test_what_others_are_to_be_told_they_are_told_once_however_late_a_replica_has_it(
    alone: Sentinels | Cluster, seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Done at once and copied late: sent again it finds itself done, and then has nothing to tell.
    if isinstance(alone, Sentinels):
        until(alone.is_calm, "everybody copies")
    copy = next(each for each in alone.servers if each.info("replication")["role"] == "slave")
    name = b"{told%d}" % (seconds * 10)
    async with client_of(alone.url) as client, hearing(alone.url, name) as listener, asyncio.timeout(60):
        assert await ADD(client, keys=[name], args=[b"one"]) == 1
        assert await listener.next() == Heard(name, b"one")
        monkeypatch.setattr(asking, "WAIT_IN_ALL", seconds / 2)
        copy.stands_still()
        try:
            with pytest.raises((ValkeyAway, TimeoutError)):
                # Long enough held to be asked again where that is allowed, and given up before it is copied.
                await asyncio.wait_for(ADD(client, keys=[name], args=[b"two"]), seconds)
            await asyncio.sleep(seconds)
            assert listener.take() is None, "nobody hears of what no replica has"
        finally:
            copy.goes_on()
            monkeypatch.undo()
        assert await listener.next() == Heard(name, b"two"), "with nobody asking again"
        assert await at_last(lambda: ADD(client, keys=[name], args=[b"two"])) == 2
        assert await ADD(client, keys=[name], args=[b"three"]) == 3
        assert await listener.next() == Heard(name, b"three")


async def test_a_replica_that_is_slow_for_a_moment_is_waited_for_and_everybody_is_told_once(
    alone: Sentinels | Cluster,
) -> None:
    if isinstance(alone, Sentinels):
        until(alone.is_calm, "everybody copies")
    copy = next(each for each in alone.servers if each.info("replication")["role"] == "slave")
    async with client_of(alone.url) as client, hearing(alone.url, b"{slow}") as listener, asyncio.timeout(60):
        assert await ADD(client, keys=[b"{slow}"], args=[b"one"]) == 1
        assert await listener.next() == Heard(b"{slow}", b"one")
        for at in range(4):
            copy.stands_still()
            try:
                word = asyncio.create_task(ADD(client, keys=[b"{slow}"], args=[b"w%d" % at]))
                await asyncio.sleep(0.3)
                assert not word.done()
            finally:
                copy.goes_on()
            assert await word == at + 2
            assert await listener.next() == Heard(b"{slow}", b"w%d" % at)


@pytest.fixture(scope="module")
def two_copies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sentinels]:
    with running(Sentinels(tmp_path_factory.mktemp("t"), KEPT, is_in_order=True)) as made:
        yield made


async def test_a_replica_that_may_be_chosen_is_waited_for_however_slow_and_one_that_died_is_not(
    two_copies: Sentinels, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "WAIT_IN_ALL", 0.7)  # less than Sentinels need to call one gone
    _, slow, other = two_copies.servers
    async with client_of(two_copies.url) as client, asyncio.timeout(60):
        assert await ADD(client, keys=[b"{s}"], args=[b"one"]) == 1
        slow.stands_still()
        with pytest.raises(ValkeyAway):
            await ADD(client, keys=[b"{s}"], args=[b"two"])
        monkeypatch.undo()
        # Nobody would choose it any more: its Sentinels had no answer for a second.
        await at_last(lambda: ADD(client, keys=[b"{s}"], args=[b"two"]))
        assert int(other.asked("HGET", "{s}", "seq")) == 2
        slow.goes_on()
        slow.kill()
        await at_last(lambda: ADD(client, keys=[b"{s}"], args=[b"three"]))
        slow.start()
        until(two_copies.is_whole, "everybody copies again")
        await at_last(lambda: ADD(client, keys=[b"{s}"], args=[b"four"]))
        until(lambda: int(slow.asked("HGET", "{s}", "seq")) == 4, "the one that came back has it")


async def test_while_a_replica_has_been_chosen_and_the_others_do_not_know_nothing_counts_as_kept(
    two_copies: Sentinels, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "WAIT_IN_ALL", 0.7)
    until(two_copies.is_calm, "everybody copies")
    primary, chosen, other = two_copies.servers
    async with client_of(two_copies.url) as client, client_of(two_copies.url) as new, asyncio.timeout(60):
        assert await ADD(client, keys=[b"{p}"], args=[b"one"]) == 1
        # It hears late who was chosen, and goes on copying the old primary, which knows of nothing.
        other.asked("ACL", "SETUSER", "default", "-replicaof", "-slaveof")
        two_copies.watchers[0].asked("SENTINEL", "SET", NAME, "failover-timeout", 3_000)
        two_copies.watchers[0].asked("SENTINEL", "FAILOVER", NAME)
        until(lambda: chosen.info("replication")["role"] == "master", "one that is chosen")
        assert primary.info("replication")["connected_slaves"] == 1
        with pytest.raises(ValkeyAway):
            await ADD(client, keys=[b"{p}"], args=[b"two"])
        with pytest.raises(ValkeyAway):
            await ADD(new, keys=[b"{p}"], args=[b"two"])
        assert primary.info("replication")["connected_slaves"] == 1, "all of that before the others knew"
        other.asked("ACL", "SETUSER", "default", "+replicaof", "+slaveof")
        assert await at_last(lambda: ADD(new, keys=[b"{p}"], args=[b"two"])) == 2
        assert int(chosen.asked("HGET", "{p}", "seq")) == 2


async def test_a_store_within_the_store_tells_what_it_did_too(alone: Sentinels | Cluster) -> None:
    if isinstance(alone, Sentinels):
        until(alone.is_calm, "everybody copies")
    async with client_of(alone.url) as client, hearing(alone.url, b"{in}") as listener, asyncio.timeout(30):
        within = apart(client, b"practice:")
        assert await COUNT(within, keys=[b"{in}"], args=[b"{in}", b"one"]) == 1
        assert await listener.next() == Heard(b"{in}", b"one")
        assert await client.get(b"{in}") is None


async def test_a_store_that_is_full_takes_no_word_shows_what_is_there_and_lets_it_be_removed(
    alone: Sentinels | Cluster,
) -> None:
    if isinstance(alone, Sentinels):
        until(alone.is_calm, "everybody copies")
    primary = next(each for each in alone.servers if each.info("replication")["role"] == "master")
    async with client_of(alone.url) as client, client_of(alone.url) as other, asyncio.timeout(30):
        await LOG(client, keys=[b"{full}log"])
        assert await ADD(client, keys=[b"{full}"], args=[b"one"]) == 1
        assert await other.get("none") is None
        primary.asked("CONFIG", "SET", "maxmemory", 1)
        try:
            with pytest.raises(ValkeyAway):
                await ADD(client, keys=[b"{full}"], args=[b"two"])
            # On a line that has written nothing yet: what is written first has to be taken all the same.
            assert len(await other.xrange("{full}log") or ()) == 1
            assert await other.delete("{full}log") == 1
        finally:
            primary.asked("CONFIG", "SET", "maxmemory", 0)
        assert await ADD(client, keys=[b"{full}"], args=[b"two"]) == 2


async def test_others_are_told_also_where_whoever_asked_is_cancelled_in_that_moment(
    alone: Sentinels | Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    if isinstance(alone, Sentinels):
        until(alone.is_calm, "everybody copies")
    async with client_of(alone.url) as client, hearing(alone.url, b"{left}") as listener, asyncio.timeout(30):
        assert await ADD(client, keys=[b"{left}"], args=[b"one"]) == 1
        assert await listener.next() == Heard(b"{left}", b"one")
        tells = client.asker.ask_all

        async def told(commands: Sequence[Command]) -> list[Any]:
            word.cancel()
            await asyncio.sleep(0)
            return await tells(commands)

        monkeypatch.setattr(client.asker, "ask_all", told)
        word = asyncio.create_task(ADD(client, keys=[b"{left}"], args=[b"two"]))
        with pytest.raises(asyncio.CancelledError):
            await word
        assert await listener.next() == Heard(b"{left}", b"two")
