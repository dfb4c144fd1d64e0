"""Ends the reading along of a desk that vanished, so that what the visitor was told stays true."""

from chat.company import Company
from chat.relay import Relay


class WatchSweep:
    """Any process may do it, several at once, and again after a kill."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._company = Company(relay)
        self._watching = relay.access.people.watching

    async def sweep(self, now_ms: int) -> None:
        """Look at everybody who reads along. Raises `ValkeyAway`."""
        for conversation, person in await self._watching.lapsed(now_ms):
            await self._company.lapse(conversation, person)
        for conversation, person in await self._watching.all():
            facts = await self._relay.talks.facts(conversation)
            if facts is None or facts.is_over:
                await self._watching.end(conversation, person)
