"""Calls somebody when a key that is due stays as it is: nobody who may change it has signed in for days."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from portal.errors import PorchlightError
from portal.rotation.due import Due, due
from portal.vault.statements import Ledger

if TYPE_CHECKING:
    from portal.services import Services

LOOK_EVERY_S: Final = 600.0
ABOUT: Final = b"keys"
# By the house's own clock: a key that has waited for days waits until morning, and wakes nobody.
CALLS_FROM, CALLS_UNTIL = 9, 18

_log = logging.getLogger("porchlight.staff")


def overdue(ledger: Ledger, today: date, days: int) -> Sequence[Due]:
    """What has been due for at least so many days, in the order of the compartments."""
    return [each for each in due(ledger, today) if today >= each.since + timedelta(days=days)]


class Overdue:
    """Every process looks; a matter of the ladder is one, however many raise it."""

    def __init__(self, services: "Services") -> None:
        self._services = services

    async def now(self) -> Sequence[Due]:
        """What has waited too long. Raises NotSetUp, DatabaseAway, BookBroken."""
        today, days = self._services.clock.now().date(), self._services.now.key_overdue_days
        return overdue(await self._services.staff.ledger.current(), today, days)

    async def run(self) -> None:
        """Look for as long as the process lives; what cannot be read now is read the next time."""
        while True:
            try:
                await self.look()
            except PorchlightError as error:
                _log.info("keys_not_looked_at error=%s", type(error).__name__)
            await asyncio.sleep(LOOK_EVERY_S)

    async def look(self) -> None:
        """Call for what has waited too long, and no more where it was changed.

        Whoever says yes is left alone for as long as the desk remembers that: a shift. Raises NotSetUp, DatabaseAway,
        BookBroken, ValkeyAway.
        """
        alerts = self._services.alerts
        if not await self.now():
            await alerts.settle("keys", ABOUT)
        elif await self._is_day() and not await alerts.has_yes("keys", ABOUT):
            await alerts.raise_("keys", ABOUT)

    async def _is_day(self) -> bool:
        doors = await self._services.doors.doors()
        return CALLS_FROM <= self._services.clock.now().astimezone(doors.clock).hour < CALLS_UNTIL
