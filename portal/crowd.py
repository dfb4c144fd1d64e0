"""Turns the newest away kindly when more ask at once than one process serves well."""

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.errors import TooBusy

# Asked by watchers and by pages that are already open: they cost nothing and must not fail first.
_ALWAYS_SERVED = ("/health/", "/a/")
_PLACE = "place_in_the_crowd"


class Crowd:
    """Counts the requests under way and raises ``TooBusy`` beyond ``most``.

    Done here and not by the server's own limit, which answers a posted form with 503: a browser then keeps the
    posted words. Open sockets are not counted, nor is an answer that has stepped aside; both have bounds of their own.
    """

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app = app
        self._most = most
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, or raise ``TooBusy``."""
        if scope["type"] != "http" or scope["path"].startswith(_ALWAYS_SERVED):
            await self._app(scope, receive, send)
            return
        if self._under_way >= self._most:
            raise TooBusy
        place = _Place(self)
        scope["state"][_PLACE] = place
        try:
            await self._app(scope, receive, send)
        finally:
            place.give_back()

    def count(self, change: int) -> None:
        """One more, or one less, is under way."""
        self._under_way += change


def step_aside(request: HTTPConnection) -> None:
    """Give this request's place back: from here on it mostly waits, and its room holds it to a bound of its own.

    For an answer that is streamed, or held until there is something to say. Called once the request has proved what
    it is, so that whoever merely asks for such an address is still counted.
    """
    place = request.scope.get("state", {}).get(_PLACE)
    if place is not None:  # A socket never had one.
        place.give_back()


class _Place:
    """One request's place, given back once."""

    def __init__(self, crowd: Crowd) -> None:
        self._crowd: Crowd | None = crowd
        crowd.count(1)

    def give_back(self) -> None:
        if self._crowd is not None:
            self._crowd.count(-1)
            self._crowd = None
