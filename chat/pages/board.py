"""The supervisor's board: how many wait and how long, who is on, who is called for; kept up to date by its own line."""

from typing import get_args

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from chat.board import Board
from portal.alerts.ladder import Kind
from portal.staff.drawing import draw
from portal.staff.guard import desk_page
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.store.valkey import ValkeyAway


class BoardPages:
    """One page, whole without script too: then it is as it was when it was asked for."""

    def __init__(self, board: Board) -> None:
        self._board = board

    async def page(self, request: Request, signed: Signed) -> Response:
        """`GET /desk/board`."""
        try:
            now = await self._board.now()
        except ValkeyAway:
            now = None
        return draw(request, signed, "desk/board.html", board=now, kinds=get_args(Kind))


def routes(board: Board) -> list[BaseRoute]:
    """The board's address."""
    return [Route("/desk/board", desk_page(BoardPages(board).page, Right.SEE_BOARD), methods=["GET"])]
