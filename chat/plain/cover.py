"""The cover of a talk without script: an innocent page of its own, and the ways back from behind it."""

from collections.abc import Awaitable, Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from chat.card import CHOICES
from chat.conversation import VisitorTalk
from chat.cover import Covers, stays_for
from chat.errands import Errands
from chat.pages.measures import ROWS, found, shown
from chat.pages.talk_parts import TAPS
from chat.plain.carried import KITCHEN, AskSafe, Chosen, KitchenPage, Measures, decode_kitchen
from chat.plain.frames import MOMENT, STAY, Frames, token_in
from chat.refusals import ConversationOver
from chat.relay import Relay
from i18n.languages import Language
from portal.errors import Away, NotThere
from portal.ids import KEY_SIZE, from_text, to_text
from portal.web.forms import KIB, Form, read_form
from portal.web.page import language_of, see_other

FORM_LIMIT: Final = 2 * KIB
SAFE: Final = dict(TAPS)["safe"]


class CoverPages:
    """`POST /{lang}/talk/cover`, and the innocent page at `/{lang}/read/measures`. Every post is answered 303.

    With a store away nothing of the talk is shown and nothing is lost: Hide leads to the same innocent page, without a
    way back for that moment, and a page that has one stays as it is.
    """

    def __init__(self, frames: Frames, relay: Relay, errands: Errands) -> None:
        self._frames = frames
        self._services = frames.services
        self._relay = relay
        self._errands = errands
        self._covers = Covers(relay)

    async def cover(self, request: Request) -> Response:
        """Somebody is near: the whole tab shows the innocent page. An end that came first shows it too."""
        language = language_of(request)
        form = await read_form(request, limit=FORM_LIMIT)
        try:
            talk = await self._frames.visits.open(token_in(form))
            return see_other(await self._errands.finish(self._covered(language, talk)))
        except (NotThere, ConversationOver, Away):
            return see_other(_plain(language))

    async def word(self, request: Request) -> Response:
        """`POST /{lang}/talk/word`: the word she chose, kept or not; a frame of its own says which."""
        language = language_of(request)
        form = await read_form(request, limit=FORM_LIMIT)
        typed = form.get("word", "")
        try:
            try:
                talk = await self._frames.visits.open(token_in(form))
                # What the page finds would lead nobody back, or whoever looks for flour.
                is_kept = not self._rows(language, typed) and await self._errands.finish(
                    self._covers.choose(talk, typed)
                )
                return see_other(await self._frames.door.words(language, talk, Chosen(talk.token, is_kept)))
            except (NotThere, ConversationOver):
                return see_other(await self._frames.door.words_over(language))
        except Away:
            return self._frames.to(request, MOMENT)

    async def near(self, request: Request) -> Response:
        """`GET /{lang}/read/near`: what to do when somebody comes near. Nothing of anybody stands in it."""
        language_of(request)
        return self._services.pages.render(request, "chat/near.html")

    async def show(self, request: Request) -> Response:
        """The page as anybody may open it."""
        language_of(request)
        return self._draw(request, "", ROWS)

    async def show_own(self, request: Request) -> Response:
        """The page a pass leads to. Once its minute is over it is the page as anybody may open it."""
        try:
            page = await self._frames.carried(request, KITCHEN, decode_kitchen)
        except Away:
            page = None
        match page:
            case AskSafe():
                return self._services.pages.render(
                    request, "chat/measures_ask.html", private=True, name=to_text(page.name), choices=SAFE
                )
            case Measures():
                return self._draw(request, to_text(page.name), shown(page.rows))
        return self._draw(request, "", ROWS)

    async def find(self, request: Request) -> Response:
        """What was typed: a measure, or her word, which leads back. Any other word shows the page as it was."""
        return await self._answer(request, self._found)

    async def open(self, request: Request) -> Response:
        """She answered whether it is safe, or would rather not, and wants to see the talk or the page again."""
        return await self._answer(request, self._opened)

    async def _answer(
        self, request: Request, act: Callable[[Language, Form, bytes], Awaitable[str | None]]
    ) -> Response:
        language = language_of(request)
        form = await read_form(request, limit=FORM_LIMIT)
        address: str | None = None
        try:
            name = from_text(form.get("n", ""), KEY_SIZE)
            address = await self._errands.finish(_as_coroutine(act(language, form, name)))
        except (ValueError, ConversationOver, NotThere):
            pass  # nobody's page, or over: the innocent page answers for both
        except Away:
            # Another page could not carry her name: this one stays as it is, and she asks again.
            return self._frames.to(request, STAY)
        return see_other(address or _plain(language))

    async def _covered(self, language: Language, talk: VisitorTalk) -> str:
        name, is_new = await self._covers.put_away(talk)
        # A second tap must not take the address away that the first one leads to; nor must it pass over what the first
        # one was cut off from.
        if is_new or not await self._frames.door.is_covered(talk):
            await self._frames.door.covered(talk, stays_for((await self._relay.answers(talk)).get("cutoff")))
        return await self._frames.door.kitchen(language, talk, Measures(name))

    async def _found(self, language: Language, form: Form, name: bytes) -> str | None:
        typed, page = form.get("find", ""), None
        rows = self._rows(language, typed)
        if form.get("do") == "more":
            page = AskSafe(name)
        elif not rows and typed.strip():
            talk = await self._covers.try_word(name, typed)
            if talk is not None:
                return await self._led_back(language, talk, typed)
        return await self._page(language, name, page or Measures(name, tuple(rows)))

    def _rows(self, language: Language, typed: str) -> list[str]:
        catalogue = self._services.pages.catalogue
        return found(typed, lambda row: catalogue.phrase(language, f"cover.row.{row}"))

    async def _opened(self, language: Language, form: Form, name: bytes) -> str | None:
        if form.get("do") != "open":
            return await self._page(language, name, Measures(name))
        talk = await self._covers.behind(name)
        if talk is None:
            return None
        safe = form.get("safe", "")
        if safe in CHOICES["safe"]:
            await self._relay.visitor_answers(talk, "safe", safe)
        return await self._led_back(language, talk)

    async def _led_back(self, language: Language, talk: VisitorTalk, word: str = "") -> str:
        """Where the talk goes on. Her name opens it until she has that address: whatever goes away, she asks again."""
        await self._covers.show(talk, word)
        address = await self._frames.door.address_uncovered(language, talk)
        try:
            await self._covers.bring_out(talk.id)
        except Away:
            self._errands.keep_trying(lambda: self._covers.bring_out(talk.id))
        return address

    async def _page(self, language: Language, name: bytes, page: KitchenPage) -> str | None:
        talk = await self._covers.behind(name)
        return await self._frames.door.kitchen(language, talk, page) if talk is not None else None

    async def leave(self, token: str) -> None:
        """The way out of a covered page holds its name: what lies under it ends as by any exit."""
        try:
            name = from_text(token, KEY_SIZE)
        except ValueError:
            return
        try:
            await self._errands.finish(self._ended(name))
        except Away:
            # She is gone and cannot ask again: the house does, for as long as a store needs to come back.
            self._errands.keep_trying(lambda: self._ended(name))

    async def _ended(self, name: bytes) -> None:
        talk = await self._covers.behind(name)
        if talk is not None:
            await self._relay.leave_by_token(talk.token)

    def _draw(self, request: Request, name: str, rows: list[str]) -> Response:
        return self._services.pages.render(
            request, "chat/measures_page.html", status=203, private=bool(name), name=name, rows=rows
        )

    def routes(self) -> list[BaseRoute]:
        """The addresses; the innocent ones stand among what anybody reads."""
        return [
            Route("/{lang}/talk/cover", self.cover, methods=["POST"]),
            Route("/{lang}/talk/word", self.word, methods=["POST"]),
            Route("/{lang}/read/near", self.near, methods=["GET"]),
            Route("/{lang}/read/measures", self.show, methods=["GET"]),
            Route("/{lang}/read/measures", self.find, methods=["POST"]),
            Route("/{lang}/read/measures/open", self.open, methods=["POST"]),
            Route("/{lang}/read/measures/{key}", self.show_own, methods=["GET"]),
        ]


async def _as_coroutine(act: Awaitable[str | None]) -> str | None:
    return await act


def _plain(language: Language) -> str:
    return f"/{language.tag}/read/measures"
