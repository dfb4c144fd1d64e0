"""Lets a visitor leave by the exit and still come back by her number, for as long as she wished, if she asked so."""

from chat.behind import Behind
from chat.card import read_answers
from chat.clocks import MINUTE_MS, NO_WISH_MINUTES, wish_minutes
from chat.conversation import VisitorTalk
from chat.ending import Ending
from chat.protocol.kinds import LeaveHow
from chat.store.comebacks import ComebackStore
from chat.store.left import LeftStore
from chat.store.phones import PhoneStore
from chat.store.talk import TalkStore
from chat.store.unfinished import UnfinishedStore
from portal.errors import Away
from portal.store.passes import Passes
from portal.vault.conversations import find_visitor, open_card
from portal.vault.errors import SealBroken


def wished_minutes(cutoff: str) -> int:
    """For how many minutes her answer to "if we are cut off" keeps the conversation open."""
    return wish_minutes(cutoff) or NO_WISH_MINUTES


class Leavings:
    """What an exit does where her number outlives it. Every act raises `ValkeyAway`; asking again is safe.

    Her page, its copy and its passes are destroyed as by every exit; the conversation stays, and what her number opens.
    """

    def __init__(
        self,
        store: LeftStore,
        talks: TalkStore,
        unfinished: UnfinishedStore,
        comebacks: ComebackStore,
        phones: PhoneStore,
        passes: Passes,
        ending: Ending,
        behind: Behind,
    ) -> None:
        self._store = store
        self._talks = talks
        self._unfinished = unfinished
        self._comebacks = comebacks
        self._phones = phones
        self._passes = passes
        self._ending = ending
        self.behind = behind

    async def leave(self, talk: VisitorTalk, how: LeaveHow, now_ms: int) -> None:
        """She ends it or leaves quickly: her side is destroyed at once. Her number outlives an exit if she said so."""
        if how != "exit" or not await self.left(talk, now_ms):
            await self._ending.end(talk.id, how)
        await self.behind.left(talk.token)

    async def left(self, talk: VisitorTalk, now_ms: int) -> bool:
        """She leaves by the exit, and may come back for a while: False where she asked for none of it.

        Written down first; a sweeper finishes what a kill leaves.
        """
        stays_ms = await self._stays_ms(talk)
        if not stays_ms:
            return False
        find, until_ms = find_visitor(talk.token), now_ms + stays_ms
        await self._store.begin(talk.id, find, until_ms)
        await self._finish(talk.id, find, until_ms)
        return True

    async def _stays_ms(self, talk: VisitorTalk) -> int:
        """For how long her number brings her back after this exit; 0: not at all."""
        try:
            works_ms = await self._comebacks.outlives(talk.id)
            sealed = await self._talks.sealed(talk.id) if works_ms else None
            if sealed is None:
                return 0
            answers = read_answers(open_card(talk.talk_key, talk.id, sealed.card))
        except (Away, SealBroken):
            return 0  # an exit waits for nothing: where it cannot be asked, everything goes
        return min(works_ms, wished_minutes(answers.get("cutoff")) * MINUTE_MS)

    async def sweep(self, now_ms: int) -> None:
        """Finish leavings that are half done; end those whose time is over; forget those who came back."""
        for conversation, find, until_ms in await self._store.all():
            facts, sealed = await self._talks.facts(conversation), await self._talks.sealed(conversation)
            if facts is None or facts.is_over:
                await self._store.forget(conversation)
            elif facts.left_ms or (sealed is not None and sealed.find == find):
                if find:
                    await self._finish(conversation, find, until_ms)
                await self._give_up(conversation, now_ms)
            else:
                await self._store.forget(conversation)

    async def came_back(self, conversation: bytes) -> None:
        """She is here again: nothing waits for her any more."""
        await self._store.forget(conversation)

    async def _finish(self, conversation: bytes, find: bytes, until_ms: int) -> None:
        if await self._store.leave(conversation, find, until_ms) not in ("left", "there"):
            return
        # Only ways in of before: the present one is nobody's, or hers again if she was quicker than this.
        await self._talks.drop_visitor(find)
        await self._unfinished.unoffer([conversation])
        await self._comebacks.keep_only_live(conversation)
        await self._phones.take_back_hers(conversation)
        await self._passes.drop(conversation)
        await self._store.finished(conversation, until_ms)

    async def _give_up(self, conversation: bytes, now_ms: int) -> None:
        if await self._store.give_up(conversation, now_ms) == "due":
            await self._ending.end(conversation, "exit")
            await self._store.forget(conversation)
