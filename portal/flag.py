"""An event that one or a few wait for: as asyncio's, but it keeps no list until somebody does."""

from __future__ import annotations

import asyncio


class Flag:
    """Down or up. asyncio's own keeps 0.7 KiB for those who may wait, and every open conversation has several."""

    __slots__ = ("_is_up", "_waiting")

    def __init__(self, *, is_up: bool = False) -> None:
        self._is_up = is_up
        self._waiting: list[asyncio.Future[None]] | None = None

    def is_set(self) -> bool:
        """Whether it is up."""
        return self._is_up

    def set(self) -> None:
        """Put it up: whoever waits goes on, in their order."""
        self._is_up = True
        waiting, self._waiting = self._waiting, None
        for each in waiting or ():
            if not each.done():
                each.set_result(None)

    def clear(self) -> None:
        """Take it down. Who was let go on by then goes on."""
        self._is_up = False

    async def wait(self) -> None:
        """Go on as soon as it is up."""
        if self._is_up:
            return
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if self._waiting is None:
            self._waiting = []
        self._waiting.append(mine)
        try:
            await mine
        finally:
            if self._waiting is not None and mine in self._waiting:
                self._waiting.remove(mine)
