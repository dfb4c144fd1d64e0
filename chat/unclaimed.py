"""Has somebody called for whoever waits too long: each of those waiting is a matter until she is taken or gone."""

import asyncio
from typing import Final

from chat.presence import is_alive
from chat.queue import Tier, tier_of
from chat.relay import Relay
from portal.alerts.ladder import matter, may_hurry
from portal.services import Services
from portal.store.valkey import ValkeyAway

EVERY_S: Final = 2.0


class Unclaimed:
    """Looks at the queue as it stands; every process does, and each look may be done twice."""

    def __init__(self, relay: Relay, services: Services) -> None:
        self._relay = relay
        self._alerts = services.alerts
        self._services = services

    async def run(self) -> None:
        """Look for as long as the process lives; with a store away, wait for it."""
        while True:
            try:
                await self.look()
            except ValkeyAway:
                await asyncio.sleep(EVERY_S)
            await asyncio.sleep(EVERY_S)

    async def look(self) -> None:
        """Raise for those who wait, and settle what nobody waits for any more."""
        first, many = await self._relay.desk.first()
        self._services.tally.peak("waiting", many)
        seen = await self._relay.desk.last_seen([conversation for conversation, _ in first])
        now_ms = self._relay.now_ms()
        known = await self._alerts.open_calls("unclaimed")
        within_s = self._services.now.unclaimed_seconds
        for (conversation, rank), at in zip(first, seen, strict=True):
            if not is_alive(now_ms, at):
                continue
            # Whoever says that it is not safe, or happens now, is called for at once: before her time and in it.
            is_urgent = tier_of(rank) is Tier.URGENT
            call = known.get(matter("unclaimed", conversation))
            if call is None or (is_urgent and may_hurry(call)):
                await self._alerts.raise_("unclaimed", conversation, within_s=0 if is_urgent else within_s)
        if known:
            # All of them: one who is pushed down the list by others still waits.
            waiting = {matter("unclaimed", each) for each in await self._relay.desk.everyone()}
            for gone in known.keys() - waiting:
                await self._alerts.settle_matter(gone)
