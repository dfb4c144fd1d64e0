"""The way back into a conversation: one field for the number, with script and without."""

import logging
from collections.abc import Awaitable, Callable
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from chat.comeback import Comebacks, NumberNotKnown
from chat.errands import Errands
from chat.pages.talk_parts import talk_parts
from i18n.languages import Language
from portal.errors import Away, NotThere, PorchlightError
from portal.ids import ID_SIZE, from_text, random_id, to_text
from portal.services import Services
from portal.store.valkey import ValkeyAway
from portal.vault.comebacks import COMEBACK_DIGITS, read_comeback
from portal.web.forms import KIB, content_type, read_form, read_json
from portal.web.page import language_of, see_other, site_of
from portal.web.throttle import Throttle

KIND: Final = "talk-back"
FORM_LIMIT: Final = 2 * KIB
LONGEST_TYPED: Final = 200

# Numbers tried at one process, right and wrong together. No address is looked at, so all who try share it. A guesser
# who never rests meets one of twenty live numbers about once in eight hundred years.
BURST: Final = 20
EACH_SECOND: Final = 2.0

# Where the answer leads when nothing can be carried: the store that holds passes is the one that is away.
AWAY: Final = "away"

PlainAddress = Callable[[Language, bytes], Awaitable[str]]

_log = logging.getLogger("porchlight.chat")


class BackAgain(msgspec.Struct, frozen=True, array_like=True):
    """The page again, with what was typed. `phrase` says why, `count` how many digits there were."""

    typed: str
    phrase: str
    count: int
    asked: str

    def __repr__(self) -> str:
        return "BackAgain(...)"


class NotOpened(Exception):
    """The number opened nothing: the phrase that says why, the status for a script, how many digits were typed."""

    def __init__(self, phrase: str, status: int, count: int = 0) -> None:
        super().__init__(phrase)
        self.phrase, self.status, self.count = phrase, status, count


class BackPages:
    """The page `/{lang}/talk/back`. The number and the token travel in posted bodies, never in an address."""

    def __init__(self, services: Services, comebacks: Comebacks, errands: Errands, plain_address: PlainAddress) -> None:
        self._services = services
        self._pages = services.pages
        self._comebacks = comebacks
        self._errands = errands
        self._plain_address = plain_address
        self._pace = Throttle(burst=BURST, each_second=EACH_SECOND, names=1)

    async def ask(self, request: Request) -> Response:
        """The page that asks for the number. It holds nothing of anybody: an empty field and a random id."""
        if not site_of(request).is_open:
            return see_other(f"/{language_of(request).tag}/talk")
        return self._ask(request, BackAgain("", "", 0, to_text(random_id())))

    async def after(self, request: Request) -> Response:
        """The page a pass leads to: the field again, what was typed still in it, and why nothing opened."""
        own_pass = request.path_params["key"]
        fresh = BackAgain("", "", 0, to_text(random_id()))
        if own_pass == AWAY:
            return self._ask(request, msgspec.structs.replace(fresh, phrase="comeback.away"))
        carried = await self._services.passes.open(own_pass, KIND)
        return self._ask(request, fresh if carried is None else _again.decode(carried), own_pass)

    async def open(self, request: Request) -> Response:
        """A number was typed. Our script is told the tab token; a form is led into the talk without script."""
        language = language_of(request)
        if content_type(request) == "application/json":
            return await self._open_for_script(request, language)
        form = await read_form(request, limit=FORM_LIMIT)
        typed, asked = form.get("number", "")[:LONGEST_TYPED], form.get("p") or to_text(random_id())
        try:
            token = await self._token_for(typed, _id(asked))
            address = await self._plain_address(language, token)
            await self._services.passes.drop(_group(asked))
            return see_other(address)
        except NotThere:  # It ended while the page was made.
            again = BackAgain(typed, NumberNotKnown.phrase, 0, asked)
        except NotOpened as error:
            again = BackAgain(typed, error.phrase, error.count, asked)
        except Away:
            again = BackAgain(typed, "comeback.away", 0, asked)
        try:
            own_pass = await self._services.passes.issue(KIND, msgspec.msgpack.encode(again), group=_group(asked))
        except ValkeyAway:
            own_pass = AWAY
        return see_other(f"/{language.tag}/talk/back/{own_pass}")

    async def leave(self, token: str) -> None:
        """Destroy what a leaving page, and those it came from, could still show: the numbers that were typed."""
        opened = await self._services.passes.open(token, KIND)
        if opened is not None:
            await self._services.passes.drop(_group(_again.decode(opened).asked))

    async def _open_for_script(self, request: Request, language: Language) -> Response:
        posted = await read_json(request, limit=FORM_LIMIT)
        typed, asked = posted.get("number"), posted.get("p")
        try:
            token = await self._token_for(
                typed[:LONGEST_TYPED] if isinstance(typed, str) else "", _id(asked if isinstance(asked, str) else "")
            )
        except NotOpened as error:
            words = self._said(language, error.phrase, error.count)
            return JSONResponse({"words": words, "phrase": error.phrase}, error.status)
        except Away:
            words = self._said(language, "comeback.away", 0)
            return JSONResponse({"words": words, "phrase": "comeback.away"}, Away.status)
        return JSONResponse({"token": to_text(token)})

    async def _token_for(self, typed: str, asked: bytes) -> bytes:
        """The tab token of the conversation this number opens. Raises NotOpened, Away."""
        code = read_comeback(typed)
        if code is None:
            # A slip of the finger is told apart here: it asks nothing and so says nothing about any conversation.
            raise _mistyped(typed)
        if not self._pace.allows():
            raise NotOpened("comeback.paced", 429)
        try:
            token, _ = await self._errands.finish(self._comebacks.resume(code, asked))
        except NumberNotKnown as error:
            raise NotOpened(error.phrase, error.status) from None
        except Away:
            raise
        except PorchlightError as error:
            _log.error("talk_not_opened error=%s", type(error).__name__)
            raise Away from None
        return token

    def _ask(self, request: Request, again: BackAgain, own_pass: str = "") -> Response:
        # The empty page is a shell without secrets and travels compressed; 203 keeps a filled field out of the
        # browser's memory of pages. What somebody typed is never compressed.
        return self._pages.render(
            request,
            "chat/back.html",
            status=203,
            private=bool(own_pass),
            own_pass=own_pass,
            typed=again.typed,
            asked=again.asked,
            error=self._said(language_of(request), again.phrase, again.count) if again.phrase else "",
            **talk_parts(request),
        )

    def _said(self, language: Language, phrase: str, count: int) -> str:
        catalogue = self._pages.catalogue
        if phrase == "comeback.count":
            return catalogue.plural(language, phrase, count, all=COMEBACK_DIGITS)
        return catalogue.phrase(language, phrase)


def _mistyped(typed: str) -> NotOpened:
    count = sum(letter.isdecimal() for letter in typed)
    if count == 0:
        return NotOpened("comeback.empty", 400)
    if count != COMEBACK_DIGITS:
        return NotOpened("comeback.count", 400, count)
    return NotOpened("comeback.check", 400)


def _id(asked: str) -> bytes:
    """The page's own random id; a fresh one where a page sent none that can be read."""
    try:
        return from_text(asked, ID_SIZE)
    except ValueError:
        return random_id()


def _group(asked: str) -> bytes:
    """All pages on which one number was typed anew."""
    return KIND.encode() + asked.encode()


_again: Final[msgspec.msgpack.Decoder[BackAgain]] = msgspec.msgpack.Decoder(BackAgain)


def routes(pages: BackPages) -> list[BaseRoute]:
    """The addresses of the way back, on the public face."""
    return [
        Route("/{lang}/talk/back", pages.ask, methods=["GET"]),
        Route("/{lang}/talk/back", pages.open, methods=["POST"]),
        Route("/{lang}/talk/back/{key}", pages.after, methods=["GET"]),
    ]
