"""Looks through the loose tips that a list leaves out, so that what is urgent shows before its shelf is put up."""

import asyncio
import logging
import time
from collections.abc import Sequence
from typing import Final

from portal.breathing import breathing
from portal.services import Services
from portal.staff.keys.lending import Lending
from portal.staff.sessions.session import Signed
from portal.vault.errors import VaultError
from tips import copying, store
from tips.access import Doors
from tips.shelf import EVERYTHING
from tips.tip import urgency_rank
from tips.workroom import Workroom

_log = logging.getLogger("porchlight.tips")

MOST_URGENT: Final = 500
"""So many are remembered, by their random ids alone; with more, a round stops and the page says how many are left."""

LOOKED_AT_ONCE: Final = 50
HOLDS_FOR_SECONDS: Final = 60.0
"""A round is believed for so long: a tip that was changed since is loose, and may lie behind the newest."""

_URGENT: Final = 2
"""Happening now, and with somebody under 18: the first two ranks."""


class Older:
    """One round at a time in a process, with the keys of whoever looks at the list, and no longer than she may.

    What it remembers is which of the older loose tips are urgent, as ids, until the next round: no words, no card.
    """

    def __init__(self, services: Services, doors: Doors, workroom: Workroom) -> None:
        self._services = services
        self._doors = doors
        self._workroom = workroom
        self._lending = Lending()
        self._found: frozenset[bytes] = frozenset()
        self._looked = 0
        self._whole_at: float | None = None

    @property
    def urgent(self) -> frozenset[bytes]:
        """Those it has found."""
        return self._found

    def unlooked(self, loose: int) -> int:
        """How many of so many open and loose tips nobody has looked at in this round, or in one that still holds."""
        is_whole = self._whole_at is not None and time.monotonic() - self._whole_at <= HOLDS_FOR_SECONDS
        return 0 if is_whole else max(1, loose - self._looked)

    def offer(self, signed: Signed) -> None:
        """Somebody with the key looks at a list that leaves some out. Returns at once."""
        if self.unlooked(1):
            self._lending.offer(signed)

    def rest(self) -> None:
        """No list leaves any out: nothing has to be remembered."""
        if self._lending.is_ready:
            self._found, self._looked, self._whole_at = frozenset(), 0, None

    async def run(self) -> None:
        """Look whenever it is offered. Runs as long as the process."""
        await self._lending.serve("older", self.look)

    async def look(self, signed: Signed) -> None:
        """One round through all that are open and loose, newest first. Raises DatabaseAway, ValkeyAway."""
        self._looked, self._whole_at = 0, None
        found: set[bytes] = set()
        last: store.SealedTip | None = None
        while len(found) < MOST_URGENT and await self._services.staff.sessions.stands(signed.session):
            began = time.monotonic()
            async with self._services.database.read() as connection:
                tips = await store.newest_loose(connection, LOOKED_AT_ONCE, EVERYTHING.statuses, behind=last)
            found |= await self._workroom.run(self._urgent, signed, tips)
            self._looked += len(tips)
            self._found |= found
            if len(tips) < LOOKED_AT_ONCE:
                self._found, self._whole_at = frozenset(found), time.monotonic()
                return
            last = tips[-1]
            await asyncio.sleep(time.monotonic() - began)

    def _urgent(self, signed: Signed, tips: Sequence[store.SealedTip]) -> set[bytes]:
        found = set()
        for sealed in breathing(tips):
            tip = self._doors.open_for_staff(signed, sealed)
            try:
                card = None if tip is None else copying.standing_of(tip).card
            except VaultError:
                continue
            if card is not None and urgency_rank(card.urgency, card.child) < _URGENT:
                found.add(sealed.id)
        return found
