"""Looks at a house's processes from outside: who lives, what is remembered, and when it is so again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import httpx
import psutil

from portal.store.valkey import connect
from tests.support.house import House
from tests.support.patience import PATIENCE_S
from tests.support.web import HERE


def until(is_so: Callable[[], bool], within: float) -> float:
    """Wait for it; how long it took. Fails when it does not come."""
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < within, f"not within {within} s"
        time.sleep(0.02)
    return time.monotonic() - began


def is_ready(house: House) -> bool:
    try:
        return httpx.get(f"{house.public}/health/ready", timeout=PATIENCE_S, **HERE).status_code == 200
    except httpx.TransportError:
        return False


def living(family: list[psutil.Process]) -> list[int]:
    return [each.pid for each in family if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]


def serving(house: House) -> set[int]:
    """The workers that live; one that is just being reaped is none."""
    for _ in range(20):
        try:
            return {each.pid for each in house.workers()}
        except psutil.Error:
            time.sleep(0.02)
    return set()


def address_of(house: House, which: str) -> str:
    """Where a private Valkey is reached, as the server itself leaves it for its own account."""
    return (house.data / "run" / f"{which}.url").read_text("utf-8").strip()


def remember(house: House, word: bytes) -> None:
    async def put() -> None:
        durable = connect(address_of(house, "durable"))
        await durable.set(b"test:word", word)
        await durable.aclose()

    asyncio.run(put())


def remembered(house: House) -> object:
    async def get() -> object:
        durable = connect(address_of(house, "durable"))
        word = await durable.get(b"test:word")
        await durable.aclose()
        return word

    return asyncio.run(get())
