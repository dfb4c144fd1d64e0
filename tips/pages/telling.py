"""The page on which a reporter adds details to a note that is kept already."""

import logging
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from i18n.languages import Language, find_language
from portal.errors import NotThere, PorchlightError
from portal.ids import random_id, to_text
from portal.services import Services
from portal.web.forms import Form, read_form
from portal.web.page import language_of, see_other
from tips import form as tip_form
from tips.access import Doors, Visit
from tips.asked import MORE, Fold, asked
from tips.followup import FollowUp
from tips.pages import carried
from tips.pages.carried import Details
from tips.pages.emergency import emergency_of
from tips.pages.named import part_of
from tips.pages.reporter import FORM_LIMIT
from tips.tip import Path

FOLDS: Final = (Fold.KIND, Fold.SIGNS, Fold.WHERE, Fold.THEM, Fold.DOING, Fold.LAST)

_log = logging.getLogger("porchlight.tips")


class TellingPages:
    """Everything of the form that need not stand between a frightened person and the button that sends her words.

    Reached with the token of a visit, or with one that may only add: then nothing that is kept is shown here.
    """

    def __init__(self, services: Services, follow_up: FollowUp, doors: Doors) -> None:
        self._services = services
        self._follow_up = follow_up
        self._doors = doors

    async def more(self, request: Request) -> Response:
        """Open the page, or add what was filled in."""
        language = language_of(request)
        if request.method != "POST":
            return see_other(f"/{language.tag}/note")
        form = await read_form(request, limit=FORM_LIMIT)
        token = form.get("t", "")
        visit = await self._visit(token)
        if visit is None:
            return see_other(f"/{language.tag}/note/more/over")
        if form.get("do") != "tell":
            other = find_language(form.get("to", "")) or language
            return await self._go(other, Details(token, tip_form.kept_typing(form, MORE)), visit)
        return await self._tell(language, form, token, visit)

    async def after(self, request: Request) -> Response:
        """The page a pass leads to; a closed page once the pass has run out."""
        opened = await self._services.passes.open(request.path_params["key"], carried.MORE)
        if opened is None:
            return self._plain(request, "note.gone")
        page = carried.decode_more(opened)
        visit = await self._visit(page.token)
        if visit is None:
            return self._plain(request, "note.gone")
        try:
            path = await self._follow_up.path(visit)
        except NotThere:
            return self._plain(request, "note.gone")
        except PorchlightError as error:
            _log.error("tip_not_read error=%s", type(error).__name__)
            path = Path.UNSAID
        return await self._draw(request, page, path)

    async def _tell(self, language: Language, form: Form, token: str, visit: Visit) -> Response:
        typed = tip_form.kept_typing(form, MORE)
        read = tip_form.read_more(form)
        if isinstance(read, tuple):
            mends = [(mend.field, mend.phrase) for mend in read]
            return await self._go(language, Details(token, typed, mends), visit)
        if not read:
            return await self._go(language, Details(token, say="details.none"), visit)
        try:
            await self._follow_up.tell(visit, read, part_of(form.get("p", "")))
        except NotThere:
            return see_other(f"/{language.tag}/note/more/over")
        except PorchlightError as error:
            _log.error("tip_not_added_to error=%s", type(error).__name__)
            return await self._go(language, Details(token, typed, say="thread.away"), visit)
        return await self._go(language, Details(token, say="details.kept"), visit)

    async def _draw(self, request: Request, page: Details, path: Path) -> Response:
        phrase, language = self._services.pages.catalogue.phrase, language_of(request)
        return self._services.pages.render(
            request,
            "tips/details.html",
            private=True,
            token=page.token,
            part=to_text(random_id()),
            asks={fold.value: asked(MORE, fold, path) for fold in FOLDS},
            typed=page.typed,
            wrong={name: phrase(language, key) for name, key in page.mends},
            say=page.say,
            may_read=await self._doors.visit_for_token(page.token) is not None,
        )

    async def _visit(self, token: str) -> Visit | None:
        return await self._doors.visit_for_token(token) or await self._doors.telling_for_token(token)

    async def _go(self, language: Language, page: Details, visit: Visit) -> Response:
        token = await self._services.passes.issue(carried.MORE, carried.encode(page), group=visit.group)
        return see_other(f"/{language.tag}/note/more/{token}")

    def _plain(self, request: Request, about: str) -> Response:
        words: dict[str, Any] = {"about": about, "emergency": emergency_of(request)}
        return self._services.pages.render(request, "tips/plain.html", **words)
