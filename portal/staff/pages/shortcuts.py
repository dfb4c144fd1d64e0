"""The page that lists the desk's keys, and the switch for those that are a single letter."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.staff.drawing import SINGLE_KEYS, draw
from portal.staff.guard import desk_page, posted
from portal.staff.sessions.session import Signed
from portal.web.page import see_other

SHORTCUTS: Final = "/desk/shortcuts"
YEAR_S: Final = 365 * 24 * 3600


class ShortcutPages:
    """For everybody who is signed in: a key is no right."""

    def routes(self) -> list[Route]:
        """The address of the page."""
        return [
            Route(SHORTCUTS, desk_page(self.page), methods=["GET"]),
            Route(SHORTCUTS, desk_page(self.switch), methods=["POST"]),
        ]

    async def page(self, request: Request, signed: Signed) -> Response:
        """Every key, without script too."""
        return draw(request, signed, "desk/shortcuts.html")

    async def switch(self, request: Request, _signed: Signed) -> Response:
        """Single letters on or off, in this browser.

        Whoever dictates, or whose hand strays, sets things off by them (WCAG 2.1.4). It is a matter of the hands that
        sit here and says nothing of anybody, so it stands in the browser and in no row.
        """
        answer = see_other(SHORTCUTS)
        if posted(request).get("single") == "off":
            answer.set_cookie(
                SINGLE_KEYS, "off", max_age=YEAR_S, path="/", secure=True, httponly=True, samesite="strict"
            )
        else:
            answer.delete_cookie(SINGLE_KEYS, path="/", secure=True, httponly=True, samesite="strict")
        return answer
