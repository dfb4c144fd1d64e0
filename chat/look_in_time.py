"""Looks at a visitor's place without waiting for her page's next beat: after a return, and at an advocate's silence."""

import asyncio
import contextlib
from typing import Final, Protocol

from chat.roused import Roused
from portal.flag import Flag

LOOKS_FOR_PLACE: Final = 10
LOOK_FOR_PLACE_S: Final = 0.3


class Placed(Protocol):
    """A page that keeps a place."""

    @property
    def is_held(self) -> bool:
        """Whether an advocate has her."""

    @property
    def has_place(self) -> bool:
        """Whether she was told where in the queue she stands."""

    async def look(self, *, was_heard: bool) -> None:
        """Tell what changed."""


class LookInTime:
    """Of one page."""

    __slots__ = ("_gone_in_s", "_looking", "_page", "_soon")

    def __init__(self, page: Placed) -> None:
        self._page = page
        self._gone_in_s = 0.0
        self._soon = Flag()
        self._looking = Roused(self._look_in_time)

    def begin(self, tasks: asyncio.TaskGroup) -> None:
        """From here on, by a task that is there only while there is something to look for."""
        self._looking.live_in(tasks)

    def end(self) -> None:
        """No more."""
        self._looking.stop()

    def was_returned(self) -> None:
        """She waits again: her place stands in the queue in a moment."""
        self._soon.set()
        self._looking.want()

    def is_weak(self, gone_in_s: float) -> None:
        """The advocate is silent, and is called gone in so many seconds."""
        self._gone_in_s = gone_in_s
        self._soon.set()
        self._looking.want()

    async def _look_in_time(self) -> None:
        self._soon.clear()
        if not self._page.is_held:
            await self._find_place()
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._gone_in_s):
                await self._soon.wait()  # given back meanwhile
        if self._page.is_held:
            await self._page.look(was_heard=False)

    async def _find_place(self) -> None:
        # First the talk is given back, then the queue.
        for _ in range(LOOKS_FOR_PLACE):
            await asyncio.sleep(LOOK_FOR_PLACE_S)
            await self._page.look(was_heard=False)
            if self._page.has_place:
                return
