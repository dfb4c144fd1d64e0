"""Asks for the passphrase where the time to read what is kept has run out; chats go on meanwhile."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.staff.acts import Acts
from portal.staff.drawing import draw
from portal.staff.guard import AGAIN, desk_page, posted
from portal.staff.note import Note, leave_note, read_note
from portal.staff.sessions.cookie import with_cookie
from portal.staff.sessions.session import Signed
from portal.staff.unlock import TooManyTries, WrongPassphrase
from portal.vault.errors import PoolFull
from portal.web.page import see_other

TIPS: Final = "/desk/tips"
HOME: Final = "/desk"


class AgainPages:
    """One form."""

    def __init__(self, acts: Acts) -> None:
        self._acts = acts

    def routes(self) -> list[Route]:
        """The addresses of this page."""
        return [
            Route(AGAIN, desk_page(self.ask), methods=["GET"]),
            Route(AGAIN, desk_page(self.open), methods=["POST"]),
            Route(f"{AGAIN}/{{note}}", desk_page(self.ask), methods=["GET"]),
        ]

    async def ask(self, request: Request, signed: Signed) -> Response:
        """The form; nobody needs it whose time is not over."""
        if signed.reading == "open":
            return see_other(HOME)
        note = await read_note(self._acts.services.passes, request.path_params)
        return draw(request, signed, "desk/again.html", note=note)

    async def open(self, request: Request, signed: Signed) -> Response:
        """A new session in place of this one: her lines move over, whoever she talks to notices nothing."""
        try:
            new = await self._acts.sign_in.unlock(signed, posted(request).get("passphrase", ""))
        except (WrongPassphrase, TooManyTries, PoolFull) as wrong:
            return see_other(await leave_note(self._acts.services.passes, AGAIN, Note(phrase=wrong.phrase)))
        return with_cookie(see_other(TIPS if "tips" in signed.granted else HOME), new.token)
