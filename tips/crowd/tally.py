"""Counts what comes in, in the store without a disk: how much is new for the next mail, how much came this hour.

Numbers and nothing else, never by person, place or rank; a count of minutes is forgotten within the hour.
"""

import asyncio
import contextlib
from datetime import timedelta
from typing import Final, cast

from portal.errors import Away
from portal.services import Services

NEW: Final = b"tips:new"
MINUTES: Final = b"tips:minutes:"

NEW_LASTS: Final = timedelta(days=8)
SLOT_S: Final = 600
SLOTS: Final = 6
WITHIN_S: Final = 1.0


class Tally:
    """The counts. Nobody who sends something waits for them, or hears of it when they cannot be kept."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def came(self, *, is_tip: bool) -> None:
        """Something new is kept: a tip, or words for one."""
        with contextlib.suppress(Away, TimeoutError):
            async with asyncio.timeout(WITHIN_S), self._services.ember_client.pipeline(transaction=True) as pipe:
                pipe.incr(NEW)
                pipe.pexpire(NEW, int(NEW_LASTS.total_seconds() * 1000))
                if is_tip:
                    pipe.incr(self._slots()[0])
                    pipe.expire(self._slots()[0], SLOT_S * SLOTS)
                await pipe.execute()

    async def new(self) -> int:
        """How much is new since the last mail told of it. Raises ValkeyAway."""
        return int(await self._services.ember_client.get(NEW) or 0)

    async def told(self, number: int) -> None:
        """A mail told of so much. Raises ValkeyAway."""
        if number and int(await self._services.ember_client.decrby(NEW, number)) <= 0:
            await self._services.ember_client.delete(NEW)

    async def this_hour(self) -> int:
        """How many tips came within the last hour, give or take ten minutes. Raises ValkeyAway."""
        kept = cast("list[bytes | None]", await self._services.ember_client.mget(self._slots()))
        return sum(int(each or 0) for each in kept)

    def _slots(self) -> list[bytes]:
        now = int(self._services.clock.now().timestamp()) // SLOT_S
        return [MINUTES + str(now - back).encode() for back in range(SLOTS)]
