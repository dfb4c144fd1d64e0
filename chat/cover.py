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
        from here on. Each step is done again when she asks again: a store may go away after any. Raises
        ConversationOver.
        """
        turned = await self._store.turn(talk.id, self._relay.now_ms(), is_covered=True)
        if turned == "over":
            raise ConversationOver
        if read_word(word):
            await self.choose(talk, word)
        await self._ask_safe_anew(talk)
        return turned == "turned"

    async def uncover(self, talk: VisitorTalk, word: str = "") -> CameBack:
        """She is back. The desk is told whether with her word, where she has one. Raises ConversationOver."""
        back = await self.show(talk, word)
        await self.bring_out(talk.id)
        return back

    async def show(self, talk: VisitorTalk, word: str = "") -> CameBack:
        """The same, but the names of her covered pages still open: for a page that has to be led back first."""
        mark = await self._store.word(talk.id)
        is_hers = is_word(mark, talk.talk_key, talk.id, word)
        back: CameBack = "word" if is_hers else "held" if mark is not None else ""
        # On the card before the flag goes: no desk is to see her back and not yet how.
        if (await self._relay.answers(talk)).back != back:
            await self._relay.change_card(talk, lambda card: replace(card, back=back), is_word=False)
        await self._turn_back(talk.id)
        return back

    async def lift(self, conversation: bytes) -> None:
        """Nothing of hers is covered any more. Raises ConversationOver."""
        await self._turn_back(conversation)
        await self.bring_out(conversation)

    async def bring_out(self, conversation: bytes) -> None:
        """The names of her covered pages open nothing any more."""
        await self._store.bring_out(conversation)

    async def _turn_back(self, conversation: bytes) -> None:
        if await self._store.turn(conversation, self._relay.now_ms(), is_covered=False) == "over":
            raise ConversationOver

    async def choose(self, talk: VisitorTalk, word: str) -> bool:
        """Keep the word that brings her back; it takes the place of an earlier one. False for one that is too short.

        Raises ConversationOver.
        """
        read = read_word(word)
        if read:
            await self._store.keep_word(talk.id, word_mark(talk.talk_key, talk.id, read), LASTS)
            await self._goes_with_the_end(talk)
        return bool(read)

    # A page without script: it holds a name, and what opens the talk lies under that name.

    async def put_away(self, talk: VisitorTalk) -> tuple[bytes, bool]:
        """Cover her page and keep her token under a new name. Answers the name, and whether it was covered just now.

        Raises ConversationOver.
        """
        is_new = await self.cover(talk)
        name = random_key()
        lasts = stays_for((await self._relay.answers(talk)).get("cutoff"))
        await self._store.put_away(find_cover(name), talk.id, cover_box(name, talk.token), lasts)
        await self._goes_with_the_end(talk)
        return name, is_new

    async def try_word(self, name: bytes, word: str) -> VisitorTalk | None:
        """The talk, if this is her word; None for every other. Each counts: after the fifth no word is tried."""
        box = await self._store.try_once(find_cover(name))
        talk = await self._opened(name, box) if box else None
        if talk is None or not is_word(await self._store.word(talk.id), talk.talk_key, talk.id, word):
            return None
        return talk

    async def behind(self, name: bytes) -> VisitorTalk | None:
        """The talk under this name, still covered; None where there is none any more."""
        box = await self._store.kept(find_cover(name))
        return await self._opened(name, box) if box else None

    async def _ask_safe_anew(self, talk: VisitorTalk) -> None:
        """What she answered before she was covered is taken back; what she answers behind the cover stands."""
        facts, answers = await self._relay.talks.facts(talk.id), await self._relay.answers(talk)
        since_ms = None if facts is None else facts.covered_ms
        if since_ms is not None and answers.get("safe") and answers.safe_ms <= since_ms:
            await self._relay.visitor_answers(talk, "safe", "")

    async def _goes_with_the_end(self, talk: VisitorTalk) -> None:
        """An end that came while this was written has dropped what there was before it: so this goes too."""
        facts = await self._relay.talks.facts(talk.id)
        if facts is None or facts.is_over:
            await self._store.drop(talk.id)
            raise ConversationOver

    async def _opened(self, name: bytes, box: bytes) -> VisitorTalk | None:
        try:
            return await self._relay.access.conversation_for_visitor(open_cover(name, box))
        except (SealBroken, NotThere):
            return None
