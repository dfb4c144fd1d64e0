"""What a clock wrote that was ahead is pulled down once it is set back, and nothing else is ever moved."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chat.queue import Tier, rank, tier_of
from chat.retention import Sweeper
from chat.store import ahead, keys
from chat.store.ahead import APART_MS, LONGEST_MS, AheadStore
from chat.sweeps.kept import KeptSweep
from portal.operation.moments import ClockWatch
from portal.store.valkey import Valkey, connect
from tests.chat.conftest import ChatHouse
from tests.support.rooms import Valkeys

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
DAY_MS = 86_400_000
LATE_TALK = keys.state(bytes(16))


# The scores and moments themselves


@pytest.fixture
async def client(valkeys: Valkeys) -> AsyncIterator[Valkey]:
    """The durable store without a room: what these tests write is gone afterwards."""
    mine = (*LONGEST_MS, keys.WAITING, keys.ENDS, LATE_TALK)
    made = connect(valkeys.durable.url)
    for key in mine:
        await made.delete(key)
    yield made
    for key in mine:
        await made.delete(key)
    await made.aclose()


async def now_of(client: Valkey) -> int:
    seconds, micros = await client.time()
    return int(seconds) * 1000 + int(micros) // 1000


async def scores(client: Valkey, key: bytes) -> dict[bytes, int]:
    rows: Any = await client.zrange(key, 0, -1, withscores=True)
    return {name: int(score) for name, score in rows}


@pytest.mark.parametrize("key", LONGEST_MS, ids=lambda key: key.decode().partition(":")[2])
async def test_what_no_clock_of_the_house_could_write_is_pulled_down_in_its_order(client: Valkey, key: bytes) -> None:
    now, longest = await now_of(client), LONGEST_MS[key]
    # The right one was written by a server that is as far ahead of this one as two may be.
    right = now + longest + APART_MS
    await client.zadd(key, {b"right": right, b"one": now + DAY_MS + longest, b"other": now + DAY_MS + longest + 7})

    assert not await AheadStore(client).pull_down(now, None), "one look is enough"
    assert await scores(client, key) == {b"right": right, b"one": now + longest - 1, b"other": now + longest}


async def test_a_server_whose_own_clock_is_behind_pulls_nothing(client: Valkey) -> None:
    right = await now_of(client)
    written = {b"one": right + LONGEST_MS[keys.LEASES]}
    await client.zadd(keys.LEASES, written)

    for behind in (APART_MS // 2, DAY_MS):
        assert await AheadStore(client).pull_down(right - behind, 0) is (behind == DAY_MS), "it looks again"
        assert await scores(client, keys.LEASES) == written


async def test_whoever_queued_while_it_was_ahead_stands_before_who_comes_later(client: Valkey) -> None:
    now = await now_of(client)
    came = [(Tier.RETURNED, 1), (Tier.URGENT, 2), (Tier.ORDINARY, 3), (Tier.ORDINARY, 4)]
    early = {b"o": rank(Tier.ORDINARY, now - 60_000)}
    await client.zadd(keys.WAITING, early | {b"%d" % n: rank(tier, now + DAY_MS + n) for tier, n in came})
    await AheadStore(client).pull_down(now, None)
    await client.zadd(keys.WAITING, {b"l": rank(Tier.ORDINARY, now + 1)})

    found = await scores(client, keys.WAITING)
    assert b"".join(found) == b"12o34l"
    assert [tier_of(found[b"%d" % n]) for _, n in came] == [tier for tier, _ in came]


async def test_many_are_pulled_a_few_at_once_and_keep_their_order(
    client: Valkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ahead, "AT_ONCE", 2)
    now = await now_of(client)
    await client.zadd(keys.WAITING, {b"%d" % n: rank(Tier.ORDINARY, now + DAY_MS + n) for n in range(5)})

    looks = [await AheadStore(client).pull_down(now + 2_000 * n, None) for n in range(3)]
    assert looks == [True, True, False]
    assert b"".join(await scores(client, keys.WAITING)) == b"01234"


async def test_a_wrap_up_ends_in_its_time_and_is_left_where_nobody_knows(client: Valkey) -> None:
    now, length = await now_of(client), 1_800_000
    await client.zadd(keys.ENDS, {b"late": now + DAY_MS, b"right": now + length, b"over": 0})
    await AheadStore(client).pull_down(now, None)
    assert await client.zscore(keys.ENDS, b"late") == now + DAY_MS

    await AheadStore(client).pull_down(now, length)
    assert await scores(client, keys.ENDS) == {b"over": 0, b"late": now + length, b"right": now + length}


async def test_the_moments_of_a_talk_keep_their_order_too(client: Valkey) -> None:
    now = await now_of(client)
    right: dict[Any, Any] = {"spoke": now - 9, "sign": now + APART_MS, "tier": 2, "how": ""}
    await client.hset(LATE_TALK, mapping=right | {"told": now + DAY_MS, "lost": now + DAY_MS + 5})
    store = AheadStore(client)

    assert [await store.settle(bytes(16), now), await store.settle(bytes(16), now)] == [True, False]
    expected = right | {"told": now - 1, "lost": now}
    assert await client.hgetall(LATE_TALK) == {k.encode(): str(v).encode() for k, v in expected.items()}


# The house, in which somebody vanishes or queues meanwhile


@dataclass
class Hands:
    """The clock of a house: time passes, or it jumps, which the one that only goes forward does not."""

    house: ChatHouse
    off_s: float = 0.0

    def jumps(self, by: timedelta) -> None:
        self.off_s += by.total_seconds()
        self.house.clock.advance(by)

    def steady(self) -> float:
        return self.house.clock.now().timestamp() - self.off_s

    async def sweeps(self) -> None:
        await self.house.sweeper.sweep_by_a_clock_that_stands()


@pytest.fixture
async def hands(house: ChatHouse) -> Hands:
    """Later than the store's clock, also once it is set back: so it is its own that is judged by. It has swept once."""
    house.clock.advance(datetime.now(UTC) + 2 * DAY - house.clock.now())
    hands = Hands(house)
    house.services.lookout.clock = ClockWatch(house.clock, hands.steady)
    await hands.sweeps()
    return hands


async def test_after_a_day_ahead_and_back_nobody_is_left_behind(house: ChatHouse, hands: Hands) -> None:
    hands.jumps(DAY)
    await hands.sweeps()
    talk, _ = await house.talking()
    waits = await house.waiting("while it was ahead")
    hands.jumps(-DAY)
    await hands.sweeps()
    later = await house.waiting("afterwards")

    assert await house.relay.desk.everyone() == [waits.id, later.id]
    assert (await house.relay.desk.owner(talk.id)) is not None
    # From here on her advocate's page says nothing more, and neither does hers.
    house.clock.advance(timedelta(seconds=91))
    await hands.sweeps()
    assert await house.relay.desk.owner(talk.id) is None
    (looked,) = await house.relay.clocks.look([talk.id])
    facts = await house.relay.talks.facts(talk.id)
    assert looked.life is not None
    assert facts is not None
    moments = looked.life.spoke_ms, looked.life.seen_ms or 0, facts.arrived_ms
    assert max(moments) <= house.relay.now_ms()


async def test_a_process_begun_after_it_was_set_back_does_it_too(house: ChatHouse, hands: Hands) -> None:
    hands.jumps(DAY)
    waits = await house.waiting("while it was ahead")
    hands.jumps(-DAY)
    house.services.lookout.clock = ClockWatch(house.clock, hands.steady)
    await Sweeper(house.relay).sweep_by_a_clock_that_stands()
    later = await house.waiting("afterwards")

    assert await house.relay.desk.everyone() == [waits.id, later.id]


@pytest.mark.parametrize("first", [DAY, -DAY], ids=["ahead and back", "behind and right again"])
async def test_only_a_wrap_up_begun_ahead_is_pulled(house: ChatHouse, hands: Hands, first: timedelta) -> None:
    if first > timedelta():
        hands.jumps(first)
        await hands.sweeps()
    _, desk = await house.talking()
    await house.relay.close(desk)
    before = await house.relay.desk.wrap_up_ends(desk.id)
    hands.jumps(-DAY)
    await hands.sweeps()
    ends = await house.relay.desk.wrap_up_ends(desk.id)

    assert before is not None
    wrap_up_ms = house.services.now.wrap_up_minutes * 60_000
    assert ends == (house.relay.now_ms() + wrap_up_ms if first > timedelta() else before)


class Counted:
    """A book of rows, none of them over; it counts how often it was asked."""

    asked = 0

    async def forget_over(self) -> bool:
        self.asked += 1
        return False

    async def empty_log(self) -> bool:
        raise AssertionError("nothing was deleted")


async def test_what_goes_by_days_is_looked_at_after_the_clock_was_set_back() -> None:
    book, now_ms = Counted(), 10 * DAY_MS
    sweep = KeptSweep([book])
    for at in (now_ms, now_ms + 1, now_ms - DAY_MS, now_ms - DAY_MS + 1):
        await sweep.sweep(at)

    assert book.asked == 2
