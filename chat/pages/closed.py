"""The page for somebody whom no chat can begin with: why, until when, the phone, and a note with what she typed."""

import logging
from typing import Final

from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from chat.availability import Availability
from chat.doorway import CLOSED, Carried, Doorway, note_behind, pass_before
from chat.errands import Errands
from chat.protocol.kinds import TEXT_LIMIT
from i18n.languages import Language
from portal.errors import NotThere, PorchlightError
from portal.handover import WordsLeft
from portal.numbers import numbers, one_number
from portal.services import Services
from portal.web.forms import KIB, Form, read_form
from portal.web.page import language_of, see_other, site_of
from portal.web.throttle import Throttle

FORM_LIMIT: Final = 160 * KIB

# All of one process together, as for notes: more is a flood, and then everybody keeps her words and tries again.
BURST: Final = 60
EACH_SECOND: Final = 2.0

_log = logging.getLogger("porchlight.chat")


class ClosedPages:
    """`/{lang}/talk/closed`: her words are never dropped here, only carried on, into a note or into a chat."""

    def __init__(self, services: Services, errands: Errands, doorway: Doorway) -> None:
        self._services = services
        self._errands = errands
        self._doorway = doorway
        self._flood = Throttle(burst=BURST, each_second=EACH_SECOND)

    async def show(self, request: Request) -> Response:
        """The page a pass leads to; once its minute is over, the page before a chat, whatever that says by then."""
        language = language_of(request)
        key = request.path_params["key"]
        carried = await self._doorway.read(key, CLOSED)
        if carried is None:
            return see_other(f"/{language.tag}/talk")
        available = await self._services.availability(language.tag)
        return self.draw(request, available, carried, own_pass=key)

    def draw(self, request: Request, available: Availability, carried: Carried, *, own_pass: str = "") -> Response:
        """The page, with what was typed still in its field.

        A start token that was only pressed too fast stays: by the next press it is old enough, and still counts once.
        """
        is_ours = self._services.start_tokens.judge(carried.start) in ("fresh", "young")
        return self._services.pages.render(
            request,
            "chat/closed.html",
            private=bool(own_pass),
            available=available,
            carried=carried,
            own_pass=own_pass,
            start=carried.start if is_ours else self._services.start_tokens.make(),
            limit=TEXT_LIMIT,
            emergency=one_number(numbers().region(site_of(request).region)),
        )

    async def press(self, request: Request) -> Response:
        """`POST /{lang}/talk/closed`: leave the words as a note, or look again whether a chat can begin."""
        language = language_of(request)
        form = await read_form(request, limit=FORM_LIMIT)
        carried = _typed(form)
        try:
            act = self._left if form.get("do") == "note" else self._looked
            return see_other(await act(language, carried))
        except PorchlightError as error:
            # Nothing can be carried anywhere: the browser stays on the page it has, words and all.
            _log.warning("words_not_carried error=%s", type(error).__name__)
            return see_other(f"/{language.tag}/talk/stay")

    async def _looked(self, language: Language, carried: Carried) -> str:
        available: Availability = await self._services.availability(language.tag)
        if available.state == "closed":
            return await self._doorway.to_closed(language, carried)
        return await self._doorway.to_start(language, carried)

    async def _left(self, language: Language, carried: Carried) -> str:
        """Where the note's number is; or this page again, with her words and what to do."""
        said = self._unfit(carried)
        if said:
            return await self._doorway.to_closed(language, replace(carried, say=said))
        left = WordsLeft(language, (carried.words,), carried.start, note=carried.note)
        try:
            address = await self._errands.finish(self._services.leave_note(left))
            await self._doorway.passed(carried.before)
            return address
        except NotThere:
            said = "refused.empty"
        except PorchlightError as error:
            # Whatever it was, nothing was promised: the words go back onto the page.
            _log.error("words_not_left error=%s", type(error).__name__)
            said = "note.away"
        return await self._doorway.to_closed(language, replace(carried, say=said))

    def _unfit(self, carried: Carried) -> str:
        """The phrase that says why this press files nothing, or nothing."""
        if not carried.words.strip():
            return "refused.empty"
        if self._services.start_tokens.judge(carried.start) != "fresh":
            return "note.again"
        return "" if self._flood.allows() else "note.busy"


def _typed(form: Form) -> Carried:
    """What a press carries. Twice what a message holds is kept, so that who wrote too much can shorten it."""
    return Carried(
        form.get("words", "")[: 2 * TEXT_LIMIT], form.get("start", ""), before=pass_before(form), note=note_behind(form)
    )


def routes(pages: ClosedPages) -> list[BaseRoute]:
    """Its addresses, in front of the talk's passes."""
    return [
        Route("/{lang}/talk/closed", pages.press, methods=["POST"]),
        Route("/{lang}/talk/closed/{key}", pages.show, methods=["GET"]),
    ]
