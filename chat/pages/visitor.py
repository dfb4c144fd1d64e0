"""The visitor's one page: a short notice, the waiting room, the talk and its end."""

import logging
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from chat.pages.talk_parts import talk_parts
from chat.start import NotOpenYet, StartNotGood, StartTooSoon, start_conversation
from portal.errors import PorchlightError
from portal.services import Services
from portal.web.forms import KIB, content_type, read_form, read_json
from portal.web.page import language_of, see_other, site_of

START_LIMIT: Final = 1 * KIB

_log = logging.getLogger("porchlight.chat")


class VisitorPages:
    """The page `/{lang}/talk`, the start it posts, and what a phone without script is told."""

    def __init__(self, services: Services) -> None:
        self._services = services
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
        """A press of Start: our script gets the tab token as JSON; a form without script is told what there is instead.

        Errors are answered with words for the person; for a token that is spent or old a new one comes along, so that
        she need not load the page again.
        """
        language = language_of(request)
        if content_type(request) != "application/json":
            await read_form(request, limit=START_LIMIT)
            return see_other(f"/{language.tag}/talk/plain")
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

    async def plain(self, request: Request) -> Response:
        """Where a press of Start leads without script: what works instead, and that nothing was lost."""
        language_of(request)
        return self._pages.render(request, "chat/unavailable.html", phrase="talk.no_script")

    async def _available(self) -> object:
        """How the chat is staffed now; None when nobody can tell."""
        try:
            return await self._services.availability()
        except PorchlightError as error:
            _log.warning("availability_unknown error=%s", type(error).__name__)
            return None


def routes(services: Services) -> list[BaseRoute]:
    """The visitor's addresses on the public face."""
    pages = VisitorPages(services)
    return [
        Route("/{lang}/talk", pages.talk, methods=["GET"]),
        Route("/{lang}/talk", pages.start, methods=["POST"]),
        Route("/{lang}/talk/plain", pages.plain, methods=["GET"]),
    ]
