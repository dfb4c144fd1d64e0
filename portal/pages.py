"""The pages everyone meets: home, numbers, what to read first, languages, sorry, and the way out."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from i18n import formats
from i18n.languages import find_language
from i18n.negotiate import negotiate
from portal.errors import PorchlightError
from portal.numbers import numbers, one_number
from portal.web.forms import FormUnreadable, content_type, read_form, read_json
from portal.web.page import Pages, language_of, see_other, site_of
from portal.web.sorry import error_of

if TYPE_CHECKING:
    from portal.services import Services
    from portal.settings import Settings

_log = logging.getLogger("porchlight.pages")

# Not "cookies": the public side sets none, and on one host the desk's would go too.
_CLEAR = {"clear-site-data": '"cache", "storage"'}


def not_open(pages: Pages, request: Request) -> Response:
    """The page every public room shows until the operator has opened the doors: the phone line, and no promise."""
    return pages.render(request, "portal/not_open.html")


class PublicPages:
    """The portal's own public pages."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._pages = services.pages

    async def choose(self, request: Request) -> Response:
        """`/`: to the home of the language the browser asks for. No cookie remembers it; the address does."""
        language = negotiate(request.headers.get("accept-language", ""))
        return see_other(f"/{language.tag}/")

    async def add_slash(self, request: Request) -> Response:
        """`/{lang}`: to `/{lang}/`."""
        return see_other(f"/{language_of(request).tag}/")

    async def home(self, request: Request) -> Response:
        """`/{lang}/`: three doors, lit as far as someone is really there."""
        region = numbers().region(site_of(request).region)
        if not site_of(request).is_open:
            return not_open(self._pages, request)
        return self._pages.render(
            request, "portal/home.html", emergency=one_number(region), available=await self._available(request)
        )

    async def numbers(self, request: Request) -> Response:
        """`/{lang}/numbers`: the operator's place first; all places when it is not known. Nothing is sent or kept."""
        known = numbers()
        here = known.region(site_of(request).region)
        countries = known.countries if here is None else (known.country(here.country),)
        checked = formats.day(language_of(request), known.checked)
        return self._pages.render(
            request, "portal/numbers.html", here=here, countries=countries, known=known, checked=checked
        )

    async def safety(self, request: Request) -> Response:
        """`/{lang}/read/safety`: the long notice."""
        region = numbers().region(site_of(request).region)
        return self._pages.render(request, "portal/safety.html", emergency=one_number(region))

    async def leaving(self, request: Request) -> Response:
        """`/{lang}/read/leaving`: what leaving does and what it does not, with the names this house really leaves."""
        settings = self._services.settings
        here = urlsplit(settings.public_origin)
        return self._pages.render(
            request,
            "portal/leaving.html",
            host=here.netloc,
            leads_to=urlsplit(self._services.now.exit_url(language_of(request).tag)).netloc,
            # An onion address is carried by its own network, sealed from end to end of it.
            hides_words=here.scheme == "https" or (here.hostname or "").endswith(".onion"),
        )

    async def privacy(self, request: Request) -> Response:
        """`/{lang}/read/privacy`: what becomes of words."""
        return self._pages.render(request, "portal/privacy.html")

    async def languages(self, request: Request) -> Response:
        """`/{lang}/languages`: every language by its own name. The links lead to each one's home.

        For whoever finds hers missing: a note in any language, and a call with an interpreter where the house says so.
        """
        doors = await self._services.doors.doors() if site_of(request).is_open else None
        calls_back = doors is not None and doors.calls_back
        return self._pages.render(request, "portal/languages.html", calls_back=calls_back)

    async def sorry(self, request: Request) -> Response:
        """`/{lang}/sorry/{code}`: what went wrong with a form, and what to do. A page like any other, so status 200."""
        if request.headers.get("sec-fetch-dest") == "iframe":
            # A frame of the talk: it stays as it is, with the words typed in it. No answer is better than a lost draft.
            return Response(status_code=204)
        error = error_of(request.path_params["code"])
        return self._pages.render(request, "portal/sorry.html", phrase=error.phrase)

    async def leave(self, request: Request) -> Response:
        """`POST /leave`: end what the tokens open, wipe what the browser kept of us, and send to the neutral page.

        A form is answered 303; our script, which does not wait, 204. An unreadable post leaves too.
        """
        try:
            if content_type(request) == "application/json":
                await self._services.leaving.destroy(_texts((await read_json(request)).get("t")))
                return Response(status_code=204, headers=_CLEAR)
            form = await read_form(request)
        except PorchlightError:
            return self._out(request, self._services.settings)
        await self._services.leaving.destroy(form.many("t"))
        exits = self._services.desk_settings.exits_of(form.get("e", ""), self._services.settings)
        return self._out(request, exits, form.get("l", ""))

    async def leave_by_address(self, request: Request) -> Response:
        """`GET /leave`: nothing to end; to the neutral page."""
        return self._out(request, self._services.now)

    def _out(self, request: Request, exits: Settings, tag: str = "") -> Response:
        language = find_language(tag) or negotiate(request.headers.get("accept-language", ""))
        response = see_other(exits.exit_url(language.tag))
        response.headers.update(_CLEAR)
        return response

    async def _available(self, request: Request) -> object:
        """How the chat is staffed now; None when nobody can tell, and then the page says that it does not work."""
        try:
            return await self._services.availability(language_of(request).tag)
        except PorchlightError as error:
            _log.warning("availability_unknown error=%s", type(error).__name__)
            return None


def _texts(value: object) -> list[str]:
    """The strings of a JSON array. Raises FormUnreadable for anything else."""
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise FormUnreadable
    return value
