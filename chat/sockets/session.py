"""Watches the session a desk line lives by: its end and its lock within a second, and a lost ember store survived."""

from datetime import timedelta
from time import monotonic
from typing import Final

from starlette.websockets import WebSocket

from portal.errors import Away
from portal.services import Services
from portal.staff.door import signed_in, signed_in_even_locked
from portal.staff.sessions.lasting import Standing
from portal.staff.sessions.session import DeskLocked, HeldSession, Signed, SignInNeeded

RENEW_EVERY_S: Final = 60.0


class SessionWatch:
    """One line's view of its session."""

    def __init__(self, websocket: WebSocket, signed: Signed, services: Services) -> None:
        self._websocket = websocket
        self._services = services
        self._sessions = services.staff.sessions
        self._held: HeldSession | None = None
        self._held_at = 0.0
        self._renewed_at = 0.0
        self._handed = 0
        self._stood: Standing = "locked" if signed.is_locked else "open"
        self.signed = signed

    async def look(self, *, is_used: bool, is_locked: bool = False) -> Standing:
        """How the session stands. `is_used`: there was a hand, so idle time begins anew. `is_locked`: its line is, and
        what is brought back from here on is locked as well.

        Looking alone renews nothing: a desk that was left open and forgotten signs itself out, or is locked while it
        holds somebody. With a store away the answer stays what it was.
        """
        if is_locked:
            self._stood = "locked"
        try:
            is_due = self._held is not None and monotonic() - self._renewed_at >= RENEW_EVERY_S
            if is_used and is_due and self._stood == "open":
                self.signed = await signed_in(self._websocket)
                self._renewed_at = monotonic()
            self._stood = await self._look()
            await self._take_new_keys()
        except SignInNeeded:
            self._stood = await self._brought_back()
        except DeskLocked:
            self._stood = "locked"
        except Away:
            pass
        return self._stood

    async def has_moved(self) -> bool:
        """Whether another session of hers has taken its place."""
        try:
            return await self._sessions.has_moved(self.signed.session)
        except Away:
            return False

    async def _take_new_keys(self) -> None:
        """Where her session was handed a key since: the same person, with it. No idle time begins anew by that."""
        handed = await self._sessions.handed_many(self.signed.session)
        if handed != self._handed and self._stood != "over":
            self.signed, self._handed = await signed_in_even_locked(self._websocket), handed

    async def _look(self) -> Standing:
        held = await self._sessions.hold(self.signed.session)
        if held is None:
            return await self._brought_back()
        self._held, self._held_at = held, monotonic()
        standing = await self._services.staff.locking.look(
            self.signed.staff_id, self.signed.session, held.lasting, self._services.is_holding
        )
        if standing == "over":
            await self._sessions.end(self.signed.staff_id, self.signed.session)
        return standing

    async def _brought_back(self) -> Standing:
        """An ember that is missing before its time was lost with its store; the durable half says whether it ended."""
        if self._held is None:
            return "over"
        left = self._held.lasts - timedelta(seconds=monotonic() - self._held_at)
        if left <= timedelta(0):
            return "over"
        held = HeldSession(self._held.half, left, self._held.lasting)
        try:
            # The half was seen at the last look; a lock may have come after it.
            is_back = await self._sessions.bring_back(self.signed.session, held, is_locked=self._stood == "locked")
        except Away:
            return self._stood
        return self._stood if is_back else "over"
