"""The frame of words: streamed while the talk goes on, whole and still when she asks for all, silent after the end."""

import contextlib
import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from chat.calling import LASTS as PHONE_LASTS
from chat.comeback import Comebacks
from chat.conversation import VisitorTalk
from chat.errands import Errands
from chat.plain.carried import WORDS, Chosen, Digits, Listen, Number, Over, Whole, WordsPage, decode_words
from chat.plain.frames import MOMENT, Frames, hides_in, token_in
from chat.plain.shown import Reading
from chat.plain.stream import LASTS_S, Streamed, WordsStream, padded
from chat.protocol.server import ConversationClosed, MessagePosted, ToVisitor
from chat.refusals import ConversationOver
from chat.visits import FellBehind, Listening
from i18n.languages import Language
from portal.crowd import step_aside
from portal.errors import Away, NotThere, TooBusy
from portal.ids import random_id, to_text
from portal.store.passes import LASTS
from portal.vault.comebacks import group_comeback
from portal.web.forms import KIB, Form, read_form
from portal.web.page import language_of, see_other

FORM_LIMIT: Final = 2 * KIB
SHOWN: Final = 30  # messages a stream begins with; what came before stands behind a tap
MOST_WHOLE: Final = 1_000  # messages of a frame with all of them
# With no seat for a stream the frame shows what is there and asks again; with a store away it only asks again.
ASKS_AGAIN_S: Final = 15
TRIES_AGAIN_S: Final = 5
PHONE_MINUTES: Final = int(PHONE_LASTS.total_seconds()) // 60
HERE: Final = "\N{OBJECT REPLACEMENT CHARACTER}"

_log = logging.getLogger("porchlight.chat.plain")


class WordsFrame:
    """`GET /{lang}/talk/words/<pass>`, and the posts that lead there."""

    def __init__(self, frames: Frames, errands: Errands, comebacks: Comebacks, *, lasts_s: float = LASTS_S) -> None:
        self._frames = frames
        self._errands = errands
        self._comebacks = comebacks
        self._lasts_s = lasts_s

    async def show(self, request: Request) -> Response:
        """The frame a pass leads to."""
        try:
            page = await self._frames.carried(request, WORDS, decode_words)
            if page is None:
                return await self._frames.aged(request, "plain.aged_words")
            if isinstance(page, Over):
                return self._frames.over(request, "")
            talk = await self._frames.visits.open(page.token)
            match page:
                case Number():
                    return self._number(request, page)
                case Digits():
                    groups = [page.word[:3], page.word[3:]] if page.word else []
                    return self._frames.draw(request, "chat/plain_digits.html", groups=groups, minutes=PHONE_MINUTES)
                case Chosen():
                    return self._frames.draw(request, "chat/plain_word.html", is_kept=page.is_kept)
                case Whole():
                    return await self._whole(request, talk)
                case Listen():
                    return await self._stream(request, talk, page)
        except (NotThere, ConversationOver):
            return self._frames.over(request, "")
        except Away:
            return self._frames.away(request)

    async def again(self, request: Request) -> Response:
        """`POST /{lang}/talk/words`: the frame anew, in one tap, whatever became of the one before."""
        form = await read_form(request, limit=FORM_LIMIT)
        if form.get("stay"):
            with contextlib.suppress(NotThere, ConversationOver, Away):
                # Not kept, it is asked again by the frame it leads to.
                await self._frames.visits.stays(await self._frames.visits.open(token_in(form)))
        wants_all = bool(form.get("all"))
        return await self._go(request, form, lambda token: Whole(token) if wants_all else Listen(token, hides_in(form)))

    async def number(self, request: Request) -> Response:
        """`POST /{lang}/talk/number`: a number to come back with, in a small frame of its own."""
        form = await read_form(request, limit=FORM_LIMIT)
        code = ""
        try:
            talk = await self._frames.visits.open(token_in(form))
            code = str((await self._errands.finish(self._comebacks.make(talk))).code)
        except (NotThere, ConversationOver):
            pass  # it is over: the frame says so below
        except Away:
            _log.warning("comeback_not_made")
        return await self._go(request, form, lambda token: Number(token, code))

    async def number_again(self, language: Language, talk: VisitorTalk | None, shown: str, minutes: int) -> str:
        """The number's frame anew, once she said whether it outlives an exit; `shown`: the pass of the one before."""
        if talk is None:
            return await self._frames.door.words_over(language)
        carried = await self._frames.services.passes.open(shown, WORDS)
        page = decode_words(carried) if carried is not None else None
        # Its minute may be over: then the number itself is shown no more, only what became of it.
        code = page.code if isinstance(page, Number) and page.token == talk.token else ""
        return await self._frames.door.words(language, talk, Number(talk.token, code, minutes))

    async def digits(self, language: Language, talk: VisitorTalk | None, word: str) -> str:
        """The frame of her digits for the phone."""
        if talk is None:
            return await self._frames.door.words_over(language)
        return await self._frames.door.words(language, talk, Digits(talk.token, word))

    async def _go(self, request: Request, form: Form, page_for: Callable[[bytes], WordsPage]) -> Response:
        language = language_of(request)
        try:
            try:
                talk = await self._frames.visits.open(token_in(form))
            except NotThere:
                return see_other(await self._frames.door.words_over(language))
            return see_other(await self._frames.door.words(language, talk, page_for(talk.token)))
        except Away:
            return self._frames.to(request, MOMENT)

    async def _stream(self, request: Request, talk: VisitorTalk, page: Listen) -> Response:
        """A stream, once it has a seat; else what is there, and a little later again."""
        onward = await self._onward(request, talk, page, self._lasts_s)

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            instead = await self._streamed(request, talk, page, onward, receive, send)
            if instead is not None:
                await instead(scope, receive, send)

        return Streamed(answer)

    async def _streamed(
        self, request: Request, talk: VisitorTalk, page: Listen, onward: str, receive: Receive, send: Send
    ) -> Response | None:
        """Stream. Answers what to show where there is no stream to be had; None after one."""
        first = _first(talk, page)
        try:
            async with self._frames.visits.listening(talk, last=first, way="plain") as heard:
                step_aside(request)
                drawn = self._page(request, talk, page.hides, has_earlier=first > 0, onward=onward)
                lines = _Lines(self._frames, request, talk.token, page.hides)
                await self._run(lines, talk, heard, drawn, receive, send)
                if heard.is_replaced:
                    # Its page would ask again at once, take the seat of the one that took this, and so on for ever.
                    await self._frames.services.passes.spend(onward.rpartition("/")[2], WORDS)
        except TooBusy:
            return await self._crowded(request, talk, page)
        except ConversationOver:
            return self._frames.over(request, "")
        except FellBehind:
            return None
        except Away:
            return self._frames.away(request, onward=onward, wait=TRIES_AGAIN_S)
        return None

    async def _run(
        self, lines: "_Lines", talk: VisitorTalk, heard: Listening, drawn: Response, receive: Receive, send: Send
    ) -> None:
        head, _, foot = bytes(drawn.body).partition(HERE.encode())

        async def closed(fact: ConversationClosed) -> None:
            # After an exit nothing may tell that there was a talk.
            if fact.how != "exit":
                with contextlib.suppress(Away):
                    await self._frames.door.say_ended(talk)

        stream = WordsStream(heard, lines.draw, closed, head=head, foot=foot, lasts_s=self._lasts_s)
        headers = [(name, value) for name, value in drawn.raw_headers if name != b"content-length"]
        # A proxy that gathers an answer before it passes it on would hold every word back until the end.
        await stream.run([*headers, (b"x-accel-buffering", b"no")], receive, send)

    async def _crowded(self, request: Request, talk: VisitorTalk, page: Listen) -> Response:
        """What is there, without a stream: every seat is taken."""
        first = _first(talk, page)
        try:
            told = await self._frames.visits.glance(talk, last=first, way="plain")
            onward = await self._onward(request, talk, page, ASKS_AGAIN_S)
        except ConversationOver:
            return self._frames.over(request, "")
        except Away:
            return self._frames.away(request)
        drawn = self._page(
            request, talk, page.hides, has_earlier=first > 0, onward=onward, wait=ASKS_AGAIN_S, is_crowded=True
        )
        return _filled(drawn, _Lines(self._frames, request, talk.token, page.hides).draw(told))

    async def _whole(self, request: Request, talk: VisitorTalk) -> Response:
        settled = await self._frames.visits.settled(talk)
        told = await self._frames.visits.glance(talk, last=max(0, talk.facts.seq - MOST_WHOLE), way="plain")
        told = [fact for fact in told if not _may_go(fact, settled)]
        drawn = self._page(request, talk, 0, is_still=True)
        return _filled(drawn, _Lines(self._frames, request, talk.token, 0).draw(told))

    def _number(self, request: Request, page: Number) -> Response:
        groups = group_comeback(page.code) if page.code else []
        return self._frames.draw(
            request,
            "chat/plain_number.html",
            groups=groups,
            token=to_text(page.token),
            own_pass=request.path_params["key"],
            minutes=page.minutes,
        )

    def _page(
        self,
        request: Request,
        talk: VisitorTalk,
        hides: int,
        *,
        has_earlier: bool = False,
        onward: str = "",
        wait: int = 0,
        is_still: bool = False,
        is_crowded: bool = False,
    ) -> Response:
        """The page around the lines, with a mark where they go."""
        return self._frames.draw(
            request,
            "chat/plain_words.html",
            token=to_text(talk.token),
            hides=hides,
            has_earlier=has_earlier,
            onward=onward,
            wait=wait,
            is_still=is_still,
            is_crowded=is_crowded,
            here=HERE,
        )

    async def _onward(self, request: Request, talk: VisitorTalk, page: Listen, after_s: float) -> str:
        # Its minute begins when the page will ask for it, not when it was made.
        lasts = LASTS + timedelta(seconds=after_s)
        return await self._frames.door.words(language_of(request), talk, page, lasts=lasts)


class _Lines:
    """Draws the facts of one frame. `token` and `hides` stand in the form of the choice she has after a while."""

    def __init__(self, frames: Frames, request: Request, token: bytes, hides: int) -> None:
        self._frames = frames
        self._request = request
        self._token = token
        self._hides = hides
        self._reading = Reading(choice_after_s=frames.services.now.choice_minutes * 60)

    def draw(self, told: Sequence[ToVisitor]) -> bytes:
        shown = self._reading.shows(told)
        if not shown:
            return b""
        drawn = self._frames.draw(
            self._request,
            "chat/plain_lines.html",
            shown=shown,
            token=to_text(self._token),
            hides=self._hides,
            page=to_text(random_id()),
        )
        return bytes(drawn.body)


def _filled(drawn: Response, lines: bytes) -> Response:
    drawn.body = padded(bytes(drawn.body).replace(HERE.encode(), lines))
    drawn.headers["content-length"] = str(len(drawn.body))
    return drawn


def _may_go(fact: ToVisitor, settled: int) -> bool:
    """Whether these are words that may still be taken back; a page that stands still leaves them out."""
    return isinstance(fact, MessagePosted) and fact.author == "advocate" and fact.seq > settled


def _first(talk: VisitorTalk, page: Listen) -> int:
    """After which number a frame begins: what she hid stays hidden, and a long talk is not sent again and again."""
    return max(page.hides, talk.facts.seq - SHOWN, 0)
