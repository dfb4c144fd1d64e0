"""Keeps the answer to a card that was tapped in the frame of words, and leads back to that frame."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from chat.errands import Errands
from chat.hands import Hands
from chat.plain.carried import Listen
from chat.plain.frames import MOMENT, Frames, hides_in, token_in
from chat.plain.message_key import message_key
from chat.refusals import ConversationOver, Refusal
from portal.errors import Away, NotThere
from portal.ids import ID_SIZE, from_text, random_id
from portal.web.forms import KIB, Form, read_form
from portal.web.page import language_of, see_other
from portal.web.throttle import Throttle

FORM_LIMIT: Final = 2 * KIB
# One talk's taps in one process.
BURST: Final = 20
EACH_SECOND: Final = 1.0


class Tapping:
    """`POST /{lang}/talk/tap`, a form for each card. What could not be kept is not there when the frame comes again."""

    def __init__(self, frames: Frames, hands: Hands, errands: Errands) -> None:
        self._frames = frames
        self._hands = hands
        self._errands = errands
        self._flood = Throttle(burst=BURST, each_second=EACH_SECOND)

    async def post(self, request: Request) -> Response:
        """Keep it once, however often the same page sends it."""
        language = language_of(request)
        form = await read_form(request, limit=FORM_LIMIT)
        try:
            try:
                talk = await self._frames.visits.open(token_in(form))
                if self._flood.allows(talk.id):
                    seq, choice = _number(form), form.get("c", "")
                    key = message_key(_page_key(form), f"{seq} {choice}")
                    await self._errands.finish(self._hands.tap(talk, seq, choice, key, talk.facts.seq))
            except (NotThere, ConversationOver):
                return see_other(await self._frames.door.words_over(language))
            except Refusal:
                pass  # no such card any more: it was taken back
            return see_other(await self._frames.door.words(language, talk, Listen(talk.token, hides_in(form))))
        except Away:
            return self._frames.to(request, MOMENT)


def _number(form: Form) -> int:
    typed = form.get("n", "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else 0


def _page_key(form: Form) -> bytes:
    try:
        return from_text(form.get("k", ""), ID_SIZE)
    except ValueError:
        return random_id()
