"""Tells one page of the visitor's everything she may hear, and keeps her place, whichever way the page listens.

A websocket, a streamed frame and a question that is held open until there is something to say are three ways to write
down the same facts (`chat/protocol/server.py`). What those facts are is decided here, once.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine
from time import monotonic
from typing import Any, Final

from chat.card import Way
from chat.cards import Speech
from chat.conversation import VisitorTalk
from chat.errands import Errands
from chat.feed import ADVOCATE_TYPES, BACK, COVER, EMBER, Feed
from chat.kept_ember import KeptEmber
from chat.look_in_time import LookInTime
from chat.message import Message
from chat.protocol import coming_back, server
from chat.protocol.kinds import Screen, State
from chat.queue import honest_minutes
from chat.refusals import ConversationOver
from chat.relay import Relay
from chat.store.desk import Standing
from chat.surge import takes_before
from chat.telling import Telling
from chat.watch import Watch
from portal.errors import Away
from portal.ids import random_id
from portal.services import Services

Tell = Callable[[server.ToVisitor], Awaitable[None]]
TellNow = Callable[[server.ToVisitor], bool]

SEEN_EVERY_S: Final = 5.0  # anything heard shows that her page lives; more often than this it tells nothing new
TYPING_EVERY_S: Final = 2.0
SIGN_EVERY_S: Final = 60.0  # the clocks of silence are minutes long


class Visit:
    """One page that listens to one conversation, from its welcome to the closing or the page's own end.

    `moved` is called once another page has taken the conversation over: this one is to be told nothing more.
    """

    def __init__(
        self,
        relay: Relay,
        errands: Errands,
        services: Services,
        talk: VisitorTalk,
        *,
        last: int,
        tell: Tell,
        moved: Callable[[], Awaitable[None]],
        way: Way = "",
        goes_on: bool = False,
        tell_now: TellNow | None = None,
    ) -> None:
        self._relay = relay
        self._errands = errands
        self._capacity = services.now.chat_capacity
        self._talk = talk
        self._tell_page = tell
        self._tell_page_now = tell_now
        self._is_covered = False
        self._is_held_off = talk.facts.is_held_off
        self._way: Way = way
        self._goes_on = goes_on
        self._has_moved = moved
        self._watch = Watch(relay)
        self._name = random_id()
        self._ember = KeptEmber(relay.kindling.watch, errands, self._tend)
        self._in_time = LookInTime(self)
        self._shown = self._shown_kept = 0
        self._may_have_moved = False
        self._state: State = "waiting"
        self._moved: tuple[int, int | None] = (0, None)
        self._advocate_line = ""
        self._telling = Telling(Speech(services.pages.catalogue))
        self._seen_at = 0.0
        self._typed_at = self._sign_at = 0.0
        last = min(last, talk.facts.seq)
        self.feed = Feed(
            relay, services.channels, talk, last=last, tell=self._told, sign=self._signed, tell_now=self._told_now
        )

    async def welcome(self) -> None:
        """Her page has come: keep her place, and tell how everything stands. Raises ConversationOver, Away."""
        await self._errands.finish(self._watch.line_opened(self._talk, self._name, goes_on=self._goes_on))
        standing = await self._errands.finish(self._relay.visitor_is_here(self._talk))
        answers = await self._errands.finish(self._relay.visitor_comes(self._talk, self._way))
        self._telling.tag = answers.language
        name = await self._errands.finish(self._relay.advocate_name(self._talk))
        self._seen_at = monotonic()
        self._state = "talking" if standing.lease_ms else "waiting"
        self._moved = self._place(standing)
        self._is_covered = self._talk.facts.covered_ms is not None
        if self._is_covered:
            await self._tell_page(coming_back.Covered())
        await self._tell(
            server.Welcome(
                state=self._state,
                place=self._moved[0],
                minutes=self._moved[1],
                name=name if standing.lease_ms else "",
                last=self._talk.facts.seq,
                waited=max(0, self._relay.now_ms() - self._talk.facts.arrived_ms) // 1000,
                answers={str(question): choice for question, choice in answers.told.items()},
                machine=self._talk.facts.agreed,
            )
        )
        if standing.lease_ms:
            self._advocate_line = self._watch.advocate_line(standing)
            await self._tell(server.LineChanged(line=self._watch.advocate_line(standing)))

    def begin(self, tasks: asyncio.TaskGroup) -> None:
        """From here on tell the page what it may hear, and keep its place, by tasks of its own group.

        What is done now and then has a task only while it is done.
        """
        self._in_time.begin(tasks)
        self._ember.begin(self._talk.id, tasks)
        self.feed.begin(tasks)

    def end(self) -> None:
        """The page listens no more. To be said before its group is waited for."""
        self.feed.end()
        self._ember.end()
        self._in_time.end()

    @property
    def is_held(self) -> bool:
        """Whether an advocate has her, as far as her page has been told."""
        return self._state == "talking"

    @property
    def has_place(self) -> bool:
        """Whether her page was told where in the queue she stands."""
        return self._moved[0] > 0

    async def is_here(self) -> None:
        """Her page was heard: keep her place, and tell what changed."""
        if monotonic() - self._seen_at >= SEEN_EVERY_S:
            self._seen_at = monotonic()
            await self.look(was_heard=True)

    async def look(self, *, was_heard: bool) -> None:
        """Tell what changed about her place and about the advocate's line."""
        try:
            standing = await self._errands.finish(self._relay.visitor_is_here(self._talk, was_heard=was_heard))
        except (ConversationOver, Away):
            return  # the closing comes by the feed; a store that is away is told where something was asked
        await self.feed.look()
        if self._may_have_moved:
            await self._look_whose()
        if standing.lease_ms:
            line = self._watch.advocate_line(standing)
            if line == "weak":
                self._in_time.is_weak(self._watch.advocate_gone_in_s(standing))
            if line != self._advocate_line and self._state == "talking":
                self._advocate_line = line
                await self._tell(server.LineChanged(line=line))
            return
        moved = self._place(standing)
        if moved != self._moved and not self._is_held_off:
            self._moved = moved
            await self._tell(server.QueueMoved(place=moved[0], minutes=moved[1]))

    async def types(self) -> None:
        """She is typing: a sign for the desk, worth no retry."""
        if monotonic() - self._typed_at < TYPING_EVERY_S or self._state != "talking":
            return
        self._typed_at = monotonic()
        await _quietly(self._errands.finish(self._watch.visitor_types(self._talk)))
        if monotonic() - self._sign_at >= SIGN_EVERY_S:
            self._sign_at = monotonic()
            await _quietly(self._errands.finish(self._relay.clocks.sign(self._talk.id, self._relay.now_ms())))

    async def turns(self, screen: Screen) -> None:
        """Her page went out of view, or came back into it."""
        await _quietly(self._errands.finish(self._watch.screen_turned(self._talk, self._name, screen)))

    async def shows(self, seq: int) -> None:
        """Everything up to this number has stood on her screen. What comes while it is being kept goes together."""
        self._shown, was = max(self._shown, seq), self._shown
        if was > self._shown_kept or self._shown <= self._shown_kept:
            return
        with contextlib.suppress(Away):
            while (shown := self._shown) > self._shown_kept:
                await self._errands.finish(self._relay.lines.shows(self._talk.id, shown))
                self._shown_kept = shown
            return
        self._shown = self._shown_kept  # the next number says this one too

    async def broke_off(self) -> None:
        """The page's line broke. An end that was planned is no break: then the next listening is on its way."""
        await _quietly(self._errands.finish(self._watch.line_broke(self._talk, self._name)))

    @property
    def tongue(self) -> str:
        """The language of her page."""
        return self._telling.tag

    async def guessed(self, guess: str) -> None:
        """Her words look like another language."""
        await self._tell(self._telling.guessed(guess))

    async def _tell(self, fact: server.ToVisitor) -> None:
        """Tell her page; a covered one nothing but the end. What it misses waits by its number."""
        if not self._is_covered or isinstance(fact, server.ConversationClosed):
            await self._tell_page(fact)

    async def _told(self, message: Message) -> None:
        if message.kind in ("joined", "handed"):
            self._state, self._advocate_line = "talking", "connected"
        elif message.kind == "held_off":
            self._state, self._is_held_off = "waiting", True
        elif message.kind in ("returned", "let_in"):
            self._is_held_off = False
            self._state, self._moved = "waiting", (0, None)
            self._in_time.was_returned()
        for fact in self._telling.facts_of(message):
            await self._tell(fact)

    def _told_now(self, words: Message) -> bool:
        if self._is_covered or self._tell_page_now is None:
            return False
        (posted,) = self._telling.facts_of(words)
        return self._tell_page_now(posted)

    async def _signed(self, sign: str) -> None:
        if sign == ADVOCATE_TYPES:
            await self._tell(server.Typing())
        elif sign == EMBER:
            self._ember.want()
        elif sign == BACK:
            self._may_have_moved = True
            await self._look_whose()
        elif sign == COVER:
            await self._look_covered()

    async def _look_covered(self) -> None:
        """Silent at once, and again open only where the store says that she is back."""
        self._is_covered = True
        try:
            facts = await self._errands.finish(self._relay.talks.facts(self._talk.id))
        except Away:
            return
        self._is_covered = facts is not None and facts.covered_ms is not None

    async def _look_whose(self) -> None:
        """Ask whose page the conversation is now; with the store away, again at the next look."""
        try:
            is_hers = await self._errands.finish(self._relay.access.is_still_hers(self._talk))
        except Away:
            return
        self._may_have_moved = False
        if not is_hers:
            await self._has_moved()

    def _tend(self, known: bytes | None) -> Coroutine[Any, Any, bytes]:
        return self._relay.kindling.tend(self._talk.id, self._talk.talk_key, None, known)

    def _place(self, standing: Standing) -> tuple[int, int | None]:
        before = takes_before(standing.place, standing.waiting, standing.ready)
        if self._is_held_off:
            return 0, None
        minutes = honest_minutes(before, standing.ready, self._capacity, standing.held)
        return standing.place, minutes


async def _quietly(act: Awaitable[None]) -> None:
    """For signs that are worth no retry: a store that is away loses them, nothing else."""
    try:
        await act
    except Away:
        return
