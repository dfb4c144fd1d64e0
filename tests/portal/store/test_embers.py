"""Embers last as long as they were told, and of two who take one, one gets it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from portal.services import Services

MINUTE = timedelta(minutes=1)


async def test_an_ember_is_kept_and_forgotten(services: Services) -> None:
    embers = services.embers
    await embers.put(b"e:1", b"ember", MINUTE)
    assert await embers.get(b"e:1") == b"ember"

    await embers.delete(b"e:1", b"e:never")
    assert await embers.get(b"e:1") is None
    await embers.delete()


async def test_an_ember_ends_by_itself(services: Services) -> None:
    await services.embers.put(b"e:1", b"ember", timedelta(milliseconds=30))
    await asyncio.sleep(0.06)

    assert await services.embers.get(b"e:1") is None


async def test_every_ember_has_an_end(services: Services) -> None:
    await services.embers.put(b"e:1", b"ember", MINUTE)
    await services.embers.put_new(b"e:2", b"ember", MINUTE)

    assert 0 < await services.ember_client.pttl(b"e:1") <= 60_000
    assert 0 < await services.ember_client.pttl(b"e:2") <= 60_000


async def test_of_many_who_take_one_gets_it(services: Services) -> None:
    await services.embers.put(b"e:1", b"ember", MINUTE)
    got = await asyncio.gather(*(services.embers.take(b"e:1") for _ in range(20)))

    assert sorted(got, key=str) == sorted([b"ember"] + [None] * 19, key=str)


async def test_of_many_who_put_new_one_does(services: Services) -> None:
    done = await asyncio.gather(*(services.embers.put_new(b"e:1", b"%d" % n, MINUTE) for n in range(20)))

    assert done.count(True) == 1
    assert await services.embers.get(b"e:1") == b"%d" % done.index(True)


async def test_an_ember_can_be_given_more_time_but_not_a_second_life(services: Services) -> None:
    await services.embers.put(b"e:1", b"ember", timedelta(seconds=5))

    assert await services.embers.extend(b"e:1", MINUTE)
    assert await services.ember_client.pttl(b"e:1") > 50_000
    assert not await services.embers.extend(b"e:never", MINUTE)


async def test_a_word_is_put_behind_an_ember_once_and_it_lasts_as_long_as_before(services: Services) -> None:
    embers = services.embers
    assert not await embers.mark(b"e:1", b"l", size=5)
    await embers.put(b"e:1", b"ember", MINUTE)

    done = await asyncio.gather(*(embers.mark(b"e:1", b"l", size=5) for _ in range(20)))

    assert done.count(True) == 1
    assert await embers.get(b"e:1") == b"emberl"
    assert 0 < await services.ember_client.pttl(b"e:1") <= 60_000


async def test_a_word_behind_an_ember_that_ends_in_that_moment_brings_nothing_back(services: Services) -> None:
    for _ in range(20):
        await services.embers.put(b"e:1", b"ember", MINUTE)
        await asyncio.gather(services.embers.mark(b"e:1", b"l", size=5), services.embers.quench(b"e:1", size=6))
        assert await services.embers.get(b"e:1") is None
