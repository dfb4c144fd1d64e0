"""Draws a tip as its reporter reads it, for whoever holds the token of a visit."""

import logging

from starlette.requests import Request
from starlette.responses import Response

from i18n.formats import day
from portal.errors import NotThere, PorchlightError
from portal.ids import random_id, to_text
from portal.services import Services
from portal.web.page import language_of
from tips import form as tip_form
from tips.access import Doors
from tips.consents import Consent, Identity
from tips.followup import FollowUp
from tips.pages.carried import BackAgain, ThreadPage
from tips.pages.files import FilePages
from tips.said import label_of, phrase_of
from tips.tip import how_long_ago

_log = logging.getLogger("porchlight.tips")


class ThreadDrawing:
    """The page itself. Every id on it is made anew, so that what is sent from it twice is kept once."""

    def __init__(self, services: Services, follow_up: FollowUp, doors: Doors, files: FilePages) -> None:
        self._services = services
        self._follow_up = follow_up
        self._doors = doors
        self._files = files

    async def draw(self, request: Request, page: ThreadPage) -> Response | BackAgain:
        """The thread; or the page that asks for the number, where the visit is over or nothing can be read."""
        visit = await self._doors.visit_for_token(page.visit)
        if visit is None:
            return BackAgain("", "back.error.over", draft=page.typed)
        try:
            thread = await self._follow_up.read(visit)
            files = await self._files.shown(visit)
        except NotThere:
            return BackAgain("", "back.error.unknown")
        except PorchlightError as error:
            _log.error("tip_not_read error=%s", type(error).__name__)
            return BackAgain("", "back.error.away", draft=page.typed)
        language = language_of(request)
        today = self._services.clock.now().date()
        phrase = self._services.pages.catalogue.phrase
        return self._services.pages.render(
            request,
            "tips/thread.html",
            private=True,
            visit=page.visit,
            thread=thread,
            files=files,
            goes=None if thread.goes_from is None else day(language, thread.goes_from),
            ago=lambda at: how_long_ago(at.date(), today),
            say=page.say,
            typed=page.typed,
            wrong={name: phrase(language, key) for name, key in page.mends},
            part=to_text(random_id()),
            new_part=lambda: to_text(random_id()),
            consents=list(Consent),
            identities=list(Identity),
            reach=tip_form.typed_names(thread.left) if page.reach is None else page.reach,
            asks=tip_form.REACH,
            opens_reach=page.reach is not None or page.say == "thread.reach.saved",
            label_of=label_of,
            phrase_of=phrase_of,
            limit=tip_form.ADDITION_LIMIT,
        )
