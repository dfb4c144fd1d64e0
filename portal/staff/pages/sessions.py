"""One's own sessions: ending one, giving a browser a name, and how long this one still lasts."""

import json

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.ids import from_text
from portal.staff.acts import Acts
from portal.staff.door import signed_in_even_locked
from portal.staff.guard import LOCKED, desk_page, open_desk_page, posted
from portal.staff.sessions.own_sessions import read_name
from portal.staff.sessions.session import Signed, SignInNeeded
from portal.web.page import see_other

ME = "/desk/me"


class OwnSessionPages:
    """The list stands on the page about oneself."""

    def __init__(self, acts: Acts) -> None:
        self._acts = acts

    def routes(self) -> list[Route]:
        """The addresses of these pages."""
        return [
            Route(f"{ME}/sessions/end", desk_page(self.end), methods=["POST"]),
            Route(f"{ME}/sessions/name", desk_page(self.name), methods=["POST"]),
            Route(f"{ME}/left", open_desk_page(self.left), methods=["GET"]),
            Route(f"{ME}/stay", desk_page(self.stay), methods=["POST"]),
        ]

    async def end(self, request: Request, signed: Signed) -> Response:
        """End one of her own; what is none of hers, or over, changes nothing."""
        await self._acts.own_sessions.end(signed, _session(request))
        return see_other(ME)

    async def name(self, request: Request, signed: Signed) -> Response:
        """Call the browser of one of her sessions something."""
        await self._acts.own_sessions.call(signed, _session(request), read_name(posted(request).get("name", "")))
        return see_other(ME)

    async def left(self, request: Request) -> Response:
        """For how many seconds this session lasts without a hand, and whether a hand would help. Renews nothing."""
        try:
            signed = await signed_in_even_locked(request)
            if signed.is_locked:
                return see_other(LOCKED)
            left, stays = await self._acts.own_sessions.left(signed)
        except SignInNeeded:
            left, stays = 0, False
        body = json.dumps({"left": left, "stays": stays})
        return Response(body, headers={"cache-control": "no-store"}, media_type="application/json")

    async def stay(self, _request: Request, _signed: Signed) -> Response:
        """Nothing but a hand: that she is here was seen at the door."""
        return see_other(f"{ME}/left")


def _session(request: Request) -> bytes:
    try:
        return from_text(posted(request).get("session", ""), 32)
    except ValueError:
        return b""
