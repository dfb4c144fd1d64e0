"""Looks at all conversations of a desk in one packet: their visitors' lines, and whether they are still this desk's."""

import asyncio
from collections.abc import Callable, Collection
from time import monotonic
from typing import Final

from chat.sockets.desk_talk import TalkOnDesk
from chat.watch import Watch
from portal.errors import Away
from portal.flag import Flag

LOOK_EVERY_S: Final = 5.0
AGAIN_AFTER_S: Final = 0.5


class DeskLook:
    """One for a line. Each conversation used to ask for itself, every few seconds, by a task of its own."""

    def __init__(self, signs: Watch, open_: Callable[[], Collection[TalkOnDesk]]) -> None:
        self._signs = signs
        self._open = open_
        self._wanted: set[TalkOnDesk] = set()
        self._is_wanted = Flag()
        self._all_at = 0.0

    def soon(self, held: TalkOnDesk) -> None:
        """Look at this one now: something has happened to it."""
        self._wanted.add(held)
        self._is_wanted.set()

    async def run(self) -> None:
        """Look for as long as the line lives; with a store away, again soon."""
        while True:
            self._is_wanted.clear()
            wanted, self._wanted = self._wanted, set()
            is_all = monotonic() >= self._all_at
            try:
                await self._look([each for each in self._open() if is_all or each in wanted])
            except Away:
                self._wanted |= wanted
                await asyncio.sleep(AGAIN_AFTER_S)
                continue
            if is_all:
                self._all_at = monotonic() + LOOK_EVERY_S
            try:
                async with asyncio.timeout(max(0.0, self._all_at - monotonic())):
                    await self._is_wanted.wait()
            except TimeoutError:
                continue

    async def _look(self, held: list[TalkOnDesk]) -> None:
        views = await self._signs.views([each.talk for each in held]) if held else []
        for each, view in zip(held, views, strict=True):
            # Whoever has left meanwhile is looked at no more.
            if each in self._open():
                await each.see(view)
