"""Notices that the clock was set back, and has what was written ahead of it pulled down."""

from typing import Final

from chat.relay import Relay
from chat.store.ahead import AheadStore
from portal.operation.moments import ClockWatch

MINUTE_MS: Final = 60_000


class AheadSweep:
    """Any process may do it, several at once, and again after a kill: what is right is left where it is.

    A process that has just begun does it too: it cannot know what the clock was before. It leaves the wrap-ups, for
    should the clock be behind now and no other was ahead, they would all be over once it is right (decision 0054).
    """

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._store = AheadStore(relay.services.durable)
        self._is_owed = True
        self._was_ahead = False

    def notice(self, clock: ClockWatch) -> None:
        """Asked before each sweep, also before one that waits."""
        if clock.was_set_back:
            self._is_owed = True
            self._was_ahead = clock.is_back

    async def sweep(self, now_ms: int) -> None:
        """Look once after the clock was set back, and again while there is more. Raises `ValkeyAway`."""
        if self._is_owed:
            wrap_up_ms = self._relay.services.now.wrap_up_minutes * MINUTE_MS
            self._is_owed = await self._store.pull_down(now_ms, wrap_up_ms if self._was_ahead else None)

    async def settles(self, conversation: bytes, now_ms: int) -> bool:
        """Whether an open talk held moments that lay ahead: they do not any more. Only after a clock came back."""
        if not self._relay.services.lookout.clock.is_back:
            return False
        return await self._store.settle(conversation, now_ms)
