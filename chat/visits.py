"""Lets pages without a socket listen to their conversation for a while, each from a seat of its own."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final

from chat.card import Way
from chat.conversation import VisitorTalk
from chat.errands import Errands
from chat.protocol.kinds import Screen
from chat.protocol.server import ToVisitor
from chat.relay import Relay
from chat.seats import MOST, STANDING, Seats
from chat.share import Share, share_of
from chat.staying import stay
from chat.visit import Visit
from chat.watch import Watch
from portal.crowd import proves
from portal.errors import Away
from portal.ids import random_id
from portal.services import Services
from portal.store.channels import ListenerFull

_log = logging.getLogger("porchlight.chat.visits")

# Facts that wait for a slow phone; one that takes none of them for so long is gone.
WAITING_FACTS: Final = 256
TAKES_WITHIN_S: Final = 20.0
CATCHES_UP_WITHIN_S: Final = 8.0


class FellBehind(Exception):
    """The page takes nothing any more: its line is dead, or too slow to be served."""


class Listening:
    """What one page is told while it listens, in order."""

    def __init__(self) -> None:
        self._told: list[ToVisitor] = []
        self._changed = asyncio.Event()
        self._has_room = asyncio.Event()
        self.visit: Visit
        self._is_lost = False
        self.is_moved = False  # her conversation is open elsewhere; nothing more is told here
        self.is_replaced = False  # a newer page of the same talk has taken its seat; this one may end

    async def some(self, within: float) -> list[ToVisitor]:
        """What was told since the last time, waiting at most `within` seconds for it; empty when nothing was.

        Answers at once, from then on, when it is replaced or has moved. Raises FellBehind.
        """
        try:
            async with asyncio.timeout(within):
                await self._changed.wait()
        except TimeoutError:
            return []
        if self._is_lost:
            raise FellBehind
        if not (self.is_replaced or self.is_moved):
            self._changed.clear()
        told, self._told = ([] if self.is_moved else self._told), []
        self._has_room.set()
        return told

    async def tell(self, told: ToVisitor) -> None:
        """Hand one fact over. Raises FellBehind when nobody takes any."""
        while len(self._told) >= WAITING_FACTS:
            self._has_room.clear()
            try:
                async with asyncio.timeout(TAKES_WITHIN_S):
                    await self._has_room.wait()
            except TimeoutError:
                raise FellBehind from None
        self._told.append(told)
        self._changed.set()

    def replace(self) -> None:
        """A newer page of the same talk listens now."""
        self.is_replaced = True
        self._changed.set()

    async def move(self) -> None:
        """Another page has taken the conversation over, by its number."""
        self.is_moved = True
        self._changed.set()

    def lose(self) -> None:
        """Nothing more can be told here."""
        self._is_lost = True
        self._changed.set()


class Visits:
    """The listening pages of one process that have no socket."""

    def __init__(
        self,
        relay: Relay,
        errands: Errands,
        services: Services,
        *,
        most: Mapping[Share, int] = MOST,
        standing: int = STANDING,
    ) -> None:
        self._relay = relay
        self._errands = errands
        self._services = services
        self.seats = Seats(most, standing)

    async def open(self, token: bytes) -> VisitorTalk:
        """The conversation this tab token opens: what it is asked for has shown whose it is.

        Raises NotThere for all others alike, Away; TooBusy when too many of its kind are served now.
        """
        talk = await self._errands.finish(self._relay.access.conversation_for_visitor(token))
        proves(share_of(talk.facts), talk.id)
        return talk

    async def settled(self, talk: VisitorTalk) -> int:
        """Up to which number no words can be taken back any more. Raises Away."""
        return await self._errands.finish(self._relay.withdrawing.settled(talk.id, talk.facts.seq))

    async def stays(self, talk: VisitorTalk) -> None:
        """She tapped that she is still there. Raises ConversationOver, Away."""
        await self._errands.finish(stay(self._relay, talk, random_id()))

    async def turns(self, talk: VisitorTalk, screen: Screen) -> None:
        """A page that asks said how its screen stands. Raises Away."""
        await self._errands.finish(Watch(self._relay).screen_turned(talk, b"", screen))

    async def waits(self, talk: VisitorTalk) -> None:
        """A page that is turned away is alive all the same, so that she is offered. Raises ConversationOver, Away."""
        await self._errands.finish(self._relay.visitor_is_here(talk))

    @asynccontextmanager
    async def listening(
        self, talk: VisitorTalk, *, last: int, way: Way, goes_on: bool = False
    ) -> AsyncIterator[Listening]:
        """Listen for the length of a `with`: first a Welcome, then every message after number `last`, and what changes.

        `goes_on`: the same page as before asks again, so that what it said of its screen holds.

        Left in the ordinary way the end was planned, and the desk sees no break; left by an exception, a cancelling
        included, the line broke. Raises TooBusy when every seat of its share is taken; ConversationOver, Away.
        """
        heard = Listening()
        heard.visit = visit = Visit(
            self._relay,
            self._errands,
            self._services,
            talk,
            last=last,
            tell=heard.tell,
            moved=heard.move,
            way=way,
            goes_on=goes_on,
        )
        with self.seats.seated(talk.id, share_of(talk.facts), heard):
            await visit.welcome()
            hearing = asyncio.create_task(_hear(visit, heard))
            try:
                yield heard
            except BaseException:
                await visit.broke_off()
                raise
            finally:
                hearing.cancel()
                await asyncio.wait([hearing])

    async def glance(self, talk: VisitorTalk, *, last: int, way: Way, goes_on: bool = False) -> list[ToVisitor]:
        """How everything stands now and every message after number `last`, told once and without a seat.

        `goes_on`: as for `listening`. Raises ConversationOver, Away.
        """
        told: list[ToVisitor] = []

        async def tell(fact: ToVisitor) -> None:
            told.append(fact)

        visit = Visit(
            self._relay,
            self._errands,
            self._services,
            talk,
            last=last,
            tell=tell,
            moved=_nobody_is_told,
            way=way,
            goes_on=goes_on,
        )
        await visit.welcome()
        try:
            async with asyncio.timeout(CATCHES_UP_WITHIN_S):
                await visit.feed.catch_up()
        except TimeoutError:
            raise Away from None
        return told


async def _hear(visit: Visit, heard: Listening) -> None:
    """Run what has to run beside the page; when a part of it ends badly, the page is told that it fell behind."""
    try:
        async with asyncio.TaskGroup() as tasks:
            try:
                visit.begin(tasks)
                await asyncio.Event().wait()
            finally:
                visit.end()
    except* (FellBehind, ListenerFull, Away):
        heard.lose()
    except* Exception as broken:
        heard.lose()
        _log.error("hearing_broke error=%s", type(broken.exceptions[0]).__name__)


async def _nobody_is_told() -> None:
    """A glance is over before anything could move."""
