"""The visitor's line: proves itself by the tab token, then carries her words, her signs and her leaving."""

import asyncio
from typing import NoReturn

from starlette.websockets import WebSocket

from chat.conversation import VisitorTalk
from chat.errands import Errands
from chat.message import NOBODY, head_of_words
from chat.own_words import COUNTS_OWN, OwnWords
from chat.protocol import codec, server, visitor
from chat.protocol.closing import Closing
from chat.refusals import ConversationOver
from chat.relay import Relay
from chat.said import Act, Answered, Said
from chat.share import Share, share_of
from chat.sockets.gate import admit, speaks, wire_of
from chat.sockets.loop import Line, LineClosed
from chat.sockets.shares import Proven, Shares
from chat.tongue_hint import TongueHint
from chat.visit import Visit
from portal.errors import Away, NotThere
from portal.ids import from_text
from portal.line_wire import BoundedLine
from portal.services import Services


class VisitorLine:
    """One connection of one visitor's page."""

    def __init__(
        self,
        wire: BoundedLine,
        relay: Relay,
        errands: Errands,
        services: Services,
        shares: Shares,
        *,
        counts_own: bool,
    ) -> None:
        self._shares = shares
        self._own = OwnWords() if counts_own else None
        self._line = Line(wire, codec.read_visitor)
        self._relay = relay
        self._errands = errands
        self._services = services
        self._said = Said(relay, errands)
        self._hint = TongueHint(services.guesses, errands)
        self._seen = 0
        self._is_light = False

    async def run(self) -> None:
        """Serve the line from its first frame to its end."""
        await self._line.live(self._shares, self._prove, self._carry)

    async def _prove(self, resume: visitor.Spoken) -> Proven:
        if not isinstance(resume, visitor.Resume):
            raise LineClosed(Closing.MALFORMED)
        self._talk = await self._opened(resume.token)
        self._is_light = resume.light
        self._seen = min(resume.last, self._talk.facts.seq)
        return Proven(self._talk.id, share_of(self._talk.facts))

    def _comes_to(self, share: Share) -> None:
        if self._line.seat is not None and self._line.seat.share != "open":
            self._line.seat.moves(share)

    async def _carry(self) -> None:
        self._visit = Visit(
            self._relay,
            self._errands,
            self._services,
            self._talk,
            last=self._seen,
            tell=self._told,
            moved=self._moved,
            tell_now=self._line.tell_now,
        )
        self._visit.feed.own = self._own
        try:
            await self._welcome()
            await self._line.serve(self._hear, works=self._visit)
        finally:
            await self._visit.broke_off()

    async def _opened(self, token: str) -> VisitorTalk:
        try:
            return await self._errands.finish(self._relay.access.conversation_for_visitor(from_text(token, 32)))
        except ValueError:
            raise LineClosed(Closing.MALFORMED) from None
        except NotThere:
            raise LineClosed(Closing.GONE) from None
        except Away:
            raise LineClosed(Closing.AWAY) from None

    async def _welcome(self) -> None:
        try:
            await self._visit.welcome()
        except ConversationOver:
            raise LineClosed(Closing.GONE) from None
        except Away:
            raise LineClosed(Closing.AWAY) from None

    async def _told(self, told: server.ToVisitor) -> None:
        if isinstance(told, server.AdvocateJoined):
            self._comes_to("open")
        if self._is_light and isinstance(told, server.Typing):
            return
        await self._line.tell(told)
        if isinstance(told, server.ConversationClosed):
            raise LineClosed(Closing.DONE)

    async def _moved(self) -> NoReturn:
        raise LineClosed(Closing.GONE)

    # What she says

    async def _hear(self, frame: visitor.Spoken) -> None:
        # What she said first: her words wait for nothing but themselves.
        await self._hears(frame)
        if isinstance(frame, visitor.Say):
            self._hint.said(frame.text, self._visit.tongue, self._visit.guessed)
        await self._visit.is_here()

    async def _hears(self, frame: visitor.Spoken) -> None:
        match frame:
            case visitor.Typing():
                await self._visit.types()
            case visitor.Seen(seq=seq):
                self._seen = max(self._seen, min(seq, self._visit.feed.last))
                await self._visit.shows(self._seen)
            case visitor.Screen(state=screen):
                await self._visit.turns(screen)
            case visitor.Here():
                await self._line.tell(server.Here())
            case visitor.Resume():
                raise LineClosed(Closing.MALFORMED)
            case visitor.Say() if self._own is not None:
                await self._says(frame, self._own)
            case _:
                await self._answer(await self._acts(frame))

    async def _says(self, say: visitor.Say, own: OwnWords) -> None:
        """Words of a page that counts them by their number alone: told once, by the answer or as they are heard."""

        async def accept(seq: int) -> None:
            if seq == self._seen + 1:
                self._seen = seq
            await self._answer(server.MessageAccepted(key=say.key, seq=seq))

        head = head_of_words("visitor", NOBODY, _raw(say.key))
        own.says(head, accept)
        answered = await self._acts(say)
        if isinstance(answered, server.MessageAccepted):
            await own.answered(head, answered.seq, lambda: self._visit.feed.last)
        else:
            if await own.refused(head):
                await self._answer(answered)

    async def _acts(self, act: Act) -> Answered | None:
        try:
            return await self._said.answer(self._talk, act, seen=self._seen, is_held=self._visit.is_held)
        except codec.Malformed:
            raise LineClosed(Closing.MALFORMED) from None

    async def _answer(self, answered: Answered | None) -> None:
        if isinstance(answered, server.MessageAccepted | server.AnswerKept):
            self._comes_to("waiting")
        if answered is not None:
            await self._line.tell(answered)
            return
        # She has left. The closing comes by the feed as to everybody; a moment for it, then the line closes anyway.
        await asyncio.sleep(1)
        raise LineClosed(Closing.DONE)


async def serve_visitor(
    websocket: WebSocket, relay: Relay, errands: Errands, services: Services, shares: Shares
) -> None:
    """One visitor's line, from handshake to end."""
    if await admit(websocket, services.settings.public_origin):
        wire = wire_of(websocket)
        counts_own = speaks(websocket, COUNTS_OWN)
        wire.carry_on(VisitorLine(wire, relay, errands, services, shares, counts_own=counts_own).run)


def _raw(key: str) -> bytes:
    try:
        return from_text(key, 16)
    except ValueError:
        raise LineClosed(Closing.MALFORMED) from None
