"""Answers the posts of a page without a socket: what is new, once it is there, and what she says, at once."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from chat.cards import Speech
from chat.conversation import VisitorTalk
from chat.errands import Errands
from chat.poll import frames
from chat.poll.hearing import Hearing, glanced
from chat.protocol import server, visitor
from chat.protocol.closing import Closing
from chat.protocol.codec import Malformed
from chat.refusals import ConversationOver
from chat.relay import Relay
from chat.said import Said
from chat.sockets.loop import BURST, EACH_SECOND
from chat.telling import Telling
from chat.visits import FellBehind, Visits
from portal.crowd import step_aside
from portal.errors import Away, NotThere, TooBusy
from portal.ids import from_text
from portal.web.forms import FormUnreadable, content_type, read_body
from portal.web.throttle import Throttle

# More than a page needs that asks, waits and speaks; a socket that says more in this time is closed too.
COST_OF_ASKING: Final = 0.5
# How long a page without a seat waits for its next look; well under the 45 s after which nobody counts on it.
STANDS_S: Final = 10.0

Found = TypeVar("Found")


class Flooding(Exception):
    """This page asks or says more than a person can."""


class Poll:
    """The two addresses of a page without a socket."""

    def __init__(self, relay: Relay, errands: Errands, visits: Visits, speech: Speech) -> None:
        self._visits = visits
        self._relay = relay
        self._telling = Telling(speech)
        self._said = Said(relay, errands)
        self._throttle = Throttle(burst=BURST, each_second=EACH_SECOND)

    async def hear(self, request: Request) -> Response:
        """What is new. The answer waits, and its connection is hers until then."""
        return await self._answer(request, self._heard)

    async def say(self, request: Request) -> Response:
        """What she says, in its order, each answered as a socket would."""
        return await self._answer(request, self._spoken)

    async def _answer(self, request: Request, act: Callable[[Request, bytes], Awaitable[bytes]]) -> Response:
        """What a socket tells by a close code is told in the body, in one size: a watcher sees no difference."""
        body = await read_body(request, limit=frames.BODY_LIMIT)
        if content_type(request) != "application/json":
            raise FormUnreadable
        try:
            answer = await act(request, body)
        except Malformed:
            answer = frames.closed(Closing.MALFORMED)
        except (NotThere, ConversationOver):
            answer = frames.closed(Closing.GONE)
        except Away:
            answer = frames.closed(Closing.AWAY)
        except (TooBusy, FellBehind):
            answer = frames.closed(Closing.LATER)
        except Flooding:
            answer = frames.closed(Closing.FLOODING)
        except ClientDisconnect:
            return Response(status_code=204)  # To nobody: the line is marked as broken already.
        except asyncio.CancelledError:
            # Only a server that ends does that, after a second in which nothing came: the page asks another one.
            answer = frames.closed(Closing.RESTARTING)
        return Response(answer, media_type="application/json")

    async def _heard(self, request: Request, body: bytes) -> bytes:
        asked = frames.read(body, frames.Hear)
        talk = await self._opened(asked, COST_OF_ASKING)
        step_aside(request)
        try:
            return await self._listened(request, asked, talk)
        except TooBusy:
            return await self._stood(request, asked, talk)

    async def _stood(self, request: Request, asked: frames.Hear, talk: VisitorTalk) -> bytes:
        """Without a seat: what is there, at once for a page that begins, else a little later; and she may write."""
        try:
            with self._visits.seats.standing():
                if asked.wait:
                    await _while_there(request, asyncio.sleep(min(asked.wait, STANDS_S)))
                    talk = await self._visits.open(talk.token)
                facts = await self._visits.glance(talk, last=asked.resume.last, way="poll", goes_on=asked.wait > 0)
        except TooBusy:
            await self._visits.waits(talk)
            raise
        return frames.told(*glanced(facts, asked.known if asked.wait else None))

    async def _listened(self, request: Request, asked: frames.Hear, talk: VisitorTalk) -> bytes:
        async with self._visits.listening(
            talk, last=asked.resume.last, way="poll", goes_on=asked.wait > 0
        ) as listening:
            if asked.wait and talk.facts.hidden_ms is None:
                # What the page brings with it has stood on it, unless it said that it is out of view.
                await listening.visit.shows(min(asked.resume.last, talk.facts.seq))
            hearing = Hearing(listening)
            if asked.wait:
                told = await _while_there(request, hearing.news(asked.wait, asked.known))
            else:
                told = await _while_there(request, hearing.whole(asked.resume.last, talk.facts.seq))
            if listening.is_moved:
                raise NotThere
            return frames.told(told, hearing.known)

    async def _spoken(self, _request: Request, body: bytes) -> bytes:
        asked = frames.read(body, frames.Say)
        talk = await self._opened(asked, len(asked.said))
        seen = min(asked.resume.last, talk.facts.seq)
        told: list[server.ToVisitor] = []
        for frame in asked.said:
            match frame:
                case visitor.Here():
                    told.append(server.Here())
                case visitor.Screen(state=screen):
                    await self._visits.turns(talk, screen)
                case visitor.Typing() | visitor.Seen():
                    continue
                case visitor.Resume():
                    raise Malformed
                case _:
                    answered = await self._said.answer(talk, frame, seen=seen)
                    if answered is None:
                        return frames.closed(Closing.DONE)
                    told.append(answered)
        said = [frame.text for frame in asked.said if isinstance(frame, visitor.Say)]
        return frames.told(told + (await self._hints(talk, said[-1]) if said else []))

    async def _hints(self, talk: VisitorTalk, text: str) -> list[server.ToVisitor]:
        """What is to be said of the language of her words; her page says it once."""
        try:
            answers = await self._relay.answers(talk)
        except (Away, ConversationOver):
            return []
        guess = await self._relay.guesses.soon(answers.language, text)
        return [self._telling.guessed(guess)] if guess else []

    async def _opened(self, asked: frames.Asked, cost: float) -> VisitorTalk:
        try:
            token = from_text(asked.resume.token, 32)
        except ValueError:
            raise Malformed from None
        talk = await self._visits.open(token)
        if not self._throttle.allows(talk.id, cost=cost):
            raise Flooding
        return talk


async def _while_there(request: Request, act: Awaitable[Found]) -> Found:
    """Wait for `act` as long as the other side is there. Raises ClientDisconnect: the line broke."""
    acting, leaving = asyncio.ensure_future(act), asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait((acting, leaving), return_when=asyncio.FIRST_COMPLETED)
        if acting.done():
            return acting.result()
        raise ClientDisconnect
    finally:
        for task in (acting, leaving):
            task.cancel()
        await asyncio.wait((acting, leaving))


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        continue


def routes(relay: Relay, errands: Errands, visits: Visits, speech: Speech) -> list[BaseRoute]:
    """The addresses on the public face; a page that has a socket never asks for them."""
    poll = Poll(relay, errands, visits, speech)
    return [
        Route("/line/talk/hear", poll.hear, methods=["POST"]),
        Route("/line/talk/say", poll.say, methods=["POST"]),
    ]
