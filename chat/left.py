"""Lets a visitor leave by the exit and still come back by her number, for as long as she wished, if she asked so."""

from typing import Final

from chat.conversation import VisitorTalk
from chat.ending import Ending
from chat.store.comebacks import ComebackStore
from chat.store.left import LeftStore
from chat.store.talk import TalkStore
from chat.store.unfinished import UnfinishedStore
from portal.store.passes import Passes
from portal.vault.conversations import find_visitor

# "If we are cut off", in minutes. "Let me go" is not at once: a hand that slipped needs a moment to come back.
WISHES: Final = {"go": 2, "5": 5, "30": 30, "60": 60}
UNSAID: Final = 60


def wished_minutes(cutoff: str) -> int:
    """For how many minutes her answer keeps the conversation open."""
    return WISHES.get(cutoff, UNSAID)


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
        passes: Passes,
        ending: Ending,
    ) -> None:
        self._store = store
        self._talks = talks
        self._unfinished = unfinished
        self._comebacks = comebacks
        self._passes = passes
        self._ending = ending

    async def leave(self, talk: VisitorTalk, until_ms: int) -> None:
        """She has left and may come back until then. Written down first; a sweeper finishes what a kill leaves."""
        find = find_visitor(talk.token)
        await self._store.begin(talk.id, find, until_ms)
        await self._finish(talk.id, find, until_ms)

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
        await self._passes.drop(conversation)
        await self._store.finished(conversation, until_ms)

    async def _give_up(self, conversation: bytes, now_ms: int) -> None:
        if await self._store.give_up(conversation, now_ms) == "due":
            await self._ending.end(conversation, "exit")
            await self._store.forget(conversation)
