"""The outer page of the talk without script: how it begins, what belongs to all of it, and how it ends."""

import asyncio
from typing import Final

from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import Response

from chat.clocks import NO_WISH_MINUTES
from chat.doorway import Carried, Doorway, note_behind, pass_before
from chat.errands import Errands
from chat.pages.measures import ROWS
from chat.pages.talk_parts import talk_parts
from chat.plain.carried import COVERED, OPEN, TALK, Moved, Over, decode_talk
from chat.plain.frames import Frames, hides_in, token_in
from chat.refusals import ConversationOver, NotThisDesk, TooMuchSaid
from chat.relay import Relay
from chat.start import ChatClosed, NotOpenYet, StartNotGood, StartTooSoon, start_conversation
from portal.crowd import step_aside
from portal.errors import NotThere
from portal.ids import KEY_SIZE, from_text, to_text
from portal.web.csrf import YOUNGEST
from portal.web.forms import KIB, Form, read_form
from portal.web.page import language_of, see_other, site_of

FORM_LIMIT: Final = 2 * KIB
# A tap faster than a hand waits here for the rest of its three seconds; so many at once in one process.
WAIT_S: Final = 0.25
WAITS: Final = round(YOUNGEST.total_seconds() / WAIT_S) + 1
MOST_WAITING: Final = 200
# What Chromium says it takes with every page it asks for, as Firefox and WebKit do not. No name and no version is read:
# only whether a place in a frame brings that frame into sight.
CHROMIUM_TAKES: Final = "image/apng"


class OuterPage:
    """`/{lang}/talk/<pass>` and the posts around it, each answered 303."""

    def __init__(self, frames: Frames, relay: Relay, errands: Errands, doorway: Doorway) -> None:
        self._frames = frames
        self._services = frames.services
        self._relay = relay
        self._errands = errands
        self._doorway = doorway
        self._waiting = 0

    async def start(self, request: Request, form: Form) -> Response:
        """A press of Start without script. Raises StartTooSoon only where too many wait already."""
        language, words = language_of(request), form.get("words", "")
        typed = Carried(words, before=pass_before(form), note=note_behind(form))
        try:
            token = await self._started(request, form)
        except NotOpenYet:
            return see_other(f"/{language.tag}/talk")
        except ChatClosed:
            return see_other(await self._doorway.to_closed(language, typed))
        except TooMuchSaid as error:
            return see_other(await self._doorway.to_closed(language, replace(typed, say=error.phrase)))
        except StartNotGood:
            if words or typed.note:
                again = replace(typed, say=StartNotGood.phrase)
                return see_other(await self._doorway.to_start(language, again))
            return see_other(f"/{language.tag}/talk/again")
        if typed.before:
            await self._doorway.passed(typed.before)
        return see_other(await self._frames.door.address(language, from_text(token, KEY_SIZE)))

    async def start_again(self, request: Request) -> Response:
        """`GET /{lang}/talk/again`: the start was spent or too old; a new one is one tap away, as is the way back."""
        if not site_of(request).is_open:
            return see_other(f"/{language_of(request).tag}/talk")
        return self._services.pages.render(
            request, "chat/plain_again.html", status=203, start=self._services.start_tokens.make()
        )

    async def show(self, request: Request) -> Response:
        """The outer page; once its minute is over what helps while the talk is open, and nothing of it afterwards."""
        language = language_of(request)
        page = await self._frames.carried(request, TALK, decode_talk)
        if page is None:
            return await self._aged(request)
        if isinstance(page, Over):
            return self._services.pages.render(request, "chat/plain_ended.html", private=True)
        try:
            talk = await self._frames.visits.open(page.token)
        except NotThere:
            return self._to_neutral(request)
        if isinstance(page, Moved):
            parts = talk_parts(request)
            return self._services.pages.render(
                request,
                "chat/moved.html",
                private=True,
                token=to_text(page.token),
                draft=page.draft,
                word=page.word,
                is_covered=talk.facts.covered_ms is not None,
                **parts,
            )
        posts_across = CHROMIUM_TAKES in request.headers.get("accept", "")
        words, write = await self._frames.door.frames(language, talk, page, posts_across=posts_across)
        return self._frames.draw(
            request,
            "chat/plain_talk.html",
            part="holds",
            token=to_text(page.token),
            hides=page.hides,
            words=words,
            write=write,
            posts_across=posts_across,
            cover_minutes=NO_WISH_MINUTES,
        )

    async def again(self, request: Request) -> Response:
        """`POST /{lang}/talk/again`: the whole page anew."""
        form = await read_form(request, limit=FORM_LIMIT)
        language = language_of(request)
        try:
            return see_other(await self._frames.door.address_again(language, token_in(form), hides_in(form)))
        except NotThere:
            return see_other(await self._frames.door.address_over(language))

    async def end(self, request: Request) -> Response:
        """`POST /{lang}/talk/end`: her side is destroyed at once; the page after it belongs to nothing."""
        form = await read_form(request, limit=FORM_LIMIT)
        try:
            talk = await self._frames.visits.open(token_in(form))
            await self._errands.finish(self._relay.leave(talk, "end"))
        except (NotThere, NotThisDesk, ConversationOver):
            pass  # it was over already
        return see_other(await self._frames.door.address_over(language_of(request)))

    async def _started(self, request: Request, form: Form) -> str:
        """The tab token; a token that is too young is waited for here, so that no tap is lost."""
        start = form.get("start", "")
        if self._services.start_tokens.judge(start) == "young":
            if self._waiting >= MOST_WAITING:
                raise StartTooSoon
            step_aside(request)
            self._waiting += 1
            try:
                for _ in range(WAITS):
                    await asyncio.sleep(WAIT_S)
                    if self._services.start_tokens.judge(start) != "young":
                        break
            finally:
                self._waiting -= 1
        begun = start_conversation(
            self._services,
            start,
            language_of(request).tag,
            words=form.get("words", ""),
            note=note_behind(form),
        )
        return await self._errands.finish(begun)

    async def _aged(self, request: Request) -> Response:
        if await self._services.passes.is_marked(request.path_params["key"], COVERED):
            # Whoever is near presses Back. Not the neutral site: she would lose the page she can come back from.
            return self._services.pages.render(request, "chat/measures_page.html", private=True, name="", rows=ROWS)
        if await self._services.passes.is_marked(request.path_params["key"], OPEN):
            return self._services.pages.render(request, "chat/plain_aged.html", private=True)
        return self._to_neutral(request)

    def _to_neutral(self, request: Request) -> Response:
        """Nobody learns whether there was a talk: the address leads where the exit leads."""
        return see_other(self._services.now.exit_url(language_of(request).tag))
