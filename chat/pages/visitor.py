"""The visitor's one page: a short notice, the waiting room, the talk and its end."""

import logging
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from chat.availability import Availability
from chat.doorway import START, Carried, Doorway, note_behind, pass_before
from chat.pages.closed import ClosedPages
from chat.pages.talk_parts import talk_parts
from chat.refusals import TooMuchSaid
from chat.start import ChatClosed, NotOpenYet, StartNotGood, StartTooSoon, start_conversation
from portal.errors import PorchlightError
from portal.services import Services
from portal.web.forms import KIB, Form, content_type, read_form, read_json
from portal.web.page import language_of, see_other, site_of

# What she typed on a page that could begin no chat comes along.
START_LIMIT: Final = 160 * KIB

StartPlain = Callable[[Request, Form], Awaitable[Response]]

_log = logging.getLogger("porchlight.chat")


class VisitorPages:
    """The page `/{lang}/talk` and the start it posts. `start_plain` takes the start of a phone without script."""

    def __init__(self, services: Services, start_plain: StartPlain, closed: ClosedPages, doorway: Doorway) -> None:
        self._services = services
        self._start_plain = start_plain
        self._closed = closed
        self._doorway = doorway
        self._pages = services.pages

    async def talk(self, request: Request) -> Response:
        """The page: a shell without anybody's words. Its start token names a conversation only once it was spent."""
        language_of(request)
        if not site_of(request).is_open:
            return self._pages.render(request, "chat/unavailable.html", phrase="talk.not_open")
        available = await self._available(request)
        if available is not None and available.state == "closed":
            return self._closed.draw(request, available, Carried())
        # Compressed, for it is a shell without secrets: a start token anybody may have, and nobody's words. 203 all the
        # same: what is written into it later is not to come back whole behind Back.
        return self._pages.render(
            request,
            "chat/talk.html",
            status=203,
            start=self._services.start_tokens.make(),
            available=available,
            carried=None,
            own_pass="",
            **talk_parts(request, kin=available is not None and available.kin),
        )

    async def with_words(self, request: Request) -> Response:
        """The same page with words she typed before, which are said as soon as the chat begins."""
        language = language_of(request)
        key = request.path_params["key"]
        carried = await self._doorway.read(key, START)
        if carried is None:
            return see_other(f"/{language.tag}/talk")
        available = await self._available(request)
        return self._pages.render(
            request,
            "chat/talk.html",
            private=True,
            start=self._services.start_tokens.make(),
            available=available,
            carried=carried,
            own_pass=key,
            **talk_parts(request, kin=available is not None and available.kin),
        )

    async def start(self, request: Request) -> Response:
        """A press of Start: our script gets the tab token as JSON; a form goes on to the talk without script.

        Errors are answered with words for the person; for a token that is spent or old a new one comes along, so that
        she need not load the page again.
        """
        language = language_of(request)
        if content_type(request) != "application/json":
            return await self._start_plain(request, await read_form(request, limit=START_LIMIT))
        asked = await read_json(request, limit=START_LIMIT)
        start, told, words = (str(asked.get(name) or "") for name in ("start", "told", "words"))
        note = note_behind(asked)
        try:
            token = await start_conversation(self._services, start, language.tag, words=words, note=note)
        except (ChatClosed, TooMuchSaid) as error:
            say = "" if isinstance(error, ChatClosed) else error.phrase
            to = await self._doorway.to_closed(language, Carried(words, say=say, before=pass_before(asked), note=note))
            return JSONResponse({"to": to, "phrase": error.phrase}, error.status)
        except (NotOpenYet, StartTooSoon, StartNotGood) as error:
            answer = {"words": self._pages.catalogue.phrase(language, error.phrase), "phrase": error.phrase}
            if isinstance(error, StartNotGood):
                answer["start"] = self._services.start_tokens.make()
            return JSONResponse(answer, error.status)
        # The page promised a free person, and there is none any more: she is given her choice at once.
        available = await self._available(request) if told == "open" else None
        is_late = available is not None and available.state != "open"
        return JSONResponse({"token": token, "late": True} if is_late else {"token": token})

    async def _available(self, request: Request) -> Availability | None:
        """How the chat is staffed now; None when nobody can tell."""
        try:
            available: Availability = await self._services.availability(language_of(request).tag)
            return available
        except PorchlightError as error:
            _log.warning("availability_unknown error=%s", type(error).__name__)
            return None


def routes(services: Services, start_plain: StartPlain, closed: ClosedPages, doorway: Doorway) -> list[BaseRoute]:
    """The visitor's addresses on the public face."""
    pages = VisitorPages(services, start_plain, closed, doorway)
    return [
        Route("/{lang}/talk", pages.talk, methods=["GET"]),
        Route("/{lang}/talk", pages.start, methods=["POST"]),
        Route("/{lang}/talk/start/{key}", pages.with_words, methods=["GET"]),
    ]
