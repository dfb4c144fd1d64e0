"""Has somebody called for what is wrong with the house itself: what cannot wait at any hour, the rest by day."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from portal.alerts.ladder import matter
from portal.operation.judging import MATTERS, Finding, Grade, Matter
from portal.rotation.overdue import CALLS_FROM, CALLS_UNTIL

if TYPE_CHECKING:
    from portal.services import Services

IN_A_ROW: Final = 2  # once may be a restart
# These call by themselves, from where they are seen. Without a way to anybody nobody can be called for that.
CALL_THEMSELVES: Final[frozenset[Matter]] = frozenset({"own_chat", "keys", "calls"})


class Calling:
    """One in each process. A matter of the ladder is one for each machine, however many of its processes raise it."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._times: dict[Matter, int] = {}
        machine = platform.node().encode()
        self._about = {name: name.encode() + b"|" + machine for name in MATTERS}

    async def heed(self, findings: Sequence[Finding]) -> None:
        """Call for what stayed wrong, and no more for what is right again. Raises ValkeyAway, DatabaseAway.

        Whoever says yes is left alone for as long as the desk remembers that: a shift.
        """
        alerts = self._services.alerts
        open_ = await alerts.open_matters("operation")
        for found in findings:
            if found.matter in CALL_THEMSELVES:
                continue
            is_wrong = found.grade >= Grade.BAD
            self._times[found.matter] = self._times.get(found.matter, 0) + 1 if is_wrong else 0
            about = self._about[found.matter]
            if not is_wrong:
                if found.grade is not Grade.UNKNOWN and matter("operation", about) in open_:
                    await alerts.settle("operation", about)
            elif self._times[found.matter] >= IN_A_ROW and await self._may_call(found, about):
                await alerts.raise_("operation", about)

    async def _may_call(self, found: Finding, about: bytes) -> bool:
        if found.grade is not Grade.NOW and not await self._is_day():
            return False
        return not await self._services.alerts.has_yes("operation", about)

    async def _is_day(self) -> bool:
        doors = await self._services.doors.doors()
        return CALLS_FROM <= self._services.clock.now().astimezone(doors.clock).hour < CALLS_UNTIL
