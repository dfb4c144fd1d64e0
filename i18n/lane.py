"""Lets few questions at a time block on threads of their own; of those that wait, the oldest gives way."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import Callable
from typing import Final, TypeVar

THREADS: Final = 4
MOST_WAITING: Final = 64

Found = TypeVar("Found")


class GaveWay(Exception):
    """Too many waited, and this one had waited longest: its reader has read the original by now."""


class Lane:
    """A bounded number of threads. A place is free again when its thread has ended, not when its asker has gone.

    The threads are daemons: a process that ends does not wait for an engine that hangs.
    """

    def __init__(self, *, threads: int = THREADS, most_waiting: int = MOST_WAITING) -> None:
        self._free = threads
        self._most_waiting = most_waiting
        self._waiting: deque[asyncio.Future[bool]] = deque()

    async def turn(self) -> None:
        """Wait for a place; whoever gets one calls `run` or `give_back`. Raises GaveWay."""
        if self._free:
            self._free -= 1
            return
        if len(self._waiting) >= self._most_waiting:
            self._waiting.popleft().set_result(False)
        mine: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append(mine)
        try:
            is_mine = await mine
        except asyncio.CancelledError:
            if mine in self._waiting:
                self._waiting.remove(mine)
            elif mine.done() and not mine.cancelled() and mine.result():
                self.give_back()
            raise
        if not is_mine:
            raise GaveWay

    def give_back(self) -> None:
        """Hand the place to whoever waits next."""
        while self._waiting:
            following = self._waiting.popleft()
            if not following.done():
                following.set_result(True)
                return
        self._free += 1

    async def run(self, work: Callable[[], Found], over: Callable[[Found], None]) -> Found:
        """Do `work`, which raises nothing, on a thread in the place that `turn` gave.

        When it ends, the place is given back and `over` told what came of it, whether its asker still waits or not.
        """
        loop = asyncio.get_running_loop()
        heard: asyncio.Future[None] = loop.create_future()
        # Beside the callback and the future: asyncio writes what those hold into its own warnings, and this is words.
        found: list[Found] = []

        def ended() -> None:
            self.give_back()
            try:
                over(found[0])
            finally:
                if not heard.done():
                    heard.set_result(None)

        def block() -> None:
            found.append(work())
            # The loop may have ended while the engine was silent.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(ended)

        try:
            threading.Thread(target=block, name="translation", daemon=True).start()
        except RuntimeError:  # the machine has no thread left
            self.give_back()
            raise
        await heard
        return found[0]
