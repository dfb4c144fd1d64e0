"""The line of a supervisor's board: an advocate's line that says how the house stands and hears nothing but a beat."""

from starlette.websockets import WebSocket

from chat.board import Board, BoardAside, BoardDuty
from chat.errands import Errands
from chat.protocol import advocate, server
from chat.protocol.closing import Closing
from chat.relay import Relay
from chat.sockets.advocate import DeskLine
from chat.sockets.gate import admit_to_desk, wire_of
from chat.sockets.loop import LineClosed
from chat.sockets.shares import Shares
from portal.services import Services
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed


class BoardLine(DeskLine):
    """One connection of one board. It holds no key: nothing on a board is anybody's words."""

    duty_type = BoardDuty
    aside_type = BoardAside
    board: Board

    def _may_sit_here(self, signed: Signed) -> bool:
        return signed.may(Right.SEE_BOARD)

    async def _hear(self, frame: advocate.Spoken) -> None:
        if isinstance(frame, advocate.Resume):
            raise LineClosed(Closing.MALFORMED)
        if isinstance(frame, advocate.Here):
            await super()._hear(frame)
            return
        key, conversation = getattr(frame, "key", ""), getattr(frame, "conversation", "")
        await self._tell(server.DeskRefused(key=key, conversation=conversation, reason="not_there"))

    async def _picture(self) -> server.ToDesk:
        return await self.board.now()


async def serve_board(
    websocket: WebSocket, relay: Relay, errands: Errands, services: Services, shares: Shares, board: Board
) -> None:
    """One board's line, from handshake to end."""
    if await admit_to_desk(websocket, services):
        line = BoardLine(websocket, relay, errands, services, shares)
        line.board = board
        wire_of(websocket).carry_on(line.run)
