"""Work that has a task only while there is some: one that waits weighs more than what it waits for."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any


class Roused:
    """Begun when it is wanted, never twice at once; wanted meanwhile, it is done again.

    `work` runs for as long as there is something to do and then comes back. It belongs to the group it was given: what
    it raises ends that, as of any other task.
    """

    __slots__ = ("_is_wanted", "_task", "_tasks", "_work")

    def __init__(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._work = work
        self._tasks: asyncio.TaskGroup | None = None
        self._task: asyncio.Task[None] | None = None
        self._is_wanted = False

    @property
    def is_idle(self) -> bool:
        """Whether nothing of it is under way or wanted."""
        return self._task is None and not self._is_wanted

    def live_in(self, tasks: asyncio.TaskGroup) -> None:
        """From here on it may be done; what was wanted before is begun."""
        self._tasks = tasks
        if self._is_wanted:
            self._begin()

    def stop(self) -> None:
        """Nothing is done any more. Who stops itself finishes the step it is in."""
        self._tasks, self._is_wanted = None, False
        if self._task is not None and self._task is not asyncio.current_task():
            self._task.cancel()

    def want(self) -> None:
        """Do it, or do it again."""
        self._is_wanted = True
        if self._tasks is not None and self._task is None:
            self._begin()

    def _begin(self) -> None:
        if self._tasks is None:
            return
        work = self._do()
        try:
            self._task = self._tasks.create_task(work)
        except RuntimeError:
            # Its group is ending and takes nothing in any more. Whoever wants it may be one who serves many others.
            work.close()
            self._tasks = None

    async def _do(self) -> None:
        try:
            while self._is_wanted and self._tasks is not None:
                self._is_wanted = False
                await self._work()
        finally:
            self._task = None
