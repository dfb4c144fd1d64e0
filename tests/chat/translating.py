"""What tests of translated talks share: a Spanish visitor, an English desk, an engine beside it, and what was told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from chat.cards import Speech
from chat.consent import NO, STOP, YES, Direction
from chat.conversation import DeskTalk, VisitorTalk
from chat.hands import Hands
from chat.interpreting import Interpreting
from chat.message import Message
from portal.ids import random_id
from tests.chat.conftest import ChatHouse
from tests.support.patience import PATIENCE_S
from tests.support.rooms import words_and_files
from tests.support.translators import Twin

__all__ = ["NO", "SPEECH", "STOP", "YES", "Talk", "talk_in_spanish"]

SPEECH = Speech(words_and_files()[0])


@dataclass
class Talk:
    """One conversation and the desk that interprets in it."""

    house: ChatHouse
    engine: Twin
    visitor: VisitorTalk
    desk: DeskTalk
    told: list[dict[str, str]] = field(default_factory=list)
    desks: list[Interpreting] = field(default_factory=list)

    async def said(self, words: str) -> int:
        seq = await self.house.relay.visitor_says(self.visitor, words, random_id(), 0)
        self.hear()
        return seq

    async def answered(self, words: str) -> int:
        seq = await self.house.relay.advocate_says(self.desk, words, random_id(), 0)
        self.hear()
        return seq

    async def taps(self, choice: str, of: Direction = "hers") -> int:
        asked = await self.question(of)
        seq = await Hands(self.house.relay).tap(self.visitor, asked.seq, choice, random_id(), asked.seq)
        for desk in self.desks:
            desk.look()
        return seq

    def hear(self) -> None:
        for desk in self.desks:
            desk.heard()

    async def messages(self, kind: str = "") -> list[Message]:
        found = (await self.house.relay.since(self.visitor, 0)).messages
        return [each for each in found if kind in ("", each.kind)]

    async def question(self, of: Direction = "hers") -> Message:
        return await self.sees(lambda each: each.kind == "may_translate" and each.text == of)

    async def translation_of(self, seq: int) -> Message:
        return await self.sees(lambda each: each.kind == "translated" and each.of == seq)

    async def sees(self, claim: Callable[[Message], bool]) -> Message:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                for each in await self.messages():
                    if claim(each):
                        return each
                await asyncio.sleep(0.02)

    async def until(self, claim: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not claim():  # noqa: ASYNC110 - what is waited for is seen from outside alone
                await asyncio.sleep(0.02)

    @asynccontextmanager
    async def interpreted(self, desk: DeskTalk | None = None) -> AsyncIterator[Interpreting]:
        """One more desk of the same conversation, for the length of a `with`."""
        beside = Interpreting(self.house.relay, self.house.errands, desk or self.desk, self._changed, again_s=0.1)
        self.desks.append(beside)
        async with asyncio.TaskGroup() as tasks:
            beside.begin(tasks)
            yield beside
            beside.end()
        self.desks.remove(beside)

    async def _changed(self) -> None:
        self.told.append(self.desks[0].told("es"))


async def talk_in_spanish(house: ChatHouse, engine: Twin | None = None, language: str = "es") -> Talk:
    """A visitor who writes in Spanish, taken by an advocate who reads English alone."""
    engine = engine or Twin()
    house.relay.interpreter.translator = engine
    visitor = await house.visitor(language)
    await house.relay.visitor_says(visitor, "Necesito ayuda", random_id(), 0)
    signed = replace(await house.ready(), languages=("en",), tongue="en")
    return Talk(house, engine, visitor, await house.relay.take(signed, visitor.id))
