"""The public page after the one question: it says thank you, whatever was answered, and to whoever comes by."""

from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.errors import PorchlightError
from portal.web.csrf import from_our_own_page
from portal.web.forms import KIB, read_form
from portal.web.page import language_of, see_other

if TYPE_CHECKING:
    from portal.services import Services

AFTER: Final = "/{lang}/after"
_LIMIT: Final = KIB


class AfterPages:
    """One address: it takes an answer, and thanks."""

    def __init__(self, services: "Services") -> None:
        self._services = services

    def routes(self) -> list[Route]:
        """The addresses of this page."""
        return [
            Route(AFTER, self.thanks, methods=["GET"]),
            Route(AFTER, self.answer, methods=["POST"]),
        ]

    async def thanks(self, request: Request) -> Response:
        """The same page for everybody."""
        return self._services.pages.render(request, "portal/after.html")

    async def answer(self, request: Request) -> Response:
        """Count it. Nothing of the form but the answer is read, and no answer of ours tells whether it counted."""
        language = language_of(request)
        try:
            form = await read_form(request, limit=_LIMIT)
            if from_our_own_page(request, self._services.settings.public_origin):
                await self._services.afterwards.said(form.get("answer", ""))
        except PorchlightError:
            pass  # unreadable, or the store is away: she is thanked all the same
        return see_other(f"/{language.tag}/after")
