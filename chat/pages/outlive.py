"""Lets her say of the number on her page that it outlives the exit, with script and without."""

from collections.abc import Awaitable, Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from chat.comeback import Comebacks
from chat.conversation import VisitorTalk
from chat.errands import Errands
from chat.plain.frames import token_in
from chat.refusals import ConversationOver
from chat.visits import Visits
from i18n.languages import Language
from portal.errors import Away, NotThere
from portal.ids import KEY_SIZE, from_text
from portal.services import Services
from portal.web.forms import KIB, content_type, read_form, read_json
from portal.web.page import language_of, see_other

FORM_LIMIT: Final = 2 * KIB

# The frame of her number anew: language, her talk (None: it is over), the pass of the frame she pressed it in, minutes.
NumberAgain = Callable[[Language, VisitorTalk | None, str, int], Awaitable[str]]


class Outliving:
    """`POST /{lang}/talk/keep`."""

    def __init__(
        self, services: Services, comebacks: Comebacks, errands: Errands, visits: Visits, again: NumberAgain
    ) -> None:
        self._pages = services.pages
        self._comebacks = comebacks
        self._errands = errands
        self._visits = visits
        self._again = again

    async def keep(self, request: Request) -> Response:
        """Our script is told in words what became of it; a form is led to the frame of the number again."""
        if content_type(request) == "application/json":
            return await self._for_script(request)
        form = await read_form(request, limit=FORM_LIMIT)
        talk: VisitorTalk | None = None
        minutes = 0
        try:
            talk = await self._visits.open(token_in(form))
            minutes = await self._said(talk, bool(form.get("keep")))
        except (NotThere, ConversationOver):
            pass  # it is over: the frame says so
        except Away:
            return see_other(f"/{language_of(request).tag}/talk/stay")
        return see_other(await self._again(language_of(request), talk, form.get("n", ""), minutes))

    async def _for_script(self, request: Request) -> Response:
        posted, language = await read_json(request, limit=FORM_LIMIT), language_of(request)
        token, keeps = posted.get("t"), posted.get("keep") is True
        phrases = self._pages.catalogue
        try:
            talk = await self._visits.open(from_text(token if isinstance(token, str) else "", KEY_SIZE))
            minutes = await self._said(talk, keeps)
        except (ValueError, NotThere, ConversationOver, Away):
            return JSONResponse({"words": phrases.phrase(language, "comeback.not_now")}, 409)
        if keeps and not minutes:
            return JSONResponse({"words": phrases.phrase(language, "comeback.not_now")}, 409)
        if not keeps:
            return JSONResponse({"words": phrases.phrase(language, "comeback.stays_not")})
        return JSONResponse({"words": phrases.plural(language, "comeback.stays", minutes)})

    async def _said(self, talk: VisitorTalk, keeps: bool) -> int:
        """For how many minutes the talk outlives an exit now."""
        minutes = await self._errands.finish(self._comebacks.outlive(talk, keeps))
        return minutes if keeps else 0


def routes(pages: Outliving) -> list[BaseRoute]:
    """The one address, in front of the talk's passes."""
    return [Route("/{lang}/talk/keep", pages.keep, methods=["POST"])]
