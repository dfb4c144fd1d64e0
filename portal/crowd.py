"""Turns the newest away kindly when more ask at once than one process serves well, and nobody from an open talk."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Final, Literal

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.errors import TooBusy
from portal.threshold import Threshold

# How far a talk has come whose token was shown: nothing said, in line, or held by an advocate.
Stage = Literal["unspoken", "waiting", "open"]

# Asked by watchers and by pages that are already open: they cost nothing and must not fail first.
_ALWAYS_SERVED = ("/health/", "/a/")
# Pages of a talk under way, the page that covers one, and the way out of it: who is in one is not turned away because
# many others come. Whose it is stands in the body or under the pass in the address, so it is known a little later.
_OF_A_TALK = re.compile(r"/[^/]+/(?:talk/.|read/measures)|/leave$")
_OUT: Final = "/leave"
# A form on its way in: until its words are here, many that come slowly must not keep the next one out. What then has to
# be kept stands in a line of its room (`tips.crowd.door`).
_A_NOTE = re.compile(r"/[^/]+/note$")
_PLACE = "place_in_the_crowd"

# In multiples of the setting. Before its token is shown a request costs a body and a look at the store.
_BEFORE_PROOF: Final = 4
# Open talks are as many as advocates take; this bound stands for the memory, no house reaches it.
_OPEN: Final = 8
# Of one talk: more than a page can press before its room tells it to slow down, and gives its words back.
OF_ONE: Final = 64


class Crowd:
    """Counts the requests under way and raises ``TooBusy`` beyond ``most``: of talks by stage, and of all else.

    Done here and not by the server's own limit, which answers a posted form with 503: a browser then keeps the
    posted words. Open sockets are not counted, nor is an answer that has stepped aside; both have bounds of their own.

    A request of a talk stands on the threshold until `proves` is called for it. From then on it has a place among its
    kind, so that no number of strangers takes one from an open talk.
    """

    def __init__(self, app: ASGIApp, most: int, was_shed: Callable[[], None] = lambda: None) -> None:
        self._app = app
        self._was_shed = was_shed
        self._anybody = _Places(most)
        self._threshold = Threshold(_BEFORE_PROOF * most)
        self._stages: Mapping[Stage, _Places] = {
            "unspoken": _Places(most),
            "waiting": _Places(most),
            "open": _Places(_OPEN * most),
        }
        self._of_one: Counter[bytes] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, or raise ``TooBusy``."""
        try:
            await self._serve(scope, receive, send)
        except TooBusy:
            self._was_shed()
            raise

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(_ALWAYS_SERVED):
            await self._app(scope, receive, send)
            return
        is_posted, is_out = scope["method"] == "POST", scope["path"] == _OUT
        if _OF_A_TALK.match(scope["path"]) is None and not (is_posted and _A_NOTE.match(scope["path"])):
            place = _Place(self._anybody.take())
        else:
            receive = arrival = self._threshold.enter(receive, has_body=is_posted, is_let_in=is_out)
            place = _Place(arrival.leave, self._take)
        scope["state"][_PLACE] = place
        before = _HERE.set(place)
        is_shed = False
        try:
            await self._app(scope, receive, send)
        except TooBusy:
            is_shed = True
        finally:
            _HERE.reset(before)
            place.give_back()
        if is_shed:
            # Anew, without what led here: that holds all the request had sent, for as long as its rest is waited for.
            raise TooBusy

    @property
    def under_way(self) -> int:
        """How many are served now and have not stepped aside."""
        return sum(each.taken for each in (self._anybody, *self._stages.values())) + len(self._threshold)

    def _take(self, stage: Stage, talk: bytes) -> Callable[[], None]:
        """A place for one request of this talk; answers what gives it back. Raises TooBusy."""
        if self._of_one[talk] >= OF_ONE:
            raise TooBusy
        give_back = self._stages[stage].take()
        self._of_one[talk] += 1

        def leave() -> None:
            give_back()
            self._of_one[talk] -= 1
            if not self._of_one[talk]:
                del self._of_one[talk]

        return leave


def step_aside(request: HTTPConnection) -> None:
    """Give this request's place back: from here on it mostly waits, and its room holds it to a bound of its own.

    For an answer that is streamed, or held until there is something to say. Called once the request has proved what
    it is, so that whoever merely asks for such an address is still counted.
    """
    place = request.scope.get("state", {}).get(_PLACE)
    if place is not None:  # A socket never had one.
        place.give_back()


def proves(stage: Stage, talk: bytes) -> None:
    """The request this is called for has shown the token of this talk. Raises TooBusy when its kind has no place left.

    Said by the one door that opens talks, which knows no request: a request knows its place by its context.
    """
    place = _HERE.get()
    if place is not None:
        place.proves(stage, talk)


class _Places:
    """So many, of one kind."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.taken = 0

    def take(self) -> Callable[[], None]:
        if self.taken >= self._most:
            raise TooBusy
        self.taken += 1
        return self._give_back

    def _give_back(self) -> None:
        self.taken -= 1


class _Place:
    """One request's place, given back once. `take`: how it gets another one when it proves itself."""

    def __init__(self, leave: Callable[[], None], take: "Callable[[Stage, bytes], Callable[[], None]] | None" = None):
        self._leave: Callable[[], None] | None = leave
        self._take = take

    def proves(self, stage: Stage, talk: bytes) -> None:
        if self._leave is None or self._take is None:
            return
        take, self._take = self._take, None
        moved = take(stage, talk)
        self._leave()
        self._leave = moved

    def give_back(self) -> None:
        if self._leave is not None:
            leave, self._leave = self._leave, None
            leave()


_HERE: Final[ContextVar[_Place | None]] = ContextVar("place_in_the_crowd", default=None)
