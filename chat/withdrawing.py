"""Takes back what an advocate said a moment ago, and knows which of her words may still be taken back."""

from datetime import timedelta
from typing import Final

from chat.conversation import DeskTalk, Facts
from chat.ending import Ending
from chat.message import Body, Entry, seal_words
from chat.protocol.kinds import WasShown
from chat.refusals import NotThisDesk
from chat.store import keys
from chat.store.talk import TalkStore
from chat.store.withdrawn import WithdrawnStore
from portal.services import Services

# What the desk offers, counted from the answer; and the time that answer and the wish may need on their way.
UNSEND_S: Final = 5
ROAD_S: Final = 2
MAY_GO_FOR: Final = timedelta(seconds=UNSEND_S + ROAD_S)
REMEMBERED_S: Final = MAY_GO_FOR.total_seconds()


class Withdrawing:
    """The acts around words that are taken back. Every act raises `ValkeyAway` when a store does not answer."""

    def __init__(self, services: Services, talks: TalkStore, ending: Ending) -> None:
        self._store = WithdrawnStore(services.durable)
        self._embers = services.embers
        self._talks = talks
        self._ending = ending

    async def withdraw(self, talk: DeskTalk, seq: int, key: bytes, after: int) -> int:
        """Take back what this advocate said under `seq`; answers the number of the withdrawal.

        Raises ConversationOver, NotThisDesk. Whether it is still time is for the line to know that took the words.
        """
        facts = await self._talks.facts(talk.id)
        if facts is None:
            raise NotThisDesk
        entry = Entry("advocate", talk.staff_id, key, "withdrawn", after, b"")
        sealed = seal_words(talk.id, talk.keys.talk, entry, Body("", talk.alias, seq, was_shown(facts, seq)))
        try:
            return await self._store.withdraw(talk.id, sealed, seq=seq, fence=talk.fence)
        finally:
            # Whatever became of the answer: the words still stand in the store's file until that is written anew.
            self._ending.owes_a_new_file = True

    async def begin(self, talk: DeskTalk, last: int) -> None:
        """What comes after number `last` may be taken back for a while: pages that stay as they are leave it out."""
        name = keys.may_go(talk.id)
        # Of several at once the first counts; the last keeps it.
        if not await self._embers.put_new(name, str(last).encode(), MAY_GO_FOR):
            await self._embers.extend(name, MAY_GO_FOR)

    async def settled(self, conversation: bytes, last: int) -> int:
        """Up to which number, of `last`, no words can be taken back any more."""
        found = await self._embers.get(keys.may_go(conversation))
        return last if found is None else min(last, int(found))


class JustTaken:
    """Conversation and number of the words one line took, for as long as they may be taken back.

    In memory alone: a line that breaks takes the chance along.
    """

    def __init__(self) -> None:
        self._at: dict[tuple[bytes, int], float] = {}

    def remember(self, words: tuple[bytes, int], now: float) -> None:
        """They were taken now; said again, at the first time. Those whose time is over are forgotten."""
        # The oldest stand first: looking through all of them for every word cost more than carrying it.
        while self._at and not self.may_go(oldest := next(iter(self._at)), now):
            del self._at[oldest]
        self._at.setdefault(words, now)

    def may_go(self, words: tuple[bytes, int], now: float) -> bool:
        """Whether there is still time for these."""
        at = self._at.get(words)
        return at is not None and now - at <= REMEMBERED_S

    def __len__(self) -> int:
        return len(self._at)


def was_shown(facts: Facts, seq: int) -> WasShown:
    """Whether these words had stood on her screen, as her page told. What it has not told may still be on its way."""
    if facts.shown >= seq:
        return "yes"
    return "perhaps" if facts.hidden_ms is None and facts.covered_ms is None else "no"
