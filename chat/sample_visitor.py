"""Plays a visitor in practice, by the first of its cases: the house waits in line, and answers whoever takes it."""

import asyncio
import time
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from typing import Final

from chat.apart import Apart
from chat.conversation import DeskTalk, VisitorTalk
from chat.refusals import ConversationOver
from i18n.languages import LANGUAGES
from portal.errors import PorchlightError
from portal.ids import random_id, random_key

CASE: Final = "farm"
LINES: Final = 4
LASTS: Final = timedelta(minutes=30)
THINKS_S: Final = 2.0
SEEN_EVERY_S: Final = 10.0  # a page that waits says so about as often


class SampleVisitors:
    """Those this process plays. What they say next is known by what was said, so any process answers for any of them.

    A process that ends takes its own along, as a phone that is switched off does: the desk sees them gone.
    """

    def __init__(self, apart: Apart) -> None:
        self._apart = apart
        self._relay = apart.relay
        self._waiting: dict[bytes, tuple[VisitorTalk, float]] = {}

    @property
    def count(self) -> int:
        """How many this process plays now."""
        return len(self._waiting)

    async def send(self, tongue: str) -> None:
        """One more, who writes in the language of a desk. Raises NotSetUp, ValkeyAway."""
        conversation, token = random_id(), random_key()
        await self._relay.open(conversation, token, tongue)
        talk = await self._relay.access.conversation_for_visitor(token)
        await self._apart.services.embers.put(_name(conversation), tongue.encode(), LASTS)
        await self._relay.lines.opened(conversation, random_id(), self._relay.now_ms(), goes_on=False)
        await self._relay.visitor_answers(talk, "safe", "yes")
        await self._relay.visitor_answers(talk, "about", "self")
        await self._says(talk, tongue, 1, 0)
        self._waiting[conversation] = talk, time.monotonic() + LASTS.total_seconds()

    async def heard(self, talk: DeskTalk) -> None:
        """Whoever took this conversation has said something: where it is one of ours, it answers in a moment."""
        tongue = await self._apart.services.embers.get(_name(talk.id))
        if tongue is not None:
            self._apart.errands.begin(self._answer(talk, tongue.decode()))

    async def run(self) -> None:
        """Stay in line, and on the line, for as long as the process lives."""
        while True:
            await asyncio.sleep(SEEN_EVERY_S)
            await self.look(time.monotonic())

    async def look(self, now: float) -> None:
        """Say of each that its page is open; who waited long enough leaves."""
        for talk, until in list(self._waiting.values()):
            try:
                if now >= until:
                    await self._relay.leave(talk, "end")
                else:
                    await self._relay.visitor_is_here(talk)
            except ConversationOver:
                pass
            except PorchlightError:
                continue  # a store that is away: in a moment, then
            else:
                if now < until:
                    continue
            del self._waiting[talk.id]

    async def _answer(self, talk: DeskTalk, tongue: str) -> None:
        await asyncio.sleep(THINKS_S)
        with suppress(PorchlightError):
            said = last = 0
            while (words := await self._relay.since(talk, last)).last != last:
                said += sum(each.author == "visitor" and each.kind == "words" for each in words.messages)
                last = words.last
            await self._relay.lines.shows(talk.id, last)
            if said < LINES:
                await self._says(VisitorTalk(talk.id, talk.keys.talk, b"", talk.facts), tongue, said + 1, last)

    async def _says(self, talk: VisitorTalk, tongue: str, number: int, after: int) -> None:
        phrase = self._apart.services.pages.catalogue.phrase
        text = phrase(LANGUAGES[tongue], f"practice.case.{CASE}.say{number}")
        # Named by its place: answered by two processes at once, it is said once.
        key = sha256(b"sample" + talk.id + bytes([number])).digest()[:16]
        await self._relay.visitor_says(talk, text, key, after)


def _name(conversation: bytes) -> bytes:
    return b"sample:" + conversation
