"""The desk's page of regional protocols: the law's rule, the numbers, and how this house refers and reports there."""

from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.duty.protocols import LONGEST, TooLong
from portal.duty.regional import regional
from portal.errors import NotThere
from portal.numbers import region_ids
from portal.protection import protection
from portal.staff.drawing import draw
from portal.staff.guard import desk_page, posted
from portal.staff.note import Note, leave_note, read_note
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.web.page import see_other

if TYPE_CHECKING:
    from portal.services import Services

PROTOCOLS: Final = "/desk/protocols"


class ProtocolPages:
    """Whoever deals with people reads them; supervisors write them."""

    def __init__(self, services: "Services") -> None:
        self._services = services

    def routes(self) -> list[Route]:
        """The addresses of this page."""
        read, keep = Right.WRITE_RECORDS, Right.KEEP_PROTOCOLS
        return [
            Route(PROTOCOLS, desk_page(self.page, read), methods=["GET"]),
            Route(PROTOCOLS, desk_page(self.keep, keep), methods=["POST"]),
            Route(f"{PROTOCOLS}/{{note}}", desk_page(self.page, read), methods=["GET"]),
        ]

    async def page(self, request: Request, signed: Signed) -> Response:
        """One region, named in the address; without one all of them, folded."""
        note = await read_note(self._services.passes, request.path_params)
        region = note.typed.get("region") or request.query_params.get("region", "")
        here = (await self._services.opening.facts()).region
        kept = await self._services.protocols.all()
        return draw(
            request,
            signed,
            "desk/protocols.html",
            region=region if region in region_ids() else "",
            regions=region_ids(),
            regional=regional(region, kept, here),
            rules_read=protection().checked,
            words=note.typed.get("words", kept[region].words if region in kept else ""),
            longest=LONGEST,
            note=note,
        )

    async def keep(self, request: Request, signed: Signed) -> Response:
        """Write one, or take it away with an empty text."""
        form = posted(request)
        region, words = form.get("region", ""), form.get("words", "")
        if region not in region_ids():
            raise NotThere("no such region")
        try:
            await self._services.protocols.keep(signed, region, words)
        except TooLong:
            note = Note(wrongs={"words": "gate.wrong.long"}, typed={"region": region, "words": words[: 2 * LONGEST]})
            return see_other(await leave_note(self._services.passes, PROTOCOLS, note))
        return see_other(f"{PROTOCOLS}?region={region}")
