"""Covers a visitor's page when somebody comes near, and brings her back from behind it."""

from datetime import timedelta

from msgspec.structs import replace

from chat.card import CameBack
from chat.clocks import NO_WISH_MINUTES, wish_minutes
from chat.conversation import VisitorTalk
from chat.refusals import ConversationOver
from chat.relay import Relay
from chat.store.talk import LASTS
from portal.errors import NotThere
from portal.ids import random_key
from portal.vault.covers import cover_box, find_cover, is_word, open_cover, read_word, word_mark
from portal.vault.errors import SealBroken


def stays_for(cutoff: str) -> timedelta:
    """For how long a covered page without script can come back."""
    return timedelta(minutes=wish_minutes(cutoff) or NO_WISH_MINUTES)


class Covers:
    """The acts around the cover. Every act raises `ValkeyAway` when a store does not answer; asking again is safe."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._store = relay.covers

    async def cover(self, talk: VisitorTalk, word: str = "") -> bool:
        """Her page is covered from now on, and is told nothing but the end. False when it was so already.

        `word`: the one she chose, or none; one chosen before stays. What she said before of being safe says nothing
        from here on. Raises ConversationOver.
        """
        if read_word(word):
            await self.choose(talk, word)
        turned = await self._store.turn(talk.id, self._relay.now_ms(), is_covered=True)
        if turned == "over":
            raise ConversationOver
        if turned == "turned" and (await self._relay.answers(talk)).get("safe"):
            await self._relay.visitor_answers(talk, "safe", "")
        return turned == "turned"

    async def uncover(self, talk: VisitorTalk, word: str = "") -> CameBack:
        """She is back. The desk is told whether with her word, where she has one. Raises ConversationOver."""
        mark = await self._store.word(talk.id)
        is_hers = is_word(mark, talk.talk_key, talk.id, word)
        back: CameBack = "word" if is_hers else "held" if mark is not None else ""
        # On the card before the flag goes: no desk is to see her back and not yet how.
        if (await self._relay.answers(talk)).back != back:
            await self._relay.change_card(talk, lambda card: replace(card, back=back), is_word=False)
        await self.lift(talk.id)
        return back

    async def lift(self, conversation: bytes) -> None:
        """Nothing of hers is covered any more. Raises ConversationOver."""
        if await self._store.turn(conversation, self._relay.now_ms(), is_covered=False) == "over":
            raise ConversationOver
        await self._store.bring_out(conversation)

    async def choose(self, talk: VisitorTalk, word: str) -> bool:
        """Keep the word that brings her back; it takes the place of an earlier one. False for one that is too short."""
        read = read_word(word)
        if read:
            await self._store.keep_word(talk.id, word_mark(talk.talk_key, talk.id, read), LASTS)
        return bool(read)

    # A page without script: it holds a name, and what opens the talk lies under that name.

    async def put_away(self, talk: VisitorTalk) -> tuple[bytes, bool]:
        """Cover her page and keep her token under a new name. Answers the name, and whether it was covered just now."""
        is_new = await self.cover(talk)
        name = random_key()
        lasts = stays_for((await self._relay.answers(talk)).get("cutoff"))
        await self._store.put_away(find_cover(name), talk.id, cover_box(name, talk.token), lasts)
        return name, is_new

    async def try_word(self, name: bytes, word: str) -> VisitorTalk | None:
        """The talk, if this is her word; None for every other, which counts: after the fifth no word is tried."""
        kept = await self._store.kept(find_cover(name))
        talk = await self._opened(name, kept[0]) if kept else None
        if kept is None or talk is None:
            return None
        is_tried = kept[1]
        if is_word(await self._store.word(talk.id), talk.talk_key, talk.id, word) and is_tried:
            await self.uncover(talk, word)
            return talk
        await self._store.missed(find_cover(name))
        return None

    async def behind(self, name: bytes) -> VisitorTalk | None:
        """The talk under this name, still covered; None where there is none any more."""
        kept = await self._store.kept(find_cover(name))
        return await self._opened(name, kept[0]) if kept else None

    async def _opened(self, name: bytes, box: bytes) -> VisitorTalk | None:
        try:
            return await self._relay.access.conversation_for_visitor(open_cover(name, box))
        except (SealBroken, NotThere):
            return None
