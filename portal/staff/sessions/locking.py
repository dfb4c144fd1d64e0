"""Locks desks where a time runs out, each time a session is looked at, and writes down what nobody pressed."""

from collections.abc import Awaitable, Callable
from typing import Final

from portal.staff.sessions.lasting import Lasting, Standing
from portal.staff.sessions.session import Sessions
from portal.staff.trail.journal import Journal

# In the audit.
BY_TIME: Final = "desk.locked"
WRONG: Final = "desk.unlock_failed"


class Locking:
    """What becomes of a session each time somebody, or something, looks at it."""

    def __init__(self, sessions: Sessions, journal: Journal) -> None:
        self._sessions = sessions
        self._journal = journal

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
            await self._journal.write_if_it_can(BY_TIME, staff_id)
        return standing

    async def failed(self, staff_id: bytes) -> None:
        """A passphrase that does not fit was typed at a locked desk."""
        await self._journal.refused(WRONG, staff_id)
