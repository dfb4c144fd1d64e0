"""Holds a talk of the house with itself: every key and seal of a real one, and no advocate is called to it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from chat.card import Answers, write_answers
from chat.conversation import HOUSE, DeskTalk, VisitorTalk
from chat.message import Body, Entry, seal_words
from chat.refusals import NotThisDesk
from chat.relay import Relay
from chat.store.practice import PracticeStore
from portal.ids import random_id
from portal.services import Services
from portal.vault.conversations import find_visitor, seal_card, visitor_copy
from portal.vault.secret import Dotted

FENCE: Final = 1


@dataclass(frozen=True, slots=True, repr=False)
class Both(Dotted):
    """Both sides of one practice talk."""

    visitor: VisitorTalk
    desk: DeskTalk


class Practice:
    """Talks in which the house is both. They are never among the open ones: no queue, count or clock of theirs."""

    def __init__(self, relay: Relay, services: Services) -> None:
        self._relay = relay
        self._ends = PracticeStore(services.durable)

    async def begin(self, conversation: bytes, token: bytes, lasts: timedelta) -> Both:
        """Open it, taken from the first moment on. It is erased after `lasts` whatever becomes of this process.

        Raises NotSetUp, ValkeyAway.
        """
        relay = self._relay
        await self._ends.ends_at(conversation, relay.now_ms() + int(lasts.total_seconds() * 1000))
        both, ember, copy = await relay.kindling.begin(conversation)
        find = find_visitor(token)
        card = seal_card(both.talk, conversation, write_answers(Answers(language="en")))
        await relay.talks.open(conversation, arrived_ms=relay.now_ms(), staff_copy=copy, find=find, card=card)
        await relay.kindling.light(conversation, ember)
        joined = Entry("advocate", HOUSE, random_id(), "joined", 0, b"")
        await relay.talks.join(
            conversation,
            seal_words(conversation, both.talk, joined, Body("", "")),
            staff_id=HOUSE,
            fence=FENCE,
            now_ms=relay.now_ms(),
        )
        await relay.talks.let_in(conversation, find, visitor_copy(both.talk, token), lasts)
        visitor = await relay.access.conversation_for_visitor(token)
        return Both(visitor, DeskTalk(conversation, both, ember, FENCE, HOUSE, "", visitor.facts))

    async def end(self, conversation: bytes) -> None:
        """End it as a visitor does, and leave nothing for its wrap-up clock to wait for. What is over stays over."""
        try:
            await self._relay.ending.end(conversation, "end")
        except NotThisDesk:
            return
        await self.hurry(conversation)

    async def hurry(self, conversation: bytes) -> None:
        """Whoever sweeps next erases it."""
        await self._ends.ends_at(conversation, self._relay.now_ms())
