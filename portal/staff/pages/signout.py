"""The way out of the desk, and the question before it for whoever holds somebody or is the last one."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.staff.acts import Acts
from portal.staff.drawing import draw
from portal.staff.guard import SIGN_IN, desk_page, posted
from portal.staff.note import Note, leave_note, read_note
from portal.staff.pages.door import LASTS, minutes_of
from portal.staff.sessions.cookie import without_cookie
from portal.staff.sessions.session import Signed
from portal.web.page import see_other

SIGN_OUT: Final = "/desk/signout"


class SignOutPages:
    """Signing out."""

    def __init__(self, acts: Acts) -> None:
        self._acts = acts

    def routes(self) -> list[Route]:
        """The addresses of these pages."""
        return [
            Route(SIGN_OUT, desk_page(self.go_out), methods=["POST"]),
            Route(f"{SIGN_OUT}/{{note}}", desk_page(self.ask), methods=["GET"]),
        ]

    async def go_out(self, request: Request, signed: Signed) -> Response:
        """End the session and let the browser forget the desk, unless there is something to ask her first."""
        form = posted(request)
        services = self._acts.services
        asked = await services.go_off(signed, form.get("knows", "") == "yes", minutes_of(form.get("lasts", "")) or 0)
        if asked:
            return see_other(await leave_note(services.passes, SIGN_OUT, Note(lines=list(asked))))
        await self._acts.sign_in.sign_out(signed)
        return without_cookie(see_other(SIGN_IN))

    async def ask(self, request: Request, signed: Signed) -> Response:
        """What she is asked; a question that is too old leads back to the desk."""
        note = await read_note(self._acts.services.passes, request.path_params)
        if not note.lines:
            return see_other("/desk")
        return draw(request, signed, "desk/signout.html", asked=note.lines, lasts=LASTS)
