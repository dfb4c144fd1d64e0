"""Locks desks: when a session is looked at, and by a press; writes down what nobody pressed."""

import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

from portal.errors import PorchlightError
from portal.staff import audit
from portal.staff.lasting import Lasting, Standing
from portal.staff.session import Sessions

if TYPE_CHECKING:
    from portal.clock import Clock
    from portal.store.database import Database

BY_TIME: Final = "desk.locked"  # in the audit: nobody pressed, a time ran out
WRONG: Final = "desk.unlock_failed"

_log = logging.getLogger("porchlight.staff")


class Locking:
    """What becomes of a session each time somebody, or something, looks at it."""

    def __init__(self, sessions: Sessions, database: "Database", clock: "Clock") -> None:
        self._sessions = sessions
        self._database = database
        self._clock = clock

    async def look(
        self, staff_id: bytes, session: bytes, lasting: Lasting, is_holding: Callable[[bytes], Awaitable[bool]]
    ) -> Standing:
        """Whether it stands, locked or not. Locks it, and carries it on, where that is due. Raises `ValkeyAway`."""
        limits = self._sessions.limits
        holds = lasting.asks_who_is_held(limits) and await is_holding(staff_id)
        standing = lasting.standing(limits, is_holding=holds)
        if standing == "locked" and lasting.has_run_out(limits):
            await self._sessions.carry(staff_id, session)
        if standing == "locked" and not lasting.is_locked and await self._sessions.lock(session):
            await self.write_down(BY_TIME, staff_id)
        return standing

    async def write_down(self, act: str, staff_id: bytes) -> None:
        """One line of the audit. With the database away the desk is locked, or shut, all the same."""
        try:
            async with self._database.write() as connection:
                await audit.line(connection, at=self._clock.now(), act=act, staff_id=staff_id)
        except PorchlightError as error:
            _log.error("lock_not_noted error=%s", type(error).__name__)
