"""Turns the newest away kindly when more ask at once than one process serves well."""

import re

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.errors import TooBusy

# Asked by watchers and by pages that are already open: they cost nothing and must not fail first.
_ALWAYS_SERVED = ("/health/", "/a/")
# Pages of a talk under way: who is in one is not turned away because many others come.
_OF_A_TALK = re.compile(r"/[^/]+/talk/.")
_PLACE = "place_in_the_crowd"


class Crowd:
    """Counts the requests under way and raises ``TooBusy`` beyond ``most``: of talks under way, and of everything else.

    Done here and not by the server's own limit, which answers a posted form with 503: a browser then keeps the
    posted words. Open sockets are not counted, nor is an answer that has stepped aside; both have bounds of their own.
    """

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app = app
        self._most = most
        self._under_way = {True: 0, False: 0}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, or raise ``TooBusy``."""
        if scope["type"] != "http" or scope["path"].startswith(_ALWAYS_SERVED):
            await self._app(scope, receive, send)
            return
        is_of_a_talk = _OF_A_TALK.match(scope["path"]) is not None
        if self._under_way[is_of_a_talk] >= self._most:
            raise TooBusy
        place = _Place(self, is_of_a_talk)
        scope["state"][_PLACE] = place
        try:
            await self._app(scope, receive, send)
        finally:
            place.give_back()

    @property
    def under_way(self) -> int:
        """How many are served now and have not stepped aside."""
        return sum(self._under_way.values())

    def count(self, is_of_a_talk: bool, change: int) -> None:
        """One more, or one less, is under way."""
        self._under_way[is_of_a_talk] += change


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

    def __init__(self, crowd: Crowd, is_of_a_talk: bool) -> None:
        self._crowd: Crowd | None = crowd
        self._is_of_a_talk = is_of_a_talk
        crowd.count(is_of_a_talk, 1)

    def give_back(self) -> None:
        if self._crowd is not None:
            self._crowd.count(self._is_of_a_talk, -1)
            self._crowd = None
