"""The desk's page of what was written down: for whoever holds the records, opened with her own keys."""

from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.staff.drawing import draw
from portal.staff.guard import desk_page
from portal.staff.rights import Right
from portal.staff.session import Signed

if TYPE_CHECKING:
    from portal.services import Services

ENTRIES: Final = "/desk/entries"


class EntryPages:
    """One page of entries."""

    def __init__(self, services: "Services") -> None:
        self._services = services

    def routes(self) -> list[Route]:
        """The addresses of this page."""
        return [Route(ENTRIES, desk_page(self.page, Right.READ_ENTRIES), methods=["GET"])]

    async def page(self, request: Request, signed: Signed) -> Response:
        """What was written down, the newest day first."""
        return draw(request, signed, "desk/entries.html", rows=await self._services.entries.read(signed))
