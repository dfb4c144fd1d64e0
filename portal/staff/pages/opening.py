"""The page with the list to be done before the doors open, and the switch."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.numbers import region_ids
from portal.staff.acts import Acts
from portal.staff.drawing import draw
from portal.staff.forms import FormWrong, read_house
from portal.staff.guard import desk_page, posted
from portal.staff.household.house import NotReady
from portal.staff.note import Note, leave_note, read_note
from portal.staff.pages.tongues import tongues_of
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.web.page import see_other

OPENING: Final = "/desk/opening"
STATED: Final = ("always", "limits")


class OpeningPages:
    """Getting ready, opening, closing."""

    def __init__(self, acts: Acts) -> None:
        self._acts = acts

    def routes(self) -> list[Route]:
        """The addresses of these pages."""
        right = Right.OPEN_DOORS
        return [
            Route(OPENING, desk_page(self.list, right), methods=["GET"]),
            Route(f"{OPENING}/{{note}}", desk_page(self.list, right), methods=["GET"]),
            Route(f"{OPENING}/facts", desk_page(self.change, right), methods=["POST"]),
            Route(f"{OPENING}/doors", desk_page(self.doors, right), methods=["POST"]),
            Route(f"{OPENING}/stated", desk_page(self.stated, right), methods=["POST"]),
        ]

    async def list(self, request: Request, signed: Signed) -> Response:
        """What is done, what is still to do, and the switch."""
        facts = await self._acts.house.facts()
        checks = await self._acts.house.checks(facts)
        doors = await self._acts.doorkeeping.doors()
        return draw(
            request,
            signed,
            "desk/opening.html",
            facts=facts,
            has_three_sheets=self._acts.services.staff.folder.has_three_sheets(),
            checks=checks,
            tongues=tongues_of(self._acts.services.pages.catalogue, doors),
            calls_back=doors.calls_back,
            is_ready=all(check.is_done for check in checks),
            regions=list(region_ids()),
            public_origin=self._acts.services.settings.public_origin,
            note=await read_note(self._acts.services.passes, request.path_params),
        )

    async def change(self, request: Request, signed: Signed) -> Response:
        """Write name, phone line and region."""
        form = posted(request)
        try:
            house = read_house(form)
        except FormWrong as wrong:
            typed = {name: form.get(name, "")[:200] for name in ("house", "phone", "region")}
            return await self._back(Note(wrongs=wrong.wrongs, typed=typed))
        await self._acts.house.change_facts(signed, name=house.name, phone_line=house.phone_line, region=house.region)
        return await self._back(Note(about="changed"))

    async def stated(self, request: Request, signed: Signed) -> Response:
        """Say that a line is so that no program can look at: day and night, or that the limits are true here."""
        what = posted(request).get("what", "")
        if what not in STATED:
            return see_other(OPENING)
        await self._acts.settings.note_ready(what, signed.staff_id)
        return await self._back(Note(about="stated"))

    async def doors(self, request: Request, signed: Signed) -> Response:
        """Open the doors, or close them."""
        if posted(request).get("doors") != "open":
            await self._acts.house.close_doors(signed)
            return await self._back(Note(about="closed"))
        try:
            await self._acts.house.open_doors(signed)
        except NotReady as wrong:
            return await self._back(Note(phrase=wrong.phrase))
        return await self._back(Note(about="opened"))

    async def _back(self, note: Note) -> Response:
        return see_other(await leave_note(self._acts.services.passes, OPENING, note))
