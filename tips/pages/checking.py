"""One group of the number typed back: asked beside it, never needed, and answered kindly either way."""

import secrets
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from i18n.languages import Language
from portal.services import Services
from portal.web.forms import read_form
from portal.web.page import language_of, see_other
from tips.intake import SHOWN_AGAIN_FOR, Filing
from tips.pages import carried
from tips.pages.carried import Asked, Compared
from tips.receipt import GROUPS, is_group

CHECK: Final = "same"
LONGEST_TYPED: Final = 200


class CheckingPages:
    """The question and its answer. Nothing of it is kept: nobody reads later whether a number was written down."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def begins(self, filing: Filing) -> Asked | None:
        """What the page with the number asks; None when the number may not be shown again, and so not corrected.

        The token opens the number for as long as a form sent once more would show it, to whoever has the page on which
        it stands already. Raises ValkeyAway.
        """
        left = SHOWN_AGAIN_FOR - (self._services.clock.now() - filing.at)
        if left.total_seconds() <= 0:
            return None
        which = secrets.randbelow(GROUPS)
        packed = carried.encode_asked(filing.encode(), which)
        group = filing.visit.group
        return Asked(await self._services.passes.issue(CHECK, packed, group=group, lasts=left), which)

    async def check(self, request: Request) -> Response:
        """Compare what was typed with that group. Right ends the question; wrong shows the number once more."""
        language = language_of(request)
        if request.method != "POST":
            return see_other(f"/{language.tag}/note")
        form = await read_form(request)
        token, typed = form.get("c", ""), form.get("number", "")[:LONGEST_TYPED]
        opened = await self._services.passes.open(token, CHECK)
        if opened is None:
            return see_other(f"/{language.tag}/note/over")
        packed, which = carried.decode_asked(opened)
        filing = Filing.decode(packed)
        if is_group(filing.receipt, which, typed):
            await self._services.passes.spend(token, CHECK)
            return await self._go(language, Compared(packed, is_same=True), filing)
        return await self._go(language, Compared(packed, token=token, which=which), filing)

    async def _go(self, language: Language, page: Compared, filing: Filing) -> Response:
        token = await self._services.passes.issue(carried.NOTE, carried.encode(page), group=filing.visit.group)
        return see_other(f"/{language.tag}/note/{token}")
