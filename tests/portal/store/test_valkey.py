"""Talking to a Valkey: bounded waits, one error, scripts that survive a restart."""

from __future__ import annotations

import asyncio
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from portal.services import Services
from portal.store.embedded import EmbeddedValkey
from portal.store.valkey import Script, ValkeyAway, connect

ADD = Script("return redis.call('INCRBY', KEYS[1], ARGV[1])")


async def test_a_server_that_is_not_there_is_away_within_three_seconds(tmp_path: Path) -> None:
    client = connect(f"unix://{tmp_path}/nobody.sock")
    began = time.monotonic()
    with pytest.raises(ValkeyAway) as away:
        await client.get(b"a")

    assert time.monotonic() - began < 3
    assert away.value.status == 503
    assert str(tmp_path) not in f"{away.value} {away.value!r}"
    assert away.value.__cause__ is None
    await client.aclose()


async def test_a_server_that_is_silent_is_waited_for_once(tmp_path: Path) -> None:
    valkey = EmbeddedValkey("ember", run=tmp_path / "run", folder=None)
    valkey.start()
    valkey.wait_until_ready()
    client = connect(valkey.url)
    await client.ping()
    assert valkey.process is not None
    valkey.process.send_signal(signal.SIGSTOP)
    began = time.monotonic()
    try:
        with pytest.raises(ValkeyAway):
            await client.get(b"a")
        assert time.monotonic() - began < 5
    finally:
        valkey.process.send_signal(signal.SIGCONT)
        await client.aclose()
        valkey.stop()


async def test_a_pipeline_is_away_too(tmp_path: Path) -> None:
    client = connect(f"unix://{tmp_path}/nobody.sock")
    pipeline = client.pipeline()
    pipeline.set(b"a", b"1")
    with pytest.raises(ValkeyAway):
        await pipeline.execute()
    with pytest.raises(ValkeyAway):
        await ADD(client, keys=[b"a"], args=[1])
    await client.aclose()


async def test_an_address_with_a_password_is_shown_without_it() -> None:
    client = connect("redis://porch:canary@127.0.0.1:1")

    assert "canary" not in f"{client!r} {client.connection_pool!r} {client}"
    await client.aclose()


async def test_a_script_runs_by_its_digest_after_the_first_time(services: Services) -> None:
    add = Script("return redis.call('INCRBY', KEYS[1], ARGV[1])")

    assert [await add(services.durable, keys=[b"n"], args=[2]) for _ in range(3)] == [2, 4, 6]


async def test_a_script_is_sent_again_to_a_server_that_forgot_it(tmp_path: Path) -> None:
    valkey = EmbeddedValkey("ember", run=tmp_path / "run", folder=None)
    valkey.start()
    try:
        valkey.wait_until_ready()
        client = connect(valkey.url)
        assert await ADD(client, keys=[b"n"], args=[5]) == 5
        assert valkey.process is not None
        valkey.process.kill()
        valkey.process.wait()
        valkey.start()

        assert await ADD(client, keys=[b"n"], args=[7]) == 7
        await client.aclose()
    finally:
        valkey.stop()


async def test_many_callers_at_once_share_one_connection_and_each_gets_its_own_answer(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert services.settings.redis_url is not None
    client = connect(services.settings.redis_url.reveal())
    made: list[Any] = []
    make: Any = client.connection_pool.make_connection

    def counted() -> Any:
        made.append(make())
        return made[-1]

    monkeypatch.setattr(client.connection_pool, "make_connection", counted)
    answers = await asyncio.gather(*(client.incr(b"n") for _ in range(1_000)))
    await client.aclose()

    assert answers == list(range(1, 1_001))
    assert len(made) == 1


async def test_a_caller_that_is_cancelled_leaves_no_answer_for_the_next(services: Services) -> None:
    await services.durable.set(b"mine", b"mine")
    await services.durable.set(b"hers", b"hers")
    for _ in range(50):
        task = asyncio.ensure_future(services.durable.get(b"mine"))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

        assert await services.durable.get(b"hers") == b"hers"
