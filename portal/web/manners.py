"""Wraps a face in the manners all its answers share: headers, a plain page for every error, 303 for every form."""

from __future__ import annotations

import asyncio
import json
import logging
import traceback
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from i18n.languages import DESK_TAGS, ENGLISH, Language, find_language
from i18n.negotiate import negotiate
from portal.errors import Away, NotThere, PorchlightError, TooBusy
from portal.web.csrf import from_our_own_page
from portal.web.forms import MIB, content_type
from portal.web.headers import Face, security_headers
from portal.web.page import Pages, see_other
from portal.web.sorry import sorry_address

if TYPE_CHECKING:
    from portal.opening import Opening
    from portal.settings import Settings

_MOST_DROPPED = 2 * MIB
# What only our own script posts; a browser keeps nothing of it.
_BY_SCRIPT = ("application/json", "application/octet-stream")

# On the way to a page that says sorry for something that passes: the form's own page may try again by itself.
_LATER = "retry-after"
_LATER_SECONDS = "5"

_log = logging.getLogger("porchlight.web")

TongueOf = Callable[[Request], Awaitable[str]]
"""The language somebody set for herself, or nothing where nobody is known behind a request."""


class PostedFromElsewhere(PorchlightError):
    """A form of ours was posted from a page that is not ours."""

    phrase: ClassVar[str] = "error.elsewhere"
    status: ClassVar[int] = 403


class Manners:
    """The outermost layer of a face.

    Before the page: `request.state.face` and `request.state.site` (portal.opening.SiteFacts) are set, and a public post
    from a foreign page is refused. After it, on every answer: the security headers and `no-store` where the answer
    does not say better. A PorchlightError or an unknown address becomes a page in the person's language that
    says what to do.

    On the public face a posted form is answered 303, whatever happens: any other answer makes Chromium write the
    posted words into its session files. Our own script posts forms with `Accept: application/json` and is told the
    next address as `{"to": ...}`, with `"again": true` where the same post may be taken in a moment. A post of JSON, or
    of bare bytes, is answered as the page answers it: no form can send either.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        face: Face,
        pages: Pages,
        opening: Opening,
        settings: Settings,
        tongue_of: TongueOf | None = None,
        wrong: Callable[[], Sequence[object]] = tuple,
    ) -> None:
        """`tongue_of`: whose desk an error is told at; without it, the language the browser asks for.

        `wrong`: what is wrong with the house, for the desk's page while something of it is away.
        """
        self._wrong = wrong
        self._tongue_of = tongue_of
        self._app = app
        self._face = face
        self._pages = pages
        self._opening = opening
        self._origin = settings.public_origin if face == "public" else settings.desk_origin
        self._headers_for: tuple[tuple[str, ...], list[tuple[bytes, bytes]]] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request or socket."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        site = await self._opening.facts()
        scope = {**scope, "app": self, "state": {**scope.get("state", {}), "face": self._face, "site": site}}
        if scope["type"] == "websocket":
            await self._app(scope, receive, send)
        else:
            await self._answer(Request(scope), receive, send)

    async def _answer(self, request: Request, receive: Receive, send: Send) -> None:
        taking = _Taking(receive)
        giving = _Giving(send, self._headers(), turns_posts=self._turns(request), wants_json=_wants_json(request))
        try:
            if self._is_foreign(request):
                raise PostedFromElsewhere
            await self._app(request.scope, taking, giving)
            if giving.refused or not giving.started:
                raise PorchlightError
        except asyncio.CancelledError:
            # The worker ends and takes along what is under way. Left alone, the server would answer a form with 500.
            if not giving.started:
                await self._for_error(request, Away())(request.scope, taking, giving)
            raise
        except Exception as raised:
            if giving.started:
                _log_broken(raised)
                raise RuntimeError("an answer broke off") from None  # Without the cause: it may hold somebody's words.
            await taking.drop_rest()
            error = _as_ours(raised)
            response = self._for_error(request, error, await self._own_tongue(request, error))
            await response(request.scope, taking, giving)

    def _headers(self) -> list[tuple[bytes, bytes]]:
        """Written anew only when an administrator set another exit."""
        exits = self._pages.exit_origins if self._face == "public" else ()
        if self._headers_for is None or self._headers_for[0] != exits:
            self._headers_for = exits, list(security_headers(self._face, self._origin, exits))
        return self._headers_for[1]

    def _turns(self, request: Request) -> bool:
        """Whether this is a posted form of the public face, which only ever gets 303."""
        return self._face == "public" and request.method == "POST" and content_type(request) not in _BY_SCRIPT

    def _is_foreign(self, request: Request) -> bool:
        return self._face == "public" and request.method == "POST" and not from_our_own_page(request, self._origin)

    async def _own_tongue(self, request: Request, error: PorchlightError) -> str:
        if self._tongue_of is None or error.status >= 500:
            return ""  # While something is away nothing more is asked of it.
        if known := request.scope["state"].get("tongue"):
            return str(known)
        try:
            return await self._tongue_of(request)
        except Exception as raised:  # A page about an error may not end in an error.
            _log_broken(raised)
            return ""

    def _for_error(self, request: Request, error: PorchlightError, tongue: str = "") -> Response:
        language = _language_of(request) if self._face == "public" else _desk_language_of(request, tongue)
        if self._turns(request):
            response = see_other(sorry_address(language.tag, type(error)))
            if isinstance(error, Away | TooBusy):
                response.headers[_LATER] = _LATER_SECONDS
            return response
        if request.method == "POST" and content_type(request) in _BY_SCRIPT:
            words = self._pages.catalogue.phrase(language, error.phrase)
            return JSONResponse({"phrase": error.phrase, "words": words}, error.status)
        if request.method not in ("GET", "HEAD", "POST"):
            return Response(status_code=error.status)
        try:
            # A public error page has an exit and no session; the desk's own has neither.
            template = "portal/sorry.html" if self._face == "public" else "desk/sorry.html"
            wrong = self._wrong() if isinstance(error, Away) else ()
            return self._pages.render(
                request, template, status=error.status, language=language, phrase=error.phrase, wrong=wrong
            )
        except Exception as raised:  # A page about an error may not end in an error.
            _log_broken(raised)
            return PlainTextResponse(request.state.site.phone_line or "", error.status)


class _Taking:
    """The body as it comes in, counted, so that its rest can be read and dropped before an error is answered."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._is_over = False

    async def __call__(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            self._is_over = True
        return message

    async def drop_rest(self) -> None:
        """Read the rest, up to a bound. A connection reset while it still sends is an unanswered post."""
        dropped = 0
        while not self._is_over and dropped < _MOST_DROPPED:
            dropped += len((await self()).get("body", b""))


class _Giving:
    """The answer as it goes out: headers added, and a posted form's answer turned into 303 or its address."""

    def __init__(self, send: Send, headers: list[tuple[bytes, bytes]], *, turns_posts: bool, wants_json: bool) -> None:
        self._send = send
        self._headers = headers
        self._turns_posts = turns_posts
        self._wants_json = wants_json
        self._instead: bytes | None = None
        self.started = False
        self.refused = False

    async def __call__(self, message: Message) -> None:
        if message["type"] != "http.response.start":
            if self.refused:
                return
            if self._instead is not None:
                message, self._instead = {"type": message["type"], "body": self._instead}, b""
            await self._send(message)
            return
        if self._turns_posts and message["status"] != 303:
            self.refused = True
            _log.error("form_not_answered_303 status=%d", message["status"])
            return
        self.refused = False
        self.started = True
        given = [(name.lower(), value) for name, value in message.get("headers", ())]
        if self._turns_posts and self._wants_json:
            message, given = self._as_json(message, given)
        await self._send({**message, "headers": self._complete(given)})

    def _as_json(self, message: Message, given: list[tuple[bytes, bytes]]) -> tuple[Message, list[tuple[bytes, bytes]]]:
        headers = dict(given)
        told: dict[str, object] = {"to": headers.pop(b"location").decode("latin-1")}
        if headers.pop(_LATER.encode(), None) is not None:
            told["again"] = True
        self._instead = json.dumps(told).encode()
        headers[b"content-type"] = b"application/json"
        headers[b"content-length"] = str(len(self._instead)).encode()
        return {**message, "status": 200}, list(headers.items())

    def _complete(self, given: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        names = {name for name, _ in given}
        if b"cache-control" not in names:
            given.append((b"cache-control", b"no-store"))
        return given + [header for header in self._headers if header[0] not in names]


def _as_ours(raised: Exception) -> PorchlightError:
    if isinstance(raised, PorchlightError):
        return raised
    if isinstance(raised, HTTPException):
        # 405 too: the public side never tells which addresses take a post.
        return NotThere() if raised.status_code in (404, 405) else PorchlightError()
    _log_broken(raised)
    return PorchlightError()


def _log_broken(raised: BaseException) -> None:
    """Log where something broke, never its text: an exception's message may quote what a person wrote."""
    frames = traceback.extract_tb(raised.__traceback__)
    where = f"{frames[-1].name}:{frames[-1].lineno}" if frames else "unknown"
    _log.error("page_broke error=%s at=%s", type(raised).__name__, where)


def _wants_json(request: Request) -> bool:
    return request.headers.get("accept", "").startswith("application/json")


def _language_of(request: Request) -> Language:
    first: Mapping[str, Any] = request.scope.get("path_params", {})
    tag = first.get("lang") or request.scope["path"].split("/", 2)[1]
    return find_language(tag) or ENGLISH


def _desk_language_of(request: Request, tongue: str) -> Language:
    """The desk speaks English and French: hers, where she set one; before somebody signs in her browser says which."""
    wished = find_language(tongue) or negotiate(request.headers.get("accept-language", ""))
    return wished if wished.tag in DESK_TAGS else ENGLISH
