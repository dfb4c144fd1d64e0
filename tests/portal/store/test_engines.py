"""Stores of several servers: each command at its own, and no word counts as kept that one server alone has."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from portal.store import asking
from portal.store.apart import EMBERS, connect_embers
from portal.store.channels import Gap, Heard
from portal.store.cluster import ClusterAsker
from portal.store.fitness import UnfitStore, look_over
from portal.store.placing import read_place
from portal.store.sharded import channels_of
from portal.store.slots import CrossesSlots
from portal.store.valkey import Script, Valkey, ValkeyAway, connect
from tests.support.valkey_server import until
from tests.support.valkey_sets import KEPT, Cluster, Sentinels, running

ADD = Script(
    """
local known = redis.call('HGET', KEYS[1], ARGV[1])
if known then return tonumber(known) end
local seq = redis.call('HINCRBY', KEYS[1], 'seq', 1)
redis.call('HSET', KEYS[1], ARGV[1], seq)
redis.call('PUBLISH', KEYS[1], ARGV[1])
return seq
"""
)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with running(Cluster(tmp_path_factory.mktemp("c"), KEPT, many=2, replicas=0)) as made:
        yield made


@asynccontextmanager
async def client_of(url: str, *, embers: bool = False) -> AsyncIterator[Valkey]:
    client = (connect_embers if embers else connect)(url)
    try:
        yield client
    finally:
        await client.aclose()


async def test_in_a_cluster_each_command_goes_to_its_server_and_many_keys_are_parted(cluster: Cluster) -> None:
    async with client_of(cluster.url) as client:
        names = [b"k%d" % at for at in range(40)]
        await asyncio.gather(*(client.set(name, name * 2) for name in names))

        assert await client.mget(names) == [name * 2 for name in names]
        assert await client.exists(*names) == 40
        assert {name async for name in client.asker.every_key()} >= set(names)
        assert [each.info("keyspace") != {} for each in cluster.servers] == [True, True]
        async with client.pipeline(transaction=False) as pipe:
            for name in names:
                pipe.get(name)
            pipe.hget(names[0], "not a hash")
            answers = await pipe.execute(raise_on_error=False)
        assert answers[:-1] == [name * 2 for name in names]
        assert isinstance(answers[-1], Exception)
        async with client.pipeline(transaction=True) as pipe:
            pipe.hset("{a}1", mapping={"x": "y"})
            pipe.publish("{a}2", b"told")
            pipe.hget("{a}1", "x")
            assert (await pipe.execute())[-1] == b"y"
        assert await client.delete(*names) == 40
        assert await client.ping()
        assert (await client.time())[0] > 0
        assert (await client.info("persistence"))["aof_enabled"] == 1


async def test_a_script_or_a_transaction_over_two_slots_is_refused_before_anything_is_asked(cluster: Cluster) -> None:
    async with client_of(cluster.url) as client:
        with pytest.raises(CrossesSlots):
            await ADD(client, keys=[b"{a}", b"{b}"], args=[b"x"])
        async with client.pipeline(transaction=True) as pipe:
            pipe.set("{a}", 1)
            pipe.set("{b}", 1)
            with pytest.raises(CrossesSlots):
                await pipe.execute()


async def test_whatever_is_published_in_a_cluster_is_heard_where_its_slot_is(cluster: Cluster) -> None:
    channels = channels_of(cluster.url)
    running_ = asyncio.create_task(channels.run())
    async with client_of(cluster.url) as client:
        async with channels.listen(b"{a}", b"{b}", b"{c}", b"{d}") as listener, asyncio.timeout(10):
            assert await listener.next() == Gap()
            for at, name in enumerate((b"{a}", b"{b}", b"{c}", b"{d}")):
                assert await ADD(client, keys=[name], args=[b"one%d" % at]) == 1
                assert await listener.next() == Heard(name, b"one%d" % at)
            await client.publish(b"{a}", b"by itself")
            assert await listener.next() == Heard(b"{a}", b"by itself")
        await client.delete(b"{a}", b"{b}", b"{c}", b"{d}")
    running_.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running_


async def test_a_slot_that_goes_elsewhere_is_followed_by_words_and_by_ears(cluster: Cluster) -> None:
    channels = channels_of(cluster.url)
    running_ = asyncio.create_task(channels.run())
    slot = cluster.servers[0].asked("CLUSTER", "KEYSLOT", "{moves}")
    was = cluster.owner(b"{moves}")
    other = next(each for each in cluster.servers if each is not was)
    async with client_of(cluster.url) as client:
        async with channels.listen(b"{moves}") as listener, asyncio.timeout(15):
            assert await listener.next() == Gap()
            for server in (other, was):
                server.asked("CLUSTER", "SETSLOT", slot, "NODE", other.asked("CLUSTER", "MYID"))
            await client.set("{moves}", b"there")
            assert await client.get("{moves}") == b"there"
            assert other.asked("EXISTS", "{moves}") == 1
            assert await listener.next() == Gap()
            await client.publish(b"{moves}", b"heard")
            assert await listener.next() == Heard(b"{moves}", b"heard")
        await client.delete("{moves}")
    running_.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running_


async def test_embers_in_a_cluster_lie_under_one_tag_and_are_found_from_one_to_the_next(cluster: Cluster) -> None:
    async with client_of(cluster.url, embers=True) as client:
        chain = Script("redis.call('SET', KEYS[1], KEYS[2]) redis.call('SET', KEYS[2], 'found') return KEYS[2]")
        second = await chain(client, keys=[b"tg:1", b"t:2"])
        assert second == EMBERS + b"t:2"
        assert await client.get(b"t:2") == await client.get(second) == b"found"
        assert await client.delete(b"tg:1", second) == 2


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sentinels]:
    with running(Sentinels(tmp_path_factory.mktemp("s"), KEPT, replicas=1)) as made:
        yield made


async def test_a_word_that_no_replica_has_is_not_kept_and_the_same_word_counts_once_it_has(
    watched: Sentinels, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "WAIT_IN_ALL", 1.0)
    copy = next(each for each in watched.servers if each is not watched.primary())
    async with client_of(watched.url) as client:
        assert await ADD(client, keys=[b"{c}"], args=[b"one"]) == 1
        copy.stands_still()
        try:
            with pytest.raises(ValkeyAway, match=r"TimeoutError|NotCopied"):
                await ADD(client, keys=[b"{c}"], args=[b"two"])
            assert await client.hget("{c}", "seq") == b"2", "what is only read waits for nobody"
        finally:
            copy.goes_on()
            monkeypatch.undo()
        assert await ADD(client, keys=[b"{c}"], args=[b"two"]) == 2
        assert int(copy.asked("HGET", "{c}", "seq")) == 2


async def test_a_primary_that_is_killed_takes_no_acknowledged_word_along(watched: Sentinels) -> None:
    channels = channels_of(watched.url)
    running_ = asyncio.create_task(channels.run())
    until(watched.is_whole, "a replica")
    gone = watched.primary()
    async with client_of(watched.url) as client, channels.listen(b"{f}") as listener, asyncio.timeout(40):
        assert await listener.next() == Gap()
        kept: dict[bytes, int] = {}
        for at in range(40):
            word = b"w%d" % at
            if at == 20:
                gone.kill()
                # Two of three stay: the copy of the one that is left over comes back with the one that was killed.
                gone.start()
            while word not in kept:
                try:
                    kept[word] = await ADD(client, keys=[b"{f}"], args=[word])
                except ValkeyAway:
                    await asyncio.sleep(0.05)
        assert sorted(kept.values()) == list(range(1, 41))
        heard: list[Heard | Gap] = []
        while Gap() not in heard:
            heard.append(await listener.next())
        # Nobody hears of a word that is not kept.
        assert {each.payload for each in heard if isinstance(each, Heard)} <= set(kept)
    held = watched.primary().asked("HGETALL", "{f}")
    found = held if isinstance(held, dict) else dict(zip(held[::2], held[1::2], strict=True))
    assert {word: int(found[word.decode()]) for word in kept} == kept
    running_.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running_


async def test_a_start_beside_a_replica_that_is_away_says_so_and_goes_on(
    cluster: Cluster, watched: Sentinels, capsys: pytest.CaptureFixture[str]
) -> None:
    durable, ember = cluster.url.replace("copies=0", "copies=1"), watched.url
    with pytest.raises(UnfitStore, match=r"ember.*writes to a disk"):
        await asyncio.to_thread(look_over, durable, ember)
    assert "has 0 replicas now" in capsys.readouterr().err


async def test_two_who_learn_at_once_that_servers_are_gone_let_go_of_them_once(cluster: Cluster) -> None:
    class Slow:
        """A line whose end takes a moment."""

        ended = 0
        is_busy = False

        async def aclose(self) -> None:
            await asyncio.sleep(0)
            self.ended += 1

    asker = ClusterAsker(read_place(cluster.url))
    lines: Any = {("gone", 1): Slow(), ("gone", 2): Slow()}
    asker._lines, held = dict(lines), list(lines.values())
    await asyncio.gather(asker._let_go(), asker._let_go())
    assert [each.ended for each in held] == [1, 1]
    await asker.aclose()
