"""The visitor's one page: a short notice, the waiting room, the talk and its end."""

import logging
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from chat.pages.talk_parts import talk_parts
from chat.start import NotOpenYet, StartNotGood, StartTooSoon, start_conversation
from portal.errors import PorchlightError
from portal.services import Services
from portal.web.forms import KIB, Form, content_type, read_form, read_json
from portal.web.page import language_of, site_of

START_LIMIT: Final = 1 * KIB

StartPlain = Callable[[Request, Form], Awaitable[Response]]

_log = logging.getLogger("porchlight.chat")


class VisitorPages:
    """The page `/{lang}/talk` and the start it posts. `start_plain` takes the start of a phone without script."""

    def __init__(self, services: Services, start_plain: StartPlain) -> None:
        self._services = services
        self._start_plain = start_plain
        self._pages = services.pages

    async def talk(self, request: Request) -> Response:
        """The page: a shell without anybody's words. Its start token names a conversation only once it was spent."""
        language_of(request)
        if not site_of(request).is_open:
            return self._pages.render(request, "chat/unavailable.html", phrase="talk.not_open")
        # Compressed, for it is a shell without secrets: a start token anybody may have, and nobody's words. 203 all the
        # same: what is written into it later is not to come back whole behind Back.
        return self._pages.render(
            request,
            "chat/talk.html",
            status=203,
            start=self._services.start_tokens.make(),
            available=await self._available(),
            **talk_parts(request),
        )

    async def start(self, request: Request) -> Response:
        """A press of Start: our script gets the tab token as JSON; a form goes on to the talk without script.

        Errors are answered with words for the person; for a token that is spent or old a new one comes along, so that
        she need not load the page again.
        """
        language = language_of(request)
        if content_type(request) != "application/json":
            return await self._start_plain(request, await read_form(request, limit=START_LIMIT))
        asked = (await read_json(request, limit=START_LIMIT)).get("start")
        try:
            token = await start_conversation(self._services, asked if isinstance(asked, str) else "", language.tag)
        except (NotOpenYet, StartTooSoon, StartNotGood) as error:
            words = self._pages.catalogue.phrase(language, error.phrase)
            told = {"words": words, "phrase": error.phrase}
            if isinstance(error, StartNotGood):
                told["start"] = self._services.start_tokens.make()
            return JSONResponse(told, error.status)
        return JSONResponse({"token": token})

    async def _available(self) -> object:
        """How the chat is staffed now; None when nobody can tell."""
        try:
            return await self._services.availability()
        except PorchlightError as error:
            _log.warning("availability_unknown error=%s", type(error).__name__)
            return None


def routes(services: Services, start_plain: StartPlain) -> list[BaseRoute]:
    """The visitor's addresses on the public face."""
    pages = VisitorPages(services, start_plain)
    return [
        Route("/{lang}/talk", pages.talk, methods=["GET"]),
        Route("/{lang}/talk", pages.start, methods=["POST"]),
    ]
