"""Decides what one question is answered with, and when: at once, when something is new, or when its time is over."""

import asyncio
from collections.abc import Sequence
from time import monotonic
from typing import Final

from chat.protocol import coming_back, server
from chat.protocol.server import ToVisitor
from chat.protocol.translated import MessageTranslated
from chat.visits import Listening

# Her page lives as long as its question is open; shown to the desk as often as a socket's beat shows it.
BEAT_S: Final = 15.0
# What belongs together comes within a few milliseconds: a closing after the last words, a place after a return.
TOGETHER_S: Final = 0.05
CATCH_UP_S: Final = 8.0
# What carries no number and is told anew with each question.
_STANDS: Final = (server.Welcome, server.QueueMoved, server.LineChanged, coming_back.Covered)

_NUMBERED: Final = (
    server.MessagePosted,
    server.MessageWithdrawn,
    MessageTranslated,
    server.AdvocateJoined,
    server.ConversationClosed,
)


class Hearing:
    """What one page is told for one question."""

    def __init__(self, listening: Listening) -> None:
        self._listening = listening
        self._facts: list[ToVisitor] = []
        # What the page knows of place and line once it has read the answer. These facts carry no number.
        self.known = ""

    async def whole(self, since: int, last: int) -> list[ToVisitor]:
        """The welcome, and everything after number `since` up to number `last`, which is there already."""
        ends = monotonic() + CATCH_UP_S
        await self._more(CATCH_UP_S)
        while self._reached(since) < last and (left := ends - monotonic()) > 0 and not self._listening.is_moved:
            await self._more(left)
        return self._facts

    async def news(self, wait_s: float, known: str) -> list[ToVisitor]:
        """What is new since the page's last answer, waiting at most `wait_s` seconds for it."""
        ends = monotonic() + wait_s
        beats = monotonic() + BEAT_S
        await self._more(0)
        # Words may have come as soon as it listened; they are news whatever the page knows of its place.
        numbered: list[ToVisitor] = [fact for fact in self._facts if isinstance(fact, _NUMBERED)]
        standing = [fact for each in self._facts for fact in _without_welcome(each)]
        self._facts = numbered if self.known == known else standing
        while not any(_is_news(fact) for fact in self._facts) and (left := ends - monotonic()) > 0:
            await self._more(max(0.0, min(left, beats - monotonic())))
            if self._listening.is_replaced or self._listening.is_moved:
                break
            if monotonic() >= beats:
                beats += BEAT_S
                await self._listening.visit.is_here()
        await asyncio.sleep(TOGETHER_S)
        await self._more(0)
        return self._facts

    async def _more(self, within_s: float) -> None:
        facts = await self._listening.some(within_s)
        for fact in facts:
            self.known = _known(fact, self.known)
        # A sign of typing is over before the next question could bring the next one.
        self._facts += [fact for fact in facts if not isinstance(fact, server.Typing)]

    def _reached(self, since: int) -> int:
        return max((fact.seq for fact in self._facts if isinstance(fact, _NUMBERED)), default=since)


def glanced(facts: Sequence[ToVisitor], known: str | None) -> tuple[list[ToVisitor], str]:
    """What a page without a seat is told of what stands there, and what it knows then.

    `known`: what it knew before, None for a page that begins and is to hear a Welcome.
    """
    now = ""
    for fact in facts:
        now = _known(fact, now)
    if known is None:
        return list(facts), now
    news = [fact for fact in facts if now != known or not isinstance(fact, _STANDS)]
    return [each for fact in news for each in _without_welcome(fact)], now


def _is_news(fact: ToVisitor) -> bool:
    """Her own words are no news, for she has been told that they were received; nor is the bare number of what a
    machine made of them."""
    if not isinstance(fact, server.MessagePosted):
        return True
    return fact.author != "visitor" and (fact.text != "translated" or bool(fact.line))


def _known(fact: ToVisitor, known: str) -> str:
    match fact:
        case server.Welcome(state="waiting") | server.QueueMoved():
            return f"{fact.place}/{fact.minutes}"
        case server.LineChanged():
            return fact.line
        case coming_back.Covered():
            return "covered"
        case server.AdvocateJoined():
            return "connected"
        case server.MessagePosted(author="system", text="returned"):
            return ""
    return known


def _without_welcome(fact: ToVisitor) -> list[ToVisitor]:
    """A page that was welcomed before is told of its place alone."""
    if not isinstance(fact, server.Welcome):
        return [fact]
    return [server.QueueMoved(place=fact.place, minutes=fact.minutes)] if fact.state == "waiting" else []
