"""The packed connection: the library's answers, in order, each to its caller, whatever breaks in between."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from redis.asyncio import Redis
from redis.exceptions import NoScriptError, ResponseError

from portal.store import asking, line
from portal.store.embedded import EmbeddedValkey
from portal.store.valkey import Script, Valkey, ValkeyAway, connect

# Remembers what it has done, as every script of the chat does: done twice it is done once.
ONCE = Script(
    """
local known = redis.call('HGET', KEYS[1], ARGV[1])
if known then return tonumber(known) end
redis.call('HSET', KEYS[1], ARGV[1], redis.call('INCR', KEYS[2]))
return tonumber(redis.call('HGET', KEYS[1], ARGV[1]))
"""
)


@pytest.fixture
async def client(server: EmbeddedValkey) -> AsyncIterator[Valkey]:
    client = connect(server.url)
    yield client
    await client.aclose()


_KEYS: Final = (b"a", b"b", b"c", b"h", b"s", b"x", b"z")

_bytes, _name = st.binary(max_size=300), st.sampled_from([b"a", b"b", b"c"])
_commands = st.one_of(
    st.tuples(st.just("SET"), _name, _bytes),
    st.tuples(st.just("GET"), _name),
    st.tuples(st.just("GETDEL"), _name),
    st.tuples(st.just("INCRBY"), _name, st.integers(-(2**70), 2**70)),
    st.tuples(st.just("HSET"), st.just(b"h"), _bytes, _bytes),
    st.tuples(st.just("HGETALL"), st.just(b"h")),
    st.tuples(st.just("HMGET"), st.just(b"h"), _bytes, _bytes),
    st.tuples(st.just("ZADD"), st.just(b"z"), st.floats(allow_nan=False), _bytes),
    st.tuples(st.just("ZSCORE"), st.just(b"z"), _bytes),
    st.tuples(st.just("ZRANGE"), st.just(b"z"), st.just(0), st.just(-1), st.just("WITHSCORES")),
    st.tuples(st.just("SADD"), st.just(b"s"), _bytes),
    st.tuples(st.just("SMEMBERS"), st.just(b"s")),
    st.tuples(st.just("XADD"), st.just(b"x"), st.integers(1, 99).map(lambda n: f"{n}-0"), st.just("e"), _bytes),
    st.tuples(st.just("XRANGE"), st.just(b"x"), st.just("-"), st.just("+")),
    st.tuples(st.just("EVAL"), st.just("return {ARGV[1], 1, {2, false}, 'x'}"), st.just(0), _bytes),
    st.tuples(st.just("EVAL"), st.just("return redis.error_reply('WRONG ' .. ARGV[1])"), st.just(0), st.just(b"!")),
    st.tuples(st.just("EVALSHA"), st.just("0" * 40), st.just(0)),
    st.tuples(st.just("NOSUCH"), _bytes),
)


async def _told(asked: Any) -> Any:
    try:
        return await asked
    except ResponseError as error:
        return error


async def _asked(client: Redis, commands: list[Any], how: str) -> list[Any]:
    if how == "one by one":
        return [await _told(_ask(client, command)) for command in commands]
    if how == "at once":
        return await asyncio.gather(*(_told(_ask(client, command)) for command in commands))
    async with client.pipeline(transaction=how == "in one breath") as pipe:
        for command in commands:
            pipe.execute_command(*command)
        try:
            return await pipe.execute(raise_on_error=False)
        except ResponseError as error:
            return [error]


def _ask(client: Redis, command: Any) -> Any:
    return client.execute_command(*command)  # type: ignore[no-untyped-call]


def _same(ours: Any, theirs: Any) -> bool:
    if isinstance(theirs, Exception):
        return type(ours) is type(theirs)
    return type(ours) is type(theirs) and bool(ours == theirs)


@pytest.fixture(scope="module")
def two_servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    both = [EmbeddedValkey("ember", run=tmp_path_factory.mktemp("packed") / "run", folder=None) for _ in range(2)]
    for each in both:
        each.start()
        each.wait_until_ready()
    yield both[0].url, both[1].url
    for each in both:
        each.stop()


@given(
    commands=st.lists(_commands, min_size=1, max_size=25),
    how=st.sampled_from(["one by one", "at once", "piped", "in one breath"]),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_answers_as_the_library_does(two_servers: tuple[str, str], commands: list[Any], how: str) -> None:
    async def compare() -> None:
        ours, theirs = connect(two_servers[0]), Redis.from_url(two_servers[1], protocol=3)
        try:
            for client in (ours, theirs):
                await client.delete(*_KEYS)
            came = await _asked(ours, commands, how)
            # The library opens a connection for each that are asked at once, which keeps no order.
            expected = await _asked(theirs, commands, "one by one" if how == "at once" else how)
            for mine, other in zip(came, expected, strict=True):
                assert _same(mine, other)
        finally:
            await ours.aclose()
            await theirs.aclose()

    asyncio.run(compare())


async def test_an_error_in_the_middle_is_told_to_its_caller_alone(client: Valkey) -> None:
    await client.set(b"words", b"not a number")
    first, wrong, last = await asyncio.gather(
        client.incr(b"n"), client.incr(b"words"), client.incr(b"n"), return_exceptions=True
    )

    assert (first, last) == (1, 2)
    assert isinstance(wrong, ResponseError)


async def test_a_pipeline_stops_at_its_first_error_and_a_script_that_is_not_there_keeps_its_name(
    client: Valkey,
) -> None:
    async with client.pipeline(transaction=False) as pipe:
        pipe.set(b"a", b"1")
        pipe.hget(b"a", "x")
        with pytest.raises(ResponseError):
            await pipe.execute()
    assert await client.get(b"a") == b"1"
    with pytest.raises(NoScriptError):
        await client.evalsha("0" * 40, 0)


async def test_nobody_comes_between_the_commands_of_a_transaction(client: Valkey) -> None:
    async def both() -> list[Any]:
        async with client.pipeline(transaction=True) as pipe:
            pipe.incr(b"n")
            await asyncio.sleep(0)
            pipe.incr(b"n")
            return await pipe.execute()

    pairs = await asyncio.gather(*(both() for _ in range(200)))

    assert all(second == first + 1 for first, second in pairs)


async def test_callers_who_hang_up_leave_nobody_anothers_answer(client: Valkey) -> None:
    await client.mset({b"%d" % n: b"%d" % n for n in range(100)})
    for turn in range(30):
        asked = [asyncio.ensure_future(client.get(b"%d" % n)) for n in range(100)]
        await asyncio.sleep(0)
        for n in range(turn % 3, 100, 3):
            asked[n].cancel()
        came = await asyncio.gather(*asked, return_exceptions=True)
        for n, answer in enumerate(came):
            assert answer == b"%d" % n or isinstance(answer, asyncio.CancelledError)


async def test_through_kills_of_the_server_whatever_was_answered_was_done_once(
    server: EmbeddedValkey, client: Valkey
) -> None:
    done: dict[int, int] = {}
    is_over = asyncio.Event()

    async def ask(name: int) -> None:
        turn = 0
        while not is_over.is_set():
            turn += 1
            key = name * 100_000 + turn
            for _ in range(20):
                try:
                    done[key] = await ONCE(client, keys=[b"known", b"n"], args=[key])
                    break
                except ValkeyAway:
                    await asyncio.sleep(0.05)

    askers = [asyncio.create_task(ask(name)) for name in range(20)]
    for _ in range(3):
        await asyncio.sleep(0.2)
        assert server.process is not None
        server.process.kill()
        await asyncio.to_thread(server.process.wait)
        await asyncio.to_thread(server.start)
        await asyncio.to_thread(server.wait_until_ready)
    await asyncio.sleep(0.2)
    is_over.set()
    await asyncio.gather(*askers)

    kept = {int(key): int(n) for key, n in (await client.hgetall(b"known")).items()}
    assert len(done) > 100
    assert all(kept[key] == n for key, n in done.items())
    assert len(set(kept.values())) == len(kept)


async def test_a_frozen_server_is_given_up_by_all_at_once_and_found_again(
    server: EmbeddedValkey, client: Valkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "WAIT_FOR_AN_ANSWER", 0.3)
    client = connect(server.url)
    assert server.process is not None
    try:
        await client.ping()
        server.process.send_signal(signal.SIGSTOP)
        loop = asyncio.get_running_loop()
        began = loop.time()
        came = await asyncio.gather(*(client.incr(b"n") for _ in range(50)), return_exceptions=True)
        assert all(isinstance(each, ValkeyAway) for each in came)
        assert loop.time() - began < 2
        server.process.send_signal(signal.SIGCONT)
        for _ in range(100):
            try:
                assert await client.ping()
                break
            except ValkeyAway:
                await asyncio.sleep(0.05)
        else:
            pytest.fail("it was never found again")
    finally:
        server.process.send_signal(signal.SIGCONT)
        await client.aclose()


async def test_more_than_can_wait_are_turned_away_at_once(client: Valkey, monkeypatch: pytest.MonkeyPatch) -> None:
    await client.ping()
    monkeypatch.setattr(line, "MOST_ASKED", 10)
    came = await asyncio.gather(*(client.incr(b"n") for _ in range(30)), return_exceptions=True)

    assert sum(isinstance(each, ValkeyAway) for each in came) == 20
    monkeypatch.undo()
    assert await client.incr(b"n") == 11


async def test_one_who_waits_for_the_connection_and_leaves_does_not_take_it_from_the_others(
    server: EmbeddedValkey,
) -> None:
    client = connect(server.url)
    try:
        asked = [asyncio.ensure_future(client.incr(b"n")) for _ in range(5)]
        await asyncio.sleep(0)
        asked[0].cancel()
        came = await asyncio.gather(*asked, return_exceptions=True)
        assert isinstance(came[0], asyncio.CancelledError)
        assert came[1:] == [1, 2, 3, 4]
    finally:
        await client.aclose()


async def test_what_cannot_be_packed_shifts_no_answer(client: Valkey) -> None:
    await client.set(b"a", b"mine")
    came = await asyncio.gather(
        client.get(b"a"), client.execute_command("SET", b"b", object()), client.get(b"a"), return_exceptions=True
    )

    assert came[0] == came[2] == b"mine"
    assert isinstance(came[1], Exception)
    assert not isinstance(came[1], ValkeyAway)


@pytest.mark.parametrize("is_connected", [True, False])
async def test_closing_tells_whoever_still_waits(server: EmbeddedValkey, is_connected: bool) -> None:
    client = connect(server.url)
    if is_connected:
        await client.ping()
    assert server.process is not None
    server.process.send_signal(signal.SIGSTOP)
    try:
        waiting = asyncio.ensure_future(client.get(b"a"))
        await asyncio.sleep(0 if is_connected else 0.05)
        await client.aclose()
        server.process.send_signal(signal.SIGCONT)
        with pytest.raises(ValkeyAway):
            await waiting
    finally:
        server.process.send_signal(signal.SIGCONT)
