"""The page a chat beside the chat begins on: the visitor's own page, at an address that only a pass opens."""

from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from chat.apart import Apart
from chat.availability import Availability
from chat.pages.talk_parts import talk_parts
from chat.pages.visitor import START_LIMIT
from chat.sockets.visitor import serve_visitor
from chat.start import StartNotGood, StartTooSoon, start_conversation
from portal.errors import NotThere
from portal.web.forms import read_json
from portal.web.page import language_of

FREE: Final = Availability("open", minutes=0)


class ApartPages:
    """The page and the start of one of them. `kind`: of the passes that open it; `template`: what draws it."""

    def __init__(self, apart: Apart, kind: str, template: str) -> None:
        self._apart = apart
        self._kind = kind
        self._template = template
        self._services = apart.services

    def routes(self) -> list[BaseRoute]:
        """Its addresses on the public face, the line of its visitor among them."""
        page = f"/{{lang}}/talk/{self._apart.name}/{{key}}"
        return [
            Route(page, self.show, methods=["GET"]),
            Route(page, self.start, methods=["POST"]),
            WebSocketRoute(f"/line/{self._apart.name}", self._line),
        ]

    async def show(self, request: Request) -> Response:
        """The page everybody begins on, with what it is written on it. Raises NotThere without a pass that is good."""
        language, key = language_of(request), request.path_params["key"]
        carried = await self._services.passes.open(key, self._kind)
        if carried is None:
            raise NotThere
        return self._services.pages.render(
            request,
            self._template,
            private=True,
            start=self._services.start_tokens.make(),
            available=FREE,
            carried=None,
            own_pass="",
            start_at=f"/{language.tag}/talk/{self._apart.name}/{key}",
            line=f"/line/{self._apart.name}",
            **self.words(carried),
            **talk_parts(request),
        )

    async def start(self, request: Request) -> Response:
        """A press of Start, by script alone. The pass is spent by it; pressed again at once it gives the same talk."""
        language, key = language_of(request), request.path_params["key"]
        start = str((await read_json(request, limit=START_LIMIT)).get("start") or "")
        is_again = await self._services.start_tokens.spent_on(start) is not None
        if not is_again and await self._services.passes.open(key, self._kind) is None:
            raise NotThere
        try:
            token = await start_conversation(self._services, start, language.tag, apart=self._apart.relay)
        except (StartTooSoon, StartNotGood) as error:
            words = self._services.pages.catalogue.phrase(language, error.phrase)
            return JSONResponse({"words": words, "phrase": error.phrase}, error.status)
        await self._services.passes.spend(key, self._kind)
        return JSONResponse({"token": token})

    def words(self, _carried: bytes) -> Mapping[str, Any]:
        """What the template needs of what the pass carries."""
        return {}

    async def _line(self, websocket: WebSocket) -> None:
        apart = self._apart
        await serve_visitor(websocket, apart.relay, apart.errands, apart.services, apart.visitors)
