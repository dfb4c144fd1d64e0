"""Argon2 runs as written down, and a flood at one door leaves the others open."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Coroutine
from typing import Any

import pytest

from portal.vault.errors import PoolFull, SealBroken
from portal.vault.passwords import FILING, HEAVIEST, STAFF, Parameters, Pool, Pools, argon2id

SALT = b"a salt of 16 by."


def test_the_parameters_are_those_written_down() -> None:
    assert Parameters(19 * 1024, 2, 1) == FILING
    assert Parameters(64 * 1024, 3, 1) == STAFF


def test_argon2id_gives_the_bytes_it_always_gave() -> None:
    assert argon2id(FILING, b"4210987654321098765432141", SALT).hex() == (
        "4e9590d0ade1d22e9e997395b173750b1350f1d0cb2da154c79c6d2a487b700f"
    )
    assert argon2id(STAFF, "Am\u00e9lie".encode(), SALT).hex() == (
        "954f3c521ec270c4029907fdd21bb3eb56e6c8231679428c42d72ec4cac5f22b"
    )


@pytest.mark.parametrize("parameters", [FILING, STAFF, HEAVIEST])
def test_parameters_are_read_again(parameters: Parameters) -> None:
    assert Parameters.decode(parameters.encode()) == parameters


@pytest.mark.parametrize(
    "weak_or_heavy",
    [
        Parameters(19 * 1024 - 1, 2, 1),
        Parameters(19 * 1024, 1, 1),
        Parameters(19 * 1024, 2, 0),
        Parameters(512 * 1024 + 1, 2, 1),
        Parameters(19 * 1024, 11, 1),
        Parameters(19 * 1024, 2, 5),
    ],
)
def test_a_row_can_neither_weaken_nor_overload_argon2(weak_or_heavy: Parameters) -> None:
    with pytest.raises(SealBroken):
        Parameters.decode(weak_or_heavy.encode())


def test_every_other_spelling_of_parameters_is_refused() -> None:
    encoded = FILING.encode()
    for wrong in (b"", encoded[:-1], encoded + b"\0", b"\x02" + encoded[1:]):
        with pytest.raises(SealBroken):
            Parameters.decode(wrong)


def test_a_short_salt_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        argon2id(FILING, b"secret", b"short")


class Gate:
    """Work that waits until it is let through, in place of a long run."""

    def __init__(self) -> None:
        self.opened = threading.Event()
        self.began = threading.Semaphore(0)
        self.runs = 0

    def work(self, _parameters: Parameters, secret: bytes, _salt: bytes) -> bytes:
        self.runs += 1
        self.began.release()
        assert self.opened.wait(20)
        return secret


def _run(story: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(story, 30))


def test_a_pool_runs_argon2() -> None:
    async def story() -> None:
        pools = Pools()
        try:
            for pool in (pools.staff, pools.known, pools.coming_back, pools.filing):
                assert await pool.run(FILING, b"secret", SALT) == argon2id(FILING, b"secret", SALT)
        finally:
            await pools.close()

    _run(story())


def test_a_full_pool_refuses_at_once_and_the_others_go_on() -> None:
    async def story() -> None:
        gate = Gate()
        full, other = Pool("full", 1, 2, gate.work), Pool("other", 1, 2)
        try:
            taken = [asyncio.ensure_future(full.run(FILING, b"%d" % at, SALT)) for at in range(3)]
            await asyncio.sleep(0)
            assert full.busy == 3
            with pytest.raises(PoolFull):
                await full.run(FILING, b"late", SALT)
            assert await other.run(FILING, b"secret", SALT)
            gate.opened.set()
            assert await asyncio.gather(*taken) == [b"0", b"1", b"2"]
            assert full.busy == 0
            assert await full.run(FILING, b"again", SALT) == b"again"
        finally:
            gate.opened.set()
            await full.close()
            await other.close()

    _run(story())


def test_who_gives_up_waiting_leaves_her_place_to_another() -> None:
    async def story() -> None:
        gate = Gate()
        pool = Pool("pool", 1, 1, gate.work)
        try:
            running = asyncio.ensure_future(pool.run(FILING, b"running", SALT))
            await asyncio.to_thread(gate.began.acquire)
            waiting = asyncio.ensure_future(pool.run(FILING, b"waiting", SALT))
            await asyncio.sleep(0)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            assert pool.busy == 1
            next_one = asyncio.ensure_future(pool.run(FILING, b"next", SALT))
            await asyncio.sleep(0)
            gate.opened.set()
            assert await running == b"running"
            assert await next_one == b"next"
            assert gate.runs == 2
        finally:
            gate.opened.set()
            await pool.close()

    _run(story())


def test_who_leaves_during_a_run_keeps_its_place_until_it_is_done() -> None:
    async def story() -> None:
        gate = Gate()
        pool = Pool("pool", 1, 0, gate.work)
        try:
            running = asyncio.ensure_future(pool.run(FILING, b"running", SALT))
            await asyncio.to_thread(gate.began.acquire)
            running.cancel()
            with pytest.raises(asyncio.CancelledError):
                await running
            with pytest.raises(PoolFull):
                await pool.run(FILING, b"too early", SALT)
            gate.opened.set()
            while pool.busy:  # noqa: ASYNC110  the worker's thread gives the place back; no event of this loop tells
                await asyncio.sleep(0.001)
            assert await pool.run(FILING, b"now", SALT) == b"now"
        finally:
            gate.opened.set()
            await pool.close()

    _run(story())


def test_the_last_places_are_kept_for_who_has_waited() -> None:
    async def story() -> None:
        gate = Gate()
        pool = Pool("kept", 1, 2, gate.work, kept=2)
        try:
            first = asyncio.ensure_future(pool.run(FILING, b"first", SALT))
            await asyncio.sleep(0)
            with pytest.raises(PoolFull):
                await pool.run(FILING, b"new", SALT)
            waited = [asyncio.ensure_future(pool.run(FILING, b"%d" % at, SALT, has_waited=True)) for at in range(2)]
            await asyncio.sleep(0)
            with pytest.raises(PoolFull):
                await pool.run(FILING, b"waited too", SALT, has_waited=True)
            gate.opened.set()
            assert await asyncio.gather(first, *waited) == [b"first", b"0", b"1"]
        finally:
            gate.opened.set()
            await pool.close()

    _run(story())


def test_a_worker_yields_to_the_event_loop() -> None:
    def rank(*_: object) -> bytes:
        return b"%d" % os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    async def story() -> None:
        pool = Pool("kind", 1, 1, rank, nice=15)
        try:
            before = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
            assert int(await pool.run(FILING, b"secret", SALT)) == max(15, before)
            assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == before
        finally:
            await pool.close()

    _run(story())


def test_closing_drops_who_waits_and_ends_the_workers() -> None:
    async def story() -> None:
        gate = Gate()
        pool = Pool("closing", 1, 1, gate.work)
        running = asyncio.ensure_future(pool.run(FILING, b"running", SALT))
        await asyncio.to_thread(gate.began.acquire)
        waiting = asyncio.ensure_future(pool.run(FILING, b"waiting", SALT))
        await asyncio.sleep(0)
        closing = asyncio.ensure_future(pool.close())
        with pytest.raises(asyncio.CancelledError):
            await waiting
        gate.opened.set()
        assert await running == b"running"
        await closing
        assert not [thread for thread in threading.enumerate() if thread.name.startswith("closing")]
        with pytest.raises(RuntimeError):
            await pool.run(FILING, b"after", SALT)
        assert pool.busy == 0

    _run(story())


def test_work_that_fails_gives_its_place_back() -> None:
    async def story() -> None:
        pool = Pool("failing", 1, 0)
        try:
            with pytest.raises(ValueError, match="16 bytes"):
                await pool.run(FILING, b"secret", b"short")
            assert pool.busy == 0
        finally:
            await pool.close()

    _run(story())
