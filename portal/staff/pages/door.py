"""The page with the chat's switch: what it says now, the one press that changes it, and what was done out of turn."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.staff.acts import Acts
from portal.staff.drawing import draw
from portal.staff.guard import desk_page, posted
from portal.staff.note import Note, leave_note, read_note
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.web.page import see_other

DOOR: Final = "/desk/door"
# Minutes that may be chosen. A week is closed by its hours, not by a switch somebody forgot.
LASTS: Final = (30, 60, 120, 240, 480, 720, 1440)


def minutes_of(chosen: str) -> int | None:
    """The minutes a form chose; None where it chose none of these."""
    return int(chosen) if chosen in {str(each) for each in LASTS} else None


class DoorPages:
    """The switch."""

    def __init__(self, acts: Acts) -> None:
        self._acts = acts

    def routes(self) -> list[Route]:
        """The addresses of these pages."""
        right = Right.SWITCH_CHAT
        return [
            Route(DOOR, desk_page(self.show, right), methods=["GET"]),
            Route(f"{DOOR}/{{note}}", desk_page(self.show, right), methods=["GET"]),
            Route(f"{DOOR}/switch", desk_page(self.switch, right), methods=["POST"]),
        ]

    async def show(self, request: Request, signed: Signed) -> Response:
        """What the switch says, and the press that changes it."""
        keeping = self._acts.doorkeeping
        doors = await keeping.doors()
        switch = doors.switched(self._acts.services.clock.now())
        return draw(
            request,
            signed,
            "desk/door.html",
            doors=doors,
            switch=switch,
            by=await keeping.who_switched(switch),
            lasts=LASTS,
            passed_over=await keeping.passed_over_today(),
            note=await read_note(self._acts.services.passes, request.path_params),
        )

    async def switch(self, request: Request, signed: Signed) -> Response:
        """Open, close, or let the hours decide."""
        form = posted(request)
        word, minutes = form.get("chat", ""), minutes_of(form.get("lasts", ""))
        match word:
            case "open" | "closed":
                await self._acts.doorkeeping.switch(signed, word, minutes)
            case "hours":
                await self._acts.doorkeeping.let_hours_decide(signed)
            case _:
                return see_other(DOOR)
        return see_other(await leave_note(self._acts.services.passes, DOOR, Note(about=word)))
