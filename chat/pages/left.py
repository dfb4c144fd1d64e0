"""The way out of the waiting room that loses no word: what she said becomes a note, and she gets its number."""

import logging
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from chat.card import Way
from chat.conversation import VisitorTalk
from chat.errands import Errands
from chat.plain.frames import hides_in, token_in
from chat.protocol import server
from chat.refusals import ConversationOver, NotThisDesk
from chat.relay import Relay
from chat.visits import Visits
from i18n.languages import Language
from portal.errors import Away, NotThere, PorchlightError
from portal.handover import WordsLeft
from portal.services import Services
from portal.vault.conversations import leaving_of
from portal.web.forms import KIB, Form, read_form
from portal.web.page import language_of, see_other

# What stands in her field and what was not sent comes along: as much as a note holds.
FORM_LIMIT: Final = 160 * KIB

TalkAgain = Callable[[Language, bytes, int], Awaitable[str]]
TalkOver = Callable[[Language], Awaitable[str]]

_log = logging.getLogger("porchlight.chat")


class LeaveWords:
    """`POST /{lang}/talk/note`. `again` gives the address of a talk that goes on, `over` of one that does not."""

    def __init__(
        self, services: Services, relay: Relay, errands: Errands, visits: Visits, again: TalkAgain, over: TalkOver
    ) -> None:
        self._services = services
        self._relay = relay
        self._errands = errands
        self._visits = visits
        self._again = again
        self._over = over

    async def leave(self, request: Request) -> Response:
        """File her words first, then end the chat. Pressed twice, it leads to the same number."""
        language = language_of(request)
        form = await read_form(request, limit=FORM_LIMIT)
        try:
            token = token_in(form)
            return see_other(await self._left(language, form, token))
        except NotThere:
            return see_other(await self._over(language))
        except PorchlightError as error:
            # Nothing was filed and nothing ended: the browser stays on the page it has, words and all.
            _log.warning("words_not_left error=%s", type(error).__name__)
            return see_other(f"/{language.tag}/talk/stay")

    async def _left(self, language: Language, form: Form, token: bytes) -> str:
        left = WordsLeft(language, (), leaving_of(token), note=await self._relay.leavings.behind.of(token))
        try:
            talk = await self._visits.open(token)
            answers = await self._relay.answers(talk)
            words, is_waiting = await self._said(talk, answers.way)
        except (NotThere, ConversationOver):
            return await self._services.leave_note(left)
        if not is_waiting:
            # Somebody took it while she chose. A person is worth more than a number.
            return await self._again(language, token, hides_in(form))
        left = WordsLeft(
            language,
            (*words, form.get("rest", "")),
            left.once,
            answers.get("safe"),
            answers.get("about"),
            answers.get("region"),
            left.note,
        )
        address = f"/{language.tag}/note"
        if any(text.strip() for text in left.words):
            address = await self._errands.finish(self._services.leave_note(left))
        await self._end(talk)
        return address

    async def _said(self, talk: VisitorTalk, way: Way) -> tuple[tuple[str, ...], bool]:
        """All her own words, hidden ones too, for none of them is shown on the way; and whether she still waits."""
        told = await self._visits.glance(talk, last=0, way=way)
        words = tuple(
            one.text for one in told if isinstance(one, server.MessagePosted) and one.author == "visitor" and not one.of
        )
        return words, any(isinstance(one, server.Welcome) and one.state == "waiting" for one in told)

    async def _end(self, talk: VisitorTalk) -> None:
        """Her words are safe now. An end that the store cannot take yet is done as soon as it can."""
        try:
            await self._errands.finish(self._relay.leave(talk, "end"))
        except (NotThere, NotThisDesk, ConversationOver):
            pass
        except Away:
            self._errands.keep_trying(lambda: self._relay.leave(talk, "end"))


def routes(pages: LeaveWords) -> list[BaseRoute]:
    """The one address, in front of the talk's passes."""
    return [Route("/{lang}/talk/note", pages.leave, methods=["POST"])]
