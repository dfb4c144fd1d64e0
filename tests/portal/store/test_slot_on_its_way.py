"""A talk whose slot an operator is moving: kept where it goes, shown when a replica has it, told once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from portal.store import asking
from portal.store.channels import Heard
from portal.store.valkey import ValkeyAway
from tests.portal.store.test_copied_words import at_last, hearing
from tests.portal.store.test_engines import ADD, client_of
from tests.support.valkey_server import Server
from tests.support.valkey_sets import KEPT, Cluster, running


@pytest.fixture(scope="module", params=[0, 1], ids=["to one that has others", "to one that has none"])
def on_its_way(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Cluster, Server, Server]]:
    """A Cluster in which the slot of {way} is being moved, with one key in it: from where, and where to."""
    with running(Cluster(tmp_path_factory.mktemp("o"), KEPT, many=2, idle=request.param)) as made:
        was = made.owner(b"{way}")
        will = next(each for each in made.servers if each is not was and each.info("replication")["role"] == "master")
        slot = was.asked("CLUSTER", "KEYSLOT", "{way}")
        was.asked("XADD", "{way}log", "*", "words", "one")
        will.asked("CLUSTER", "SETSLOT", slot, "IMPORTING", was.asked("CLUSTER", "MYID"))
        was.asked("CLUSTER", "SETSLOT", slot, "MIGRATING", will.asked("CLUSTER", "MYID"))
        yield made, was, will


def replica_of(made: Cluster, primary: Server) -> Server:
    return next(each for each in made.servers if each.info("replication").get("master_port") == primary.port)


async def test_a_word_for_a_slot_that_is_on_its_way_is_kept_where_it_goes_and_by_a_replica(
    on_its_way: tuple[Cluster, Server, Server],
) -> None:
    made, was, will = on_its_way
    # Neither has the key: whoever asks is sent on, for this one question.
    async with client_of(made.url) as client, asyncio.timeout(30):
        assert await client.get("{way}") is None
        assert await ADD(client, keys=[b"{way}"], args=[b"one"]) == 1
        assert was.asked("EXISTS", "{way}log") == 1
        for each in (will, replica_of(made, will)):
            assert each.info("keyspace")["db0"]["keys"] == 1


async def test_what_is_told_of_it_is_told_once_however_late_its_replica(
    on_its_way: tuple[Cluster, Server, Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    made, _, will = on_its_way
    async with client_of(made.url) as client, hearing(made.url, b"{way}") as listener, asyncio.timeout(30):
        await ADD(client, keys=[b"{way}"], args=[b"two"])
        assert await listener.next() == Heard(b"{way}", b"two")
        monkeypatch.setattr(asking, "WAIT_IN_ALL", 0.9)
        copy = replica_of(made, will)
        copy.stands_still()
        try:
            word = asyncio.create_task(ADD(client, keys=[b"{way}"], args=[b"three"]))
            await asyncio.sleep(0.1)
            assert await client.get("{way}none") is None, "who looks anew whose the slots are cuts nobody off"
            with pytest.raises(ValkeyAway):
                await word
        finally:
            copy.goes_on()
        assert await listener.next() == Heard(b"{way}", b"three"), "with nobody asking again"


async def test_words_in_it_are_not_shown_before_a_replica_has_them(
    on_its_way: tuple[Cluster, Server, Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    # What is written before WAIT has to go where the slot goes, so it is refused, and WAIT says nothing of another's.
    made, was, _ = on_its_way
    monkeypatch.setattr(asking, "WAIT_IN_ALL", 0.4)
    async with client_of(made.url) as client, asyncio.timeout(30):
        with pytest.raises(ValkeyAway):
            await client.xrange("{way}log")
        was.asked("CLUSTER", "SETSLOT", was.asked("CLUSTER", "KEYSLOT", "{way}"), "STABLE")
        assert len(await at_last(lambda: client.xrange("{way}log"))) == 1


async def test_whatever_bytes_a_key_has_it_is_kept_at_once(on_its_way: tuple[Cluster, Server, Server]) -> None:
    # Of those that end in 32 random bytes one in eight has a closing brace; what is written before WAIT lies with it.
    made, _, _ = on_its_way
    async with client_of(made.url) as client, asyncio.timeout(30):
        for key in (form % at for form in (b"s:%d}x", b"s:{%d", b"{}%d", b"%d{}}") for at in range(8)):
            await client.set(key, b"one")
