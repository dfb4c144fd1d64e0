"""The visitor's line: proves itself by the tab token, then carries her words, her signs and her leaving."""

import asyncio
from collections.abc import Awaitable
from time import monotonic
from typing import Final, NoReturn

from starlette.websockets import WebSocket

from chat.access import Access
from chat.card import UnknownChoice
from chat.conversation import VisitorTalk
from chat.errands import Errands
from chat.feed import ADVOCATE_TYPES, EMBER, Feed
from chat.message import Message
from chat.protocol import codec, server, visitor
from chat.protocol.closing import Closing
from chat.protocol.kinds import State
from chat.queue import honest_minutes
from chat.refusals import ConversationOver, Refusal
from chat.relay import Relay
from chat.sockets.gate import admit
from chat.sockets.loop import Line, LineClosed
from chat.sockets.shares import Shares
from chat.watch import Watch
from portal.errors import Away, NotThere
from portal.ids import from_text, random_id, to_text
from portal.services import Services

SEEN_EVERY_S: Final = 5.0  # any frame shows that her page lives; more often than this it tells nothing new
TEND_EVERY_S: Final = 10.0
TYPING_EVERY_S: Final = 2.0
LOOKS_FOR_PLACE: Final = 10
LOOK_FOR_PLACE_S: Final = 0.3


class VisitorLine:
    """One connection of one visitor's page."""

    def __init__(
        self, websocket: WebSocket, relay: Relay, errands: Errands, services: Services, shares: Shares
    ) -> None:
        self._shares = shares
        self._line = Line(websocket, codec.read_visitor)
        self._relay = relay
        self._access: Access = relay.access
        self._watch = Watch(relay)
        self._errands = errands
        self._services = services
        self._name = random_id()
        self._ember: bytes | None = None
        self._ember_wanted = asyncio.Event()
        self._given_back = asyncio.Event()
        self._state: State = "waiting"
        self._moved: tuple[int, int | None] = (0, None)
        self._advocate_line = ""
        self._seen = 0
        self._seen_at = 0.0
        self._typed_at = 0.0

    async def run(self) -> None:
        """Serve the line from its first frame to its end."""
        await self._line.live(self._shares, self._prove, self._carry)

    async def _prove(self, resume: visitor.Spoken) -> bytes:
        if not isinstance(resume, visitor.Resume):
            raise LineClosed(Closing.MALFORMED)
        self._talk = await self._opened(resume.token)
        self._seen = min(resume.last, self._talk.facts.seq)
        return self._talk.id

    async def _carry(self) -> None:
        self._feed = Feed(
            self._relay,
            self._errands,
            self._services.channels,
            self._talk,
            last=self._seen,
            tell=self._told,
            sign=self._signed,
        )
        try:
            await self._welcome()
            await self._line.serve(self._hear, self._feed.run, self._tend, self._stand_in_line_again)
        finally:
            await _quietly(self._errands.finish(self._watch.line_broke(self._talk, self._name)))

    async def _opened(self, token: str) -> VisitorTalk:
        try:
            return await self._errands.finish(self._access.conversation_for_visitor(from_text(token, 32)))
        except ValueError:
            raise LineClosed(Closing.MALFORMED) from None
        except NotThere:
            raise LineClosed(Closing.GONE) from None
        except Away:
            raise LineClosed(Closing.AWAY) from None

    async def _welcome(self) -> None:
        try:
            await self._errands.finish(self._watch.line_opened(self._talk, self._name))
            standing = await self._errands.finish(self._relay.visitor_is_here(self._talk))
            answers = await self._errands.finish(self._relay.answers(self._talk))
            name = await self._errands.finish(self._relay.advocate_name(self._talk))
        except ConversationOver:
            raise LineClosed(Closing.GONE) from None
        except Away:
            raise LineClosed(Closing.AWAY) from None
        self._seen_at = monotonic()
        self._state = "talking" if standing.lease_ms else "waiting"
        self._moved = (standing.place, self._minutes(standing.place, standing.ready, standing.held))
        await self._line.tell(
            server.Welcome(
                state=self._state,
                place=self._moved[0],
                minutes=self._moved[1],
                name=name if standing.lease_ms else "",
                last=self._talk.facts.seq,
                answers={str(question): choice for question, choice in answers.given.items()},
            )
        )
        if standing.lease_ms:
            self._advocate_line = self._watch.advocate_line(standing)
            await self._line.tell(server.LineChanged(line=self._watch.advocate_line(standing)))

    # What she says

    async def _hear(self, frame: visitor.Spoken) -> None:
        await self._is_here()
        match frame:
            case visitor.Say(key=key, text=text):
                await self._answer(key, self._says(key, text))
            case visitor.Answer(key=key):
                await self._answer(key, self._answers(frame))
            case visitor.Typing():
                await self._types()
            case visitor.Seen(seq=seq):
                self._seen = max(self._seen, min(seq, self._feed.last))
            case visitor.Here():
                await self._line.tell(server.Here())
            case visitor.Leave():
                await self._answer("", self._leaves(frame))
            case visitor.Resume():
                raise LineClosed(Closing.MALFORMED)

    async def _answer(self, key: str, act: Awaitable[None]) -> None:
        try:
            await act
        except Refusal as refusal:
            await self._line.tell(server.Refused(key=key, reason=refusal.reason))
        except Away:
            await self._line.tell(server.Refused(key=key, reason="away"))

    async def _says(self, key: str, text: str) -> None:
        said = self._relay.visitor_says(self._talk, text, _raw(key), self._seen)
        seq = await self._errands.finish(said)
        await self._line.tell(server.MessageAccepted(key=key, seq=seq))

    async def _answers(self, frame: visitor.Answer) -> None:
        try:
            kept = await self._errands.finish(self._relay.visitor_answers(self._talk, frame.question, frame.choice))
        except UnknownChoice:
            raise LineClosed(Closing.MALFORMED) from None
        await self._line.tell(server.AnswerKept(key=frame.key, question=frame.question, choice=kept))

    async def _types(self) -> None:
        if monotonic() - self._typed_at < TYPING_EVERY_S or self._state != "talking":
            return
        self._typed_at = monotonic()
        await _quietly(self._errands.finish(self._watch.visitor_types(self._talk)))

    async def _leaves(self, frame: visitor.Leave) -> NoReturn:
        await self._errands.finish(self._relay.leave(self._talk, frame.how))
        # The closing comes by the feed as to everybody; a moment for it, then the line closes in any case.
        await asyncio.sleep(1)
        raise LineClosed(Closing.DONE)

    async def _is_here(self) -> None:
        """Her page lives: keep her place."""
        if monotonic() - self._seen_at >= SEEN_EVERY_S:
            self._seen_at = monotonic()
            await self._look_around(was_heard=True)

    async def _look_around(self, *, was_heard: bool) -> None:
        """Tell what changed about her place and about the advocate's line."""
        try:
            standing = await self._errands.finish(self._relay.visitor_is_here(self._talk, was_heard=was_heard))
        except (ConversationOver, Away):
            return  # the closing comes by the feed; a store that is away is told where something was asked
        await self._feed.look()
        if standing.lease_ms:
            line = self._watch.advocate_line(standing)
            if line != self._advocate_line and self._state == "talking":
                self._advocate_line = line
                await self._line.tell(server.LineChanged(line=line))
            return
        moved = (standing.place, self._minutes(standing.place, standing.ready, standing.held))
        if moved != self._moved:
            self._moved = moved
            await self._line.tell(server.QueueMoved(place=moved[0], minutes=moved[1]))

    # What she is told

    async def _told(self, message: Message) -> None:
        match message.kind:
            case "joined":
                self._state, self._advocate_line = "talking", "connected"
                await self._line.tell(server.AdvocateJoined(seq=message.seq, name=message.name))
            case "closed":
                await self._line.tell(server.ConversationClosed(seq=message.seq, how=message.how))
                await self._line.flush()
                raise LineClosed(Closing.DONE)
            case _:
                if message.kind == "returned":
                    self._state, self._moved = "waiting", (0, None)
                    self._given_back.set()
                await self._line.tell(
                    server.MessagePosted(
                        seq=message.seq,
                        author=message.author,
                        name=message.name,
                        text="returned" if message.kind == "returned" else message.text,
                        key="" if message.author == "system" else to_text(message.key),
                    )
                )

    async def _signed(self, sign: str) -> None:
        if sign == ADVOCATE_TYPES:
            await self._line.tell(server.Typing())
        elif sign == EMBER:
            self._ember_wanted.set()

    async def _tend(self) -> None:
        """Keep the conversation openable for the desk: bring its ember back when the store lost it."""
        kindling = self._relay.kindling
        while True:
            self._ember_wanted.clear()
            try:
                self._ember = await self._errands.finish(
                    kindling.tend(self._talk.id, self._talk.talk_key, None, self._ember)
                )
            except ConversationOver:
                return
            except Away:
                await asyncio.sleep(1)
                continue
            try:
                async with asyncio.timeout(TEND_EVERY_S):
                    await self._ember_wanted.wait()
            except TimeoutError:
                continue

    async def _stand_in_line_again(self) -> None:
        """After a return, tell her place without waiting for her page's next beat."""
        while True:
            await self._given_back.wait()
            self._given_back.clear()
            # Her place stands in the queue a moment after the message: first the talk is given back, then the queue.
            for _ in range(LOOKS_FOR_PLACE):
                await asyncio.sleep(LOOK_FOR_PLACE_S)
                await self._look_around(was_heard=False)
                if self._moved[0]:
                    break

    def _minutes(self, place: int, ready: int, held: int) -> int | None:
        return honest_minutes(place, ready, self._services.settings.chat_capacity, held)


def _raw(key: str) -> bytes:
    try:
        return from_text(key, 16)
    except ValueError:
        raise LineClosed(Closing.MALFORMED) from None


async def _quietly(act: Awaitable[None]) -> None:
    """For signs that are worth no retry: a store that is away loses them, nothing else."""
    try:
        await act
    except Away:
        return


async def serve_visitor(
    websocket: WebSocket, relay: Relay, errands: Errands, services: Services, shares: Shares
) -> None:
    """One visitor's line, from handshake to end."""
    if await admit(websocket, services.settings.public_origin):
        await VisitorLine(websocket, relay, errands, services, shares).run()
