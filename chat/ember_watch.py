"""Looks at the embers of all open conversations of a process in one go, and tells whose is gone or another one."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from chat.store import keys
from portal.store.embers import Embers
from portal.store.valkey import ValkeyAway

LOOK_EVERY_S: Final = 5.0
AGAIN_AFTER_S: Final = 1.0
AT_ONCE: Final = 200
# A store that came back empty has lost all of them: not everybody plants in the same moment.
BETWEEN_S: Final = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Watched:
    """One page or desk that knows an ember."""

    conversation: bytes
    known: Callable[[], bytes | None]
    ask: Callable[[], None]


class EmberWatch:
    """One clock for a process. Each page and each desk asked for its own, every few seconds."""

    def __init__(self, embers: Embers) -> None:
        self._embers = embers
        self._watched: dict[Watched, None] = {}

    def watch(self, conversation: bytes, known: Callable[[], bytes | None], ask: Callable[[], None]) -> Watched:
        """From here on call `ask` whenever the store holds another ember than the one that is `known`."""
        watched = Watched(conversation, known, ask)
        self._watched[watched] = None
        return watched

    def leave(self, watched: Watched) -> None:
        """It is over."""
        del self._watched[watched]

    async def run(self) -> None:
        """Look for as long as the process lives; with the store away, wait for it."""
        while True:
            try:
                await self.look()
            except ValkeyAway:
                await asyncio.sleep(AGAIN_AFTER_S)
                continue
            await asyncio.sleep(LOOK_EVERY_S)

    async def look(self) -> None:
        """Once at all of them."""
        watched = list(self._watched)
        for first in range(0, len(watched), AT_ONCE):
            some = watched[first : first + AT_ONCE]
            found = await self._embers.get_many([keys.ember(each.conversation) for each in some])
            is_asked = False
            for each, ember in zip(some, found, strict=True):
                # Whoever has gone meanwhile, or knows none yet, is not asked.
                if each in self._watched and (known := each.known()) is not None and known != ember:
                    each.ask()
                    is_asked = True
            if is_asked:
                await asyncio.sleep(BETWEEN_S)
