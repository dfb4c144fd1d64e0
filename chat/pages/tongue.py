"""Takes a talk into another language in the middle: the page changes, the talk, its place and what she typed do not."""

from collections.abc import Awaitable, Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from chat.errands import Errands
from chat.plain.frames import hides_in, token_in
from chat.refusals import ConversationOver
from chat.relay import Relay
from chat.visits import Visits
from i18n.languages import Language
from portal.errors import Away, NotThere
from portal.ids import KEY_SIZE, from_text
from portal.services import Services
from portal.web.forms import KIB, content_type, read_form, read_json
from portal.web.page import language_of, see_other

FORM_LIMIT: Final = 256 * KIB
# What stands in a field: as much as either kind of page lets her type.
DRAFT_LIMIT: Final = 16_000
WORD_LIMIT: Final = 60

# The address of her talk in a language: her token, up to which number words are hidden, what stands in the field.
TalkIn = Callable[[Language, bytes, int, str], Awaitable[str]]
# The same with script: her token, what stands in the field, the word that brings her back from behind a cover.
LiveTalkIn = Callable[[Language, bytes, str, str], Awaitable[str]]


class Tongue:
    """`POST /{lang}/talk/tongue`. `plain` and `live` give the address of the talk without script and with it."""

    def __init__(
        self, services: Services, relay: Relay, errands: Errands, visits: Visits, *, plain: TalkIn, live: LiveTalkIn
    ) -> None:
        self._pages = services.pages
        self._relay = relay
        self._errands = errands
        self._visits = visits
        self._plain = plain
        self._live = live

    async def change(self, request: Request) -> Response:
        """Our script is told where to go; a form is led there. What cannot be done leaves the page as it is."""
        language = language_of(request)
        if content_type(request) == "application/json":
            return await self._for_script(request, language)
        form = await read_form(request, limit=FORM_LIMIT)
        typed = form.get("words", "").replace("\r\n", "\n")[:DRAFT_LIMIT]
        try:
            token = token_in(form)
            await self._speaks(token, language)
            return see_other(await self._plain(language, token, hides_in(form), typed))
        except (NotThere, ConversationOver, Away):
            return see_other(f"/{language.tag}/talk/stay")

    async def _for_script(self, request: Request, language: Language) -> Response:
        posted = await read_json(request, limit=FORM_LIMIT)
        token, draft, word = (str(posted.get(name) or "") for name in ("t", "draft", "word"))
        try:
            raw = from_text(token, KEY_SIZE)
            await self._speaks(raw, language)
            return JSONResponse({"to": await self._live(language, raw, draft[:DRAFT_LIMIT], word[:WORD_LIMIT])})
        except (ValueError, NotThere, ConversationOver, Away):
            return JSONResponse({"words": self._pages.catalogue.phrase(language, "comeback.not_now")}, 409)

    async def _speaks(self, token: bytes, language: Language) -> None:
        talk = await self._visits.open(token)
        await self._errands.finish(self._relay.visitor_speaks(talk, language.tag))


def routes(pages: Tongue) -> list[BaseRoute]:
    """The one address, in front of the talk's passes."""
    return [Route("/{lang}/talk/tongue", pages.change, methods=["POST"])]
