"""One conversation on a supervisor's phone: its card, its words in a frame that looks again, a field to write in."""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from chat.cards import Speech
from chat.company import Company
from chat.conversation import DeskTalk
from chat.desk_rows import card_for_desk
from chat.message import SAID, Message
from chat.refusals import NothingSaid, Refusal, TooMuchSaid
from chat.relay import Relay
from chat.telling import Telling
from portal.errors import NotThere
from portal.ids import from_text, random_id
from portal.numbers import numbers, one_number
from portal.records.form import place_named, tongue_names
from portal.services import Services
from portal.staff.drawing import draw, tongue_of
from portal.staff.guard import desk_page, posted
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.web.headers import held_policy, showing_policy
from portal.web.page import see_other

POCKET: Final = "/desk/pocket"
SHOWN: Final = 60  # messages on a small screen; the desk has them all
LOOKS_EVERY_S: Final = 6


class PocketTalk:
    """What a supervisor reads along in, and joins, from a phone. All of it works without script."""

    def __init__(self, services: Services, relay: Relay) -> None:
        self._services = services
        self._relay = relay
        self._company = Company(relay)
        self._speech = Speech(services.pages.catalogue)

    def routes(self) -> list[BaseRoute]:
        """The addresses of one conversation."""
        watch, one = Right.WATCH_CHATS, f"{POCKET}/talk/{{conversation}}"
        return [
            Route(one, desk_page(self.page, watch), methods=["GET"]),
            Route(f"{one}/words", desk_page(self.words, watch, is_hand=False), methods=["GET"]),
            Route(f"{one}/join", desk_page(self.join, watch), methods=["POST"]),
            Route(f"{one}/say", desk_page(self.say, watch), methods=["POST"]),
            Route(f"{one}/stop", desk_page(self.stop, watch), methods=["POST"]),
        ]

    async def page(self, request: Request, signed: Signed) -> Response:
        """Its card, and what can be done in it. The words stand in a frame of their own."""
        talk = await self._talk(request, signed)
        card = await self._card(talk)
        region = numbers().region(place_named(card.region, self._services.pages.catalogue))
        response = draw(
            request,
            signed,
            "desk/pocket_talk.html",
            at=_address(request),
            role=talk.role,
            card=card,
            region=region,
            number=one_number(region),
            is_over=talk.facts.is_over,
            tongue_name=tongue_names(tongue_of(request, signed)),
            wrong=request.query_params.get("wrong") == "1",
        )
        response.headers["content-security-policy"] = showing_policy(self._services.settings.desk_origin)
        return response

    async def words(self, request: Request, signed: Signed) -> Response:
        """The latest words. It looks again by itself, and that is no hand at the phone: her idle time goes on."""
        talk = await self._talk(request, signed)
        # She is there: what the visitor was told, that somebody reads along, stays true for a while longer.
        await self._relay.access.people.watching.begin(talk.id, talk.staff_id, self._relay.now_ms())
        response = draw(
            request,
            signed,
            "desk/pocket_words.html",
            lines=[line for each in await self._messages(talk) if (line := self._line(each, talk, request, signed))],
            again=LOOKS_EVERY_S,
            is_over=talk.facts.is_over,
        )
        response.headers["content-security-policy"] = held_policy(self._services.settings.desk_origin)
        return response

    async def join(self, request: Request, signed: Signed) -> Response:
        """She writes as well from here on, and the visitor is told."""
        talk = await self._talk(request, signed)
        try:
            await self._company.join(talk, random_id())
        except Refusal:
            raise NotThere("not to be joined") from None
        return see_other(_address(request))

    async def say(self, request: Request, signed: Signed) -> Response:
        """Words of hers: to the visitor once she has joined, before that a whisper to the advocate alone."""
        talk, text = await self._talk(request, signed), posted(request).get("text", "")
        try:
            act = self._company.says if talk.role == "joined" else self._company.whisper
            await act(talk, text, random_id(), talk.facts.seq)
        except (NothingSaid, TooMuchSaid):
            return see_other(f"{_address(request)}?wrong=1")
        except Refusal:
            raise NotThere("nobody hears it") from None
        return see_other(_address(request))

    async def stop(self, request: Request, signed: Signed) -> Response:
        """She reads no more, and the visitor is told."""
        await self._company.stop(await self._talk(request, signed), random_id())
        return see_other(POCKET)

    async def _talk(self, request: Request, signed: Signed) -> DeskTalk:
        """The conversation, for whoever reads along in it. Raises NotThere for all others alike, and Away."""
        try:
            name = from_text(request.path_params["conversation"], 16)
            talk = await self._relay.access.conversation_for_reader(signed, name)
        except (ValueError, Refusal):
            raise NotThere("no such conversation") from None
        if talk.role not in ("watcher", "joined") or not await self._relay.access.people.reads_as(
            talk.id, talk.staff_id
        ):
            raise NotThere("no such conversation")
        return talk

    async def _card(self, talk: DeskTalk) -> Any:
        answers, ours = await self._relay.answers(talk), await self._relay.marking.card(talk)
        return card_for_desk(answers, ours, self._relay.now_ms())

    async def _messages(self, talk: DeskTalk) -> list[Message]:
        messages: list[Message] = []
        last = max(0, talk.facts.seq - 2 * SHOWN)
        while True:
            words = await self._relay.since(talk, last)
            messages += words.messages
            if words.last == last:
                return messages[-2 * SHOWN :]
            last = words.last

    def _line(self, message: Message, talk: DeskTalk, request: Request, signed: Signed) -> dict[str, Any] | None:
        """One line of the words; none for what a small screen does not show."""
        if message.kind == "translated" and message.of and message.machine is not None and message.text:
            return {"kind": "made", "text": message.text, "lang": message.machine.target}
        if message.kind not in SAID:
            return None
        text = message.text
        if message.kind != "words":
            text = Telling(self._speech, tongue_of(request, signed)).words_of(message)
        return {"kind": message.author, "name": message.name, "text": text, "own": message.person == talk.staff_id}


def _address(request: Request) -> str:
    return f"{POCKET}/talk/{request.path_params['conversation']}"
