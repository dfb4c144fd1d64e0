"""Runs a piece of the house in processes of their own that are killed between two steps, and tells how each ended.

A test's file is also the program: started by `running_program`, it is loaded once and splits off a process an order.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from portal.clock import StillClock
from portal.services import Services
from portal.settings import Secret, Settings
from tests.support.rooms import wire

MOST_STEPS = 60
PATIENCE_S = 60


@dataclass
class Program:
    """The program beside the test."""

    process: asyncio.subprocess.Process

    async def asks(self, services: Services, *, together: int = 1, **told: Any) -> list[tuple[int, str]]:
        """What is told, done by a process of its own, or by several at once; how each ended, and what it showed."""
        settings = services.settings
        assert settings.redis_url is not None
        assert settings.ember_url is not None
        house = {
            "data": str(settings.data_dir),
            "keys": str(settings.keys_dir),
            "durable": settings.redis_url.reveal(),
            "ember": settings.ember_url.reveal(),
            "rows": None if settings.database_url is None else settings.database_url.reveal(),
            "at": services.clock.now().isoformat(),
        }
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(house | told | {"together": together}).encode() + b"\n")
        line = await asyncio.wait_for(self.process.stdout.readline(), PATIENCE_S)
        ended = [(int(code), str(shown)) for code, shown in json.loads(line)]
        assert {code for code, _ in ended} <= {0, -signal.SIGKILL}, "it fell over"
        return ended


@asynccontextmanager
async def running_program(file: str) -> AsyncIterator[Program]:
    """The program of this file, while the test lasts."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(Path(file).resolve()),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    yield Program(process)
    assert process.stdin is not None
    process.stdin.close()
    assert await asyncio.wait_for(process.wait(), PATIENCE_S) == 0


# What the child does.


class Steps:
    """Counts steps and ends this process, with no chance to tidy up, at the one it was told."""

    def __init__(self, last: int) -> None:
        self._last = last
        self._taken = 0

    def take(self) -> None:
        self._taken += 1
        if self._taken == self._last:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, call: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        """The same call with a step before and one after it."""

        async def stepping(*given: Any, **named: Any) -> Any:
            self.take()
            result = await call(*given, **named)
            self.take()
            return result

        return stepping

    def around_writing(self, services: Services) -> None:
        """Steps before a transaction, inside it before its commit, and after it."""
        write = services.database.write

        @asynccontextmanager
        async def stepping() -> AsyncIterator[Any]:
            self.take()
            async with write() as connection:
                yield connection
                self.take()
            self.take()

        services.database.write = stepping  # type: ignore[method-assign]


def house_of(told: dict[str, Any]) -> Services:
    """The house a child was told of, at the moment it was told."""
    settings = Settings(
        data_dir=Path(told["data"]),
        keys_dir=Path(told["keys"]),
        redis_url=Secret(told["durable"]),
        ember_url=Secret(told["ember"]),
        database_url=None if told["rows"] is None else Secret(told["rows"]),
    )
    return wire(settings, StillClock(datetime.fromisoformat(told["at"])))


Child = Callable[[dict[str, Any], int], Coroutine[Any, Any, None]]


def serve(child: Child) -> None:
    """Does each order by `child`, which is given what was told and a file to show something on."""
    for order in sys.stdin:
        told = json.loads(order)
        split = [_split_off(child, told) for _ in range(told["together"])]
        print(json.dumps([_ended(*each) for each in split]), flush=True)


def _split_off(child: Child, told: dict[str, Any]) -> tuple[int, int]:
    """A process of its own, with nothing open yet; its id, and where its screen is read."""
    reads, writes = os.pipe()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            os.close(reads)
            asyncio.run(child(told, writes))
            status = 0
        finally:
            os._exit(status)
    os.close(writes)
    return pid, reads


def _ended(pid: int, reads: int) -> tuple[int, str]:
    with os.fdopen(reads, "rb") as screen:
        shown = screen.read().decode()
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown
