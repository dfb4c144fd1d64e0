"""Ends a conversation and later erases it, in steps that a sweeper can finish after a kill."""

from typing import Final

from chat.keeping import Keeping
from chat.message import NO_KEY, NOBODY, Entry
from chat.protocol.kinds import How
from chat.refusals import NotThisDesk
from chat.slips import Slips
from chat.store import keys
from chat.store.comebacks import ComebackStore
from chat.store.covers import CoverStore
from chat.store.desk import DeskStore
from chat.store.guests import GuestStore
from chat.store.phones import PhoneStore
from chat.store.talk import TalkStore
from chat.store.unfinished import UnfinishedStore
from chat.unrecorded import Unrecorded
from portal.services import Services
from portal.store.database import DatabaseAway

STALE: Final = "fenced"


class Ending:
    """Leaving and ending are two things: her side goes at once, the desk's when its wrap-up clock ends."""

    def __init__(
        self,
        services: Services,
        talks: TalkStore,
        desk: DeskStore,
        unfinished: UnfinishedStore,
        comebacks: ComebackStore,
        covers: CoverStore,
        phones: PhoneStore,
        keeping: Keeping,
    ) -> None:
        self._talks = talks
        self._desk = desk
        self._unfinished = unfinished
        self._embers = services.embers
        self._comebacks = comebacks
        self._covers = covers
        self._phones = phones
        self._keeping = keeping
        self.unrecorded, self.slips = Unrecorded(services), Slips(services)
        self._guests = GuestStore(services.durable, services.ember_client)
        self._passes = services.passes
        self._clock = services.clock
        self._services = services
        # True from the start: a kill may have come between an erasing and the writing anew.
        self.owes_a_new_file = True

    async def end(self, conversation: bytes, how: How, *, fence: int | None = None) -> int:
        """End it; answers the number of the closing. `fence`: the advocate's, None when the visitor ends.

        Raises NotThisDesk for an old owner's fence and where there is nothing to end.
        """
        await self._unfinished.begin_ending(conversation, how, fence)
        return await self.finish(conversation, how, fence)

    async def finish(self, conversation: bytes, how: str, fence: int | None) -> int:
        """All steps of an ending; each may have been done before."""
        now_ms = int(self._clock.now().timestamp() * 1000)
        closing = Entry("system", NOBODY, NO_KEY, "closed", 0, how.encode())
        word, seq = await self._talks.end(conversation, closing, how=how, fence=fence, now_ms=now_ms)
        if word == STALE:
            await self._unfinished.drop_ending(conversation, how, fence)
            raise NotThisDesk
        facts = await self._talks.facts(conversation)
        if word == "gone" or facts is None:
            await self._unfinished.forget(conversation)
            raise NotThisDesk
        await self._destroy_her_side(conversation)
        # Nobody at the desk may read what no advocate held: then there is nothing to wait for.
        ends_ms = facts.ended_ms + self._wrap_up_ms() if facts.owner else 0
        await self._unfinished.finish_ending(conversation, ends_ms)
        if not ends_ms:
            await self.erase(conversation)
        return seq

    async def erase(self, conversation: bytes) -> None:
        """Ember, key copies, words, index, in this order: whatever a kill leaves behind, it no longer opens."""
        facts = await self._talks.facts(conversation)
        await self._talks.mark_erased(conversation)
        await self._embers.quench(keys.ember(conversation))
        await self.unrecorded.before_erasing(conversation, facts)
        await self.slips.before_erasing(conversation, facts)
        await self._destroy_her_side(conversation)
        await self._talks.drop_keys(conversation)
        await self._talks.drop_words(conversation)
        # Once more: a page that was planting it at this very moment may have come between.
        await self._embers.quench(keys.ember(conversation))
        self.owes_a_new_file = True
        try:
            await self._keeping.move(conversation)
            await self.unrecorded.move(conversation)
        except DatabaseAway:
            # Its words are gone. Only what she agreed to keep, and its record, wait sealed for a later sweep.
            return
        await self._unfinished.forget(conversation)

    def wrap_up_left_s(self, ended_ms: int) -> int:
        """Seconds until the wrap-up clock of a conversation that ended then runs out."""
        now_ms = int(self._clock.now().timestamp() * 1000)
        return max(0, ended_ms + self._wrap_up_ms() - now_ms) // 1000

    def _wrap_up_ms(self) -> int:
        return self._services.now.wrap_up_minutes * 60_000

    async def _destroy_her_side(self, conversation: bytes) -> None:
        for find in await self._talks.ways_in(conversation):
            await self._talks.drop_visitor(find)
        await self._comebacks.drop(conversation)
        await self._covers.drop(conversation)
        await self._phones.drop(conversation)
        await self._guests.drop(conversation)
        await self._passes.drop(conversation)
