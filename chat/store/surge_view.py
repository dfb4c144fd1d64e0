"""Makes the view of a surge at most once a second in a process, and shows it to all of its desks."""

import asyncio
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Final

from chat.store.surge import SurgeStore
from chat.surge import Shown
from portal.store.valkey import ValkeyAway

EVERY_S: Final = 1.0


class SurgeView:
    """Thousands of rows are read and sorted into heaps once, not once for each desk that shows some of them.

    Nobody is shown a view that was begun before she asked: what changed a moment ago is in hers, and no desk needs to
    ask again for it. Whoever asks within the second waits for the next view, with all others who do.
    """

    def __init__(self, store: SurgeStore, most: int) -> None:
        self._store = store
        self._most = most
        self._one_at_a_time = asyncio.Lock()
        self._begun = 0
        self._begun_at = float("-inf")
        self._rows: Sequence[Shown] | None = None

    async def see(self, now_ms: Callable[[], int]) -> Sequence[Shown]:
        """The rows as they stand now, next first. Raises ValkeyAway; so hears everybody who waited for this view."""
        asked = self._begun
        async with self._one_at_a_time:
            if self._begun == asked:
                await asyncio.sleep(max(0.0, self._begun_at + EVERY_S - monotonic()))
                self._begun, self._begun_at, self._rows = asked + 1, monotonic(), None
                self._rows = await self._make(now_ms())
            if self._rows is None:
                raise ValkeyAway
            return self._rows

    async def _make(self, now_ms: int) -> Sequence[Shown]:
        return await self._store.shown(await self._store.look(now_ms), self._most, now_ms)
