"""Puts the rooms' sections together into the two faces, and keeps one door in front of both."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import NoReturn

from starlette.datastructures import State
from starlette.routing import BaseRoute, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.crowd import Crowd
from portal.errors import NotThere
from portal.health import health_routes
from portal.patience import patient
from portal.section import Section
from portal.services import Services
from portal.settings import Settings
from portal.staff.door import tongue_behind
from portal.web.headers import Face
from portal.web.manners import Manners

CLOSE_WITHIN = 1.0
ASKED_AGAIN_AFTER = 2.0  # the longest that any work takes over its end
FIRST_PAUSE = 0.2
LONGEST_PAUSE = 10.0

_log = logging.getLogger("porchlight.app")


def build_public(services: Services, sections: Iterable[Section]) -> ASGIApp:
    """The site that visitors and reporters see: every section's public routes, and no desk."""
    return _face("public", services, [route for section in sections for route in section.public])


def build_desk(services: Services, sections: Iterable[Section]) -> ASGIApp:
    """The desk, for its own origin: every section's desk routes, and no public page."""
    return _face("desk", services, [route for section in sections for route in section.desk])


def _face(face: Face, services: Services, routes: Sequence[BaseRoute]) -> ASGIApp:
    own = [*health_routes(services), services.pages.assets.route()]
    rooms = _Rooms([*own, *routes], services)
    crowd = Crowd(rooms, services.settings.max_requests_at_once, lambda: services.tally.count("turned_away"))
    return Manners(
        crowd,
        face=face,
        pages=services.pages,
        opening=services.opening,
        settings=services.settings,
        tongue_of=partial(tongue_behind, services) if face == "desk" else None,
        wrong=services.lookout.keeping_out if face == "desk" else tuple,
    )


class _Rooms:
    """The routes of one face. Whatever goes wrong inside is raised: the manners around it answer."""

    def __init__(self, routes: Sequence[BaseRoute], services: Services) -> None:
        self.state = State({"services": services})
        self._router = Router(routes, redirect_slashes=False, default=_nothing_here)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["app"] = self
        await self._router(scope, receive, send)


async def _nothing_here(scope: Scope, _receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close"})  # Before accept: the handshake is answered 403.
        return
    raise NotThere


class FrontDoor:
    """The application one process serves: which face answers is said by the port a person came in on.

    Never by the Host header, which anyone may write. ``scope["client"]`` is emptied here, so that no room can keep
    an address, and the lifespan opens and closes what the process stands on.
    """

    def __init__(self, services: Services, sections: Sequence[Section]) -> None:
        self._services = services
        self._settings: Settings = services.settings
        self._public = build_public(services, sections)
        self._desk = build_desk(services, sections)
        self._metrics = _metrics(services)
        self._background = [services.channels.run, *(work for section in sections for work in section.background)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, one socket or the lifespan."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        scope["client"] = None
        _address, port = scope["server"]
        face = self._face_of(port)
        if scope["type"] == "http":
            await face(scope, patient(receive), send)
        else:
            await self._socket(face, scope, receive, send)

    def begin(self, place: int) -> None:
        """This process is the worker of this place."""
        self._services.tally.take_place(place)

    def _face_of(self, port: int) -> ASGIApp:
        if self._metrics is not None and self._settings.metrics is not None and port == self._settings.metrics[1]:
            return self._metrics
        return self._desk if port == self._settings.desk_port else self._public

    async def _socket(self, face: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await face(scope, receive, send)
        except Exception:
            # Logged here, by place: the server's own way would write the exception's text.
            _log.exception("socket_broke")
            try:
                await send({"type": "websocket.close", "code": 1011})
            except Exception:  # It may be closed already; then there is nobody to tell.
                return

    async def _live(self, receive: Receive, send: Send) -> None:
        """Own the background work from start to end; close everything within a second."""
        await receive()
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_kept_running(work)) for work in self._background]
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await _ended(tasks)
        try:
            async with asyncio.timeout(CLOSE_WITHIN):
                await close(self._services)
        except Exception:
            _log.exception("closing_broke")
        await send({"type": "lifespan.shutdown.complete"})


def _metrics(services: Services) -> ASGIApp | None:
    """Who answers on the port of the metrics; a house without one loads nothing of it."""
    if services.settings.metrics is None:
        return None
    from portal.operation.served import build_metrics

    return build_metrics(services)


async def close(services: Services) -> None:
    """Give back what ``services`` holds open; each is tried, whatever the others do."""
    await asyncio.gather(
        services.database.close(),
        services.durable.aclose(),
        services.ember_client.aclose(),
        services.pools.close(),
        return_exceptions=True,
    )


async def _ended(tasks: Iterable[asyncio.Task[NoReturn]]) -> None:
    """End every task. Asked again until it has: work that breaks while it is cancelled can miss it once."""
    living = set(tasks)
    while living:
        for task in living:
            task.cancel()
        _, living = await asyncio.wait(living, timeout=ASKED_AGAIN_AFTER)


async def _kept_running(work: Callable[[], Awaitable[None]]) -> NoReturn:
    """Run ``work`` for as long as the process lives; after a failure it begins again, a little later each time."""
    pause = FIRST_PAUSE
    while True:
        began = asyncio.get_running_loop().time()
        try:
            await work()
        except Exception:
            _log.exception("background_broke work=%s", getattr(work, "__qualname__", type(work).__name__))
        if asyncio.get_running_loop().time() - began > LONGEST_PAUSE:
            pause = FIRST_PAUSE
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)
