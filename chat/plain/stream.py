"""Streams the frame of words: what is there at once, what comes as it comes, and a planned end that leads on."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from time import monotonic
from typing import Final

from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from chat.protocol import server
from chat.protocol.codec import step_over
from chat.protocol.server import ToVisitor
from chat.visits import FellBehind, Listening

# Each beginning costs her a page with all its headers. A longer one could outlive what the page about leaving says:
# an address it leads on to lasts a minute more, and after two minutes none shows her words.
LASTS_S: Final = 60.0
# A place in line and an advocate's line are looked at as often.
LOOK_EVERY_S: Final = 5.0
# A page that is served shows that it lives; twice as long without a sign, and the desk would call her line weak.
HERE_EVERY_S: Final = 15.0
TAKES_WITHIN_S: Final = 20.0

_OPENING, _CLOSING = b"<!--", b"-->"
_BEAT = _OPENING + _CLOSING

Draw = Callable[[Sequence[ToVisitor]], bytes]
Closed = Callable[[server.ConversationClosed], Awaitable[None]]


class WordsStream:
    """One answer that goes on for a while. `head` and `foot` are the page around what `draw` makes of each fact.

    `closed` is called before the page hears that the talk is over: what it asks next must know it already.
    Never raises for what a phone may do: a line that breaks ends it, and the listening is told that it broke.
    """

    def __init__(
        self, heard: Listening, draw: Draw, closed: Closed, *, head: bytes, foot: bytes, lasts_s: float = LASTS_S
    ) -> None:
        self._heard = heard
        self._draw = draw
        self._closed = closed
        self._head = head
        self._foot = foot
        self._lasts_s = lasts_s

    async def run(self, headers: list[tuple[bytes, bytes]], receive: Receive, send: Send) -> None:
        """Answer. Raises FellBehind when the other side is gone or takes nothing any more."""
        hung_up = asyncio.create_task(_hung_up(receive))
        hung_up.add_done_callback(lambda _: self._heard.lose())
        try:
            await _within(send({"type": "http.response.start", "status": 203, "headers": headers}))
            await self._tell(send)
        finally:
            hung_up.cancel()

    async def _tell(self, send: Send) -> None:
        began = monotonic()
        ends, looks, beats = began + self._lasts_s, began + LOOK_EVERY_S, began + HERE_EVERY_S
        waiting = self._head
        while (now := monotonic()) < ends and not (self._heard.is_replaced or self._heard.is_moved):
            told = await self._heard.some(max(0.0, min(ends, looks) - now))
            closed = next((fact for fact in told if isinstance(fact, server.ConversationClosed)), None)
            if closed is not None:
                await self._closed(closed)
            drawn = self._draw(told)
            if drawn:
                await self._write(send, waiting + drawn)
                waiting = b""
                await self._heard.visit.shows(_last_number(told))
            if closed is not None:
                break
            if monotonic() >= looks:
                looks += LOOK_EVERY_S
                was_heard = monotonic() >= beats
                if was_heard:
                    beats += HERE_EVERY_S
                    # A line that died in silence is noticed by what it does not take.
                    await self._beat(send, waiting, _BEAT)
                    waiting = b""
                await self._heard.visit.look(was_heard=was_heard)
        await self._beat(send, waiting, self._foot)
        await _within(send({"type": "http.response.body", "body": b"", "more_body": False}))

    async def _beat(self, send: Send, waiting: bytes, sign: bytes) -> None:
        """A sign that says nothing, at a time that says nothing, goes bare: only what holds words has to be padded."""
        if waiting:
            await self._write(send, waiting + sign)
        else:
            await _within(send({"type": "http.response.body", "body": sign, "more_body": True}))

    async def _write(self, send: Send, markup: bytes) -> None:
        await _within(send({"type": "http.response.body", "body": padded(markup), "more_body": True}))


def _last_number(told: Sequence[ToVisitor]) -> int:
    return max((getattr(fact, "seq", 0) for fact in told), default=0)


def padded(markup: bytes) -> bytes:
    """`markup` with a comment behind it that brings it to one of the steps, or to a multiple of the largest."""
    bare = len(markup) + len(_OPENING) + len(_CLOSING)
    return b"".join((markup, _OPENING, b"0" * (step_over(bare) - bare), _CLOSING))


async def _within(sent: Awaitable[None]) -> None:
    try:
        async with asyncio.timeout(TAKES_WITHIN_S):
            await sent
    except (TimeoutError, OSError):
        raise FellBehind from None


async def _hung_up(receive: Receive) -> None:
    message: Message = {"type": ""}
    while message["type"] != "http.disconnect":
        message = await receive()


class Streamed(Response):
    """An answer whose work begins once the page knows that it is to be given. Stands where a Response would."""

    def __init__(self, answer: Callable[[Scope, Receive, Send], Awaitable[None]]) -> None:
        super().__init__()
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Give it."""
        await self._answer(scope, receive, send)
