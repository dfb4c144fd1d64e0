"""One reading for all who ask in the same moment, and a pause after it as long as it was great."""

import asyncio
from collections.abc import Callable, Coroutine
from time import monotonic
from typing import Any, Generic, TypeVar

Read = TypeVar("Read")


class SharedReading(Generic[Read]):
    """Of something that every desk of a process wants to know, and that is as long for one as for all.

    Nobody is answered by a reading that began before the question: what had changed by then would be missing in it.
    """

    def __init__(self, read: Callable[[], Coroutine[Any, Any, Read]], pause_s: Callable[[Read], float]) -> None:
        self._read = read
        self._pause_s = pause_s
        self._now: asyncio.Task[Read] | None = None
        self._next: asyncio.Task[Read] | None = None
        self._not_before = 0.0

    async def get(self) -> Read:
        """What a reading found that began after this question. Raises what it raises."""
        if self._next is None:
            self._next = asyncio.create_task(self._in_turn(self._now))
            self._next.add_done_callback(_seen)
        # Who gives up ends it for nobody else.
        return await asyncio.shield(self._next)

    async def _in_turn(self, before: asyncio.Task[Read] | None) -> Read:
        if before is not None:
            await asyncio.wait([before])
        await asyncio.sleep(max(0.0, self._not_before - monotonic()))
        self._now, self._next = self._next, None
        found = await self._read()
        self._not_before = monotonic() + self._pause_s(found)
        return found


def _seen(task: asyncio.Task[Any]) -> None:
    if not task.cancelled():
        task.exception()  # whoever still waits is told
