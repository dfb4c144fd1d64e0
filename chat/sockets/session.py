"""Watches the session a desk line lives by: it ends within a second of a sign-out, and survives a lost ember store."""

from datetime import timedelta
from time import monotonic
from typing import Final

from starlette.websockets import WebSocket

from portal.errors import Away
from portal.services import Services
from portal.staff.door import signed_in
from portal.staff.session import HeldSession, Signed, SignInNeeded

RENEW_EVERY_S: Final = 60.0


class SessionWatch:
    """One line's view of its session."""

    def __init__(self, websocket: WebSocket, signed: Signed, services: Services) -> None:
        self._websocket = websocket
        self._sessions = services.staff.sessions
        self._held: HeldSession | None = None
        self._held_at = 0.0
        self._renewed_at = 0.0
        self.signed = signed

    async def lives(self, *, is_used: bool) -> bool:
        """Whether the session still stands. `is_used`: she worked or holds a conversation, so idle time begins anew.

        Looking alone renews nothing: a desk that was left open and forgotten signs itself out. With a store away the
        answer stays what it was.
        """
        try:
            if is_used and monotonic() - self._renewed_at >= RENEW_EVERY_S and self._held is not None:
                self.signed = await signed_in(self._websocket)
                self._renewed_at = monotonic()
            return await self._look()
        except SignInNeeded:
            return await self._brought_back()
        except Away:
            return True

    async def _look(self) -> bool:
        held = await self._sessions.hold(self.signed.session)
        if held is None:
            return await self._brought_back()
        self._held, self._held_at = held, monotonic()
        return True

    async def _brought_back(self) -> bool:
        """An ember that is missing before its time was lost with its store; the durable half says whether it ended."""
        if self._held is None:
            return False
        left = self._held.lasts - timedelta(seconds=monotonic() - self._held_at)
        if left <= timedelta(0):
            return False
        try:
            return await self._sessions.bring_back(self.signed.session, HeldSession(self._held.half, left))
        except Away:
            return True
