"""Gives her digits to say on the phone, with script and without, where the house has a phone."""

from collections.abc import Awaitable, Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from chat.calling import LASTS, Calling
from chat.conversation import VisitorTalk
from chat.errands import Errands
from chat.plain.frames import token_in
from chat.refusals import ConversationOver, Refusal
from chat.visits import Visits
from i18n.languages import Language
from portal.errors import Away, NotThere
from portal.ids import KEY_SIZE, from_text
from portal.services import Services
from portal.web.forms import KIB, content_type, read_form, read_json
from portal.web.page import language_of, see_other, site_of
from portal.web.throttle import Throttle

FORM_LIMIT: Final = 2 * KIB
# One talk's digits in one process. Each takes the place of those before.
BURST: Final = 6
EACH_SECOND: Final = 0.05
MINUTES: Final = int(LASTS.total_seconds()) // 60

# The frame of her digits: language, her talk (None: it is over), the digits, empty where there are none.
DigitsFrame = Callable[[Language, VisitorTalk | None, str], Awaitable[str]]


class CallingPages:
    """`POST /{lang}/talk/phone`."""

    def __init__(
        self, services: Services, calling: Calling, errands: Errands, visits: Visits, frame: DigitsFrame
    ) -> None:
        self._pages = services.pages
        self._calling = calling
        self._errands = errands
        self._visits = visits
        self._frame = frame
        self._flood = Throttle(burst=BURST, each_second=EACH_SECOND)

    async def phone(self, request: Request) -> Response:
        """Our script is told them; a form is led to a frame that shows them."""
        if content_type(request) == "application/json":
            return await self._for_script(request)
        form = await read_form(request, limit=FORM_LIMIT)
        talk: VisitorTalk | None = None
        word = ""
        try:
            talk = await self._visits.open(token_in(form))
            word = await self._made(request, talk)
        except (NotThere, ConversationOver):
            talk = None  # it is over: the frame says so
        except Refusal:
            pass  # it is stopped for some hours: none
        except Away:
            return see_other(f"/{language_of(request).tag}/talk/stay")
        return see_other(await self._frame(language_of(request), talk, word))

    async def _for_script(self, request: Request) -> Response:
        """Without `make` the words around them, which the page does not bring along."""
        posted, language = await read_json(request, limit=FORM_LIMIT), language_of(request)
        token, phrases = posted.get("t"), self._pages.catalogue
        word = ""
        try:
            talk = await self._visits.open(from_text(token if isinstance(token, str) else "", KEY_SIZE))
            if site_of(request).phone_line and posted.get("make") is not True:
                names = ("fold", "what", "show", "label", "gone")
                said = {name: phrases.phrase(language, f"phone.{name}") for name in names}
                return JSONResponse(said | {"works": phrases.plural(language, "phone.works", MINUTES)})
            word = await self._made(request, talk)
        except (ValueError, NotThere, Refusal, Away):
            pass
        if not word:
            return JSONResponse({"words": phrases.phrase(language, "phone.not_now")}, 409)
        return JSONResponse({"word": word, "lasts_s": MINUTES * 60})

    async def _made(self, request: Request, talk: VisitorTalk) -> str:
        """Her digits; none where no phone would answer, and for a hand that presses without end."""
        if not site_of(request).phone_line or not self._flood.allows(talk.id):
            return ""
        return str((await self._errands.finish(self._calling.make(talk))).word)


def routes(pages: CallingPages) -> list[BaseRoute]:
    """The one address, in front of the talk's passes."""
    return [Route("/{lang}/talk/phone", pages.phone, methods=["POST"])]
