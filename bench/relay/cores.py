"""Keeps the load apart from what is loaded: servers and brokers on one core, the generator on another."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

SERVERS_CORE, GENERATOR_CORE = 0, 1
_OURS: set[int] = os.sched_getaffinity(0) if hasattr(os, "sched_setaffinity") else set()
ARE_APART = {SERVERS_CORE, GENERATOR_CORE} <= _OURS


@contextmanager
def on_the_servers_core() -> Iterator[None]:
    """What is started inside lives on the servers' core."""
    with _on(SERVERS_CORE):
        yield


@contextmanager
def on_the_generators_core() -> Iterator[None]:
    """What runs inside leaves the servers alone with their core."""
    with _on(GENERATOR_CORE):
        yield


@contextmanager
def _on(core: int) -> Iterator[None]:
    if not ARE_APART:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
