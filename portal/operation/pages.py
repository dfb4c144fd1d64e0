"""The desk's page about the house itself, and nobody in it: what is wrong now, in words, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.operation.judging import Grade, is_all_well
from portal.staff.drawing import draw
from portal.staff.guard import desk_page
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed

if TYPE_CHECKING:
    from portal.services import Services

OPERATION: Final = "/desk/operation"


class OperationPages:
    """One page, which looks afresh each time it is opened."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def routes(self) -> list[Route]:
        """The address of this page."""
        return [Route(OPERATION, desk_page(self.page, Right.SEE_OPERATION), methods=["GET"])]

    async def page(self, request: Request, signed: Signed) -> Response:
        """How everything stands."""
        findings = await self._services.lookout.look()
        return draw(
            request,
            signed,
            "desk/operation.html",
            findings=findings,
            wrong=[each for each in findings if each.grade is not Grade.WELL],
            is_all_well=is_all_well(findings),
            engine_off=self._services.translator.name == "none",
            own_chat_off=not self._services.now.own_chat_minutes,
        )
