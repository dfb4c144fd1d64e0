"""The line of somebody who only joins as a guest: an advocate's line that hears five things and refuses all others."""

from typing import Final

from starlette.websockets import WebSocket

from chat.errands import Errands
from chat.guest_duty import GuestAside, GuestDuty
from chat.protocol import advocate, server
from chat.protocol.closing import Closing
from chat.protocol.company import ComeIn, StopWatching
from chat.relay import Relay
from chat.sockets.advocate import DeskLine
from chat.sockets.gate import admit_to_desk, wire_of
from chat.sockets.loop import LineClosed
from chat.sockets.shares import Shares
from portal.services import Services
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed

# Where no visitor let her in, these are refused as well: each act asks for the mark of her yes.
MAY_BE_SAID: Final = (advocate.Here, ComeIn, StopWatching, advocate.Say, advocate.Typing)


class GuestLine(DeskLine):
    """One connection of one guest's desk."""

    duty_type = GuestDuty
    aside_type = GuestAside

    def _may_sit_here(self, signed: Signed) -> bool:
        return signed.may(Right.BE_GUEST) and not signed.may(Right.TAKE_CHATS)

    async def _hear(self, frame: advocate.Spoken) -> None:
        if isinstance(frame, advocate.Resume):
            raise LineClosed(Closing.MALFORMED)
        if isinstance(frame, MAY_BE_SAID):
            await super()._hear(frame)
            return
        key, conversation = getattr(frame, "key", ""), getattr(frame, "conversation", "")
        await self._tell(server.DeskRefused(key=key, conversation=conversation, reason="not_there"))

    async def _is_here(self) -> None:
        """A locked desk is nobody's who can be asked for."""
        if not self._lock.is_locked and not self._signed.is_locked:
            await super()._is_here()


async def serve_guest(websocket: WebSocket, relay: Relay, errands: Errands, services: Services, shares: Shares) -> None:
    """One guest's line, from handshake to end."""
    if await admit_to_desk(websocket, services):
        wire_of(websocket).carry_on(GuestLine(websocket, relay, errands, services, shares).run)
