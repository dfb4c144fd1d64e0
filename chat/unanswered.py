"""Has a supervisor told of words that stand unanswered: each conversation whose last words are hers is a matter."""

import asyncio
from typing import Final

from chat.message import SAID, Entry
from chat.relay import Relay
from chat.store.latest import latest_entries
from portal.alerts.ladder import matter
from portal.services import Services
from portal.store.valkey import ValkeyAway

EVERY_S: Final = 3.0


def is_unanswered(newest_first: list[Entry]) -> bool:
    """Whether the last words said in a conversation are the visitor's. A joining is no answer, and no note is."""
    said = next((entry for entry in newest_first if entry.kind in SAID), None)
    return said is not None and said.author == "visitor"


class Unanswered:
    """Looks at every conversation that somebody holds; every process does, and each look may be done twice."""

    def __init__(self, relay: Relay, services: Services) -> None:
        self._relay = relay
        self._alerts = services.alerts
        self._durable = services.durable
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
        """Raise for the unanswered, and settle what was answered, given back or ended."""
        held = await self._relay.desk.held_now()
        latest = await latest_entries(self._durable, held)
        open_ = {
            matter("unanswered", each): each for each, said in zip(held, latest, strict=True) if is_unanswered(said)
        }
        known = await self._alerts.open_matters("unanswered")
        for name, conversation in open_.items():
            if name not in known:
                await self._alerts.raise_(
                    "unanswered", conversation, within_s=self._services.now.unanswered_tell_seconds
                )
        for gone in known - open_.keys():
            await self._alerts.settle_matter(gone)
