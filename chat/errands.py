"""Owns what must be finished even when the socket that asked for it has gone."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar

from portal.store.valkey import ValkeyAway

# Longer than a killed store needs to come back; after it the page is told "away" and asks again under the same key.
LIMIT_S: Final = 8.0
LAST_LIMIT_S: Final = 1.5
KEEPS_TRYING_S: Final = 300.0
TRY_EVERY_S: Final = 1.0

Done = TypeVar("Done")


class Errands:
    """The tasks that talk to a store on behalf of sockets.

    A phone that hangs up cancels its socket's tasks; cancelled between two steps of an act, a message would be kept and
    nobody offered its sender to an advocate. Here the act is finished by itself. What only reads needs none of this.
    """

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        # Who waits for which errand, and until when: the oldest stand first, so one clock does for all.
        self._waited_for: dict[asyncio.Task[Any], tuple[asyncio.Future[None], float]] = {}
        self._clock: asyncio.TimerHandle | None = None

    async def finish(self, act: Coroutine[Any, Any, Done]) -> Done:
        """Run `act` to its end, whatever becomes of the caller, and answer its result.

        Raises what it raises, and `ValkeyAway` when it takes longer than LIMIT_S; it still runs on then.
        """
        loop = asyncio.get_running_loop()
        task = loop.create_task(act)
        over: asyncio.Future[None] = loop.create_future()
        self._tasks.add(task)
        self._waited_for[task] = over, loop.time() + LIMIT_S
        if self._clock is None:
            self._clock = loop.call_later(LIMIT_S, self._look)
        task.add_done_callback(self._done)
        try:
            await over
        finally:
            self._waited_for.pop(task, None)
        if not task.done():
            raise ValkeyAway("no answer in time")
        return task.result()

    def begin(self, act: Coroutine[Any, Any, None]) -> None:
        """Do `act` beside everything else; nobody waits for it, and a store that is away ends it."""
        task = asyncio.create_task(act)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def keep_trying(self, act: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Do `act` as soon as the store answers again, for KEEPS_TRYING_S at most; nobody waits for it."""
        task = asyncio.create_task(_again_and_again(act))
        self._tasks.add(task)
        task.add_done_callback(self._done)

    async def run(self) -> None:
        """Lives as long as the process; at its end the last errands get a moment to finish."""
        try:
            await asyncio.Event().wait()
        finally:
            if self._tasks:
                _, late = await asyncio.wait(self._tasks, timeout=LAST_LIMIT_S)
                for task in late:
                    task.cancel()

    def _look(self) -> None:
        """Tell whoever has waited long enough."""
        self._clock = None
        loop = asyncio.get_running_loop()
        now = loop.time()
        for over, until in self._waited_for.values():
            if until > now:
                self._clock = loop.call_later(until - now, self._look)
                return
            if not over.done():
                over.set_result(None)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        waited = self._waited_for.pop(task, None)
        if waited is not None and not waited[0].done():
            waited[0].set_result(None)
        if not task.cancelled():
            task.exception()  # seen: whoever asked was told, or has gone


async def _again_and_again(act: Callable[[], Coroutine[Any, Any, None]]) -> None:
    async with asyncio.timeout(KEEPS_TRYING_S):
        while True:
            await asyncio.sleep(TRY_EVERY_S)
            try:
                await act()
            except ValkeyAway:
                continue
            return
