"""Lets the visitor make digits that she says on the phone: whoever answers there opens her conversation with them."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from chat.conversation import NO_FENCE, DeskTalk, VisitorTalk
from chat.handing import Handing
from chat.refusals import ConversationOver, HeldOff, NotThisDesk, Refusal, TakenBefore
from chat.relay import Relay
from chat.store.called import CalledStore
from chat.store.phones import PhoneStore
from portal.errors import Away
from portal.services import Services
from portal.staff.sessions.session import Signed
from portal.vault.phone_words import find_phone_word, phone_word
from portal.vault.secret import Dotted

LASTS: Final = timedelta(minutes=30)
_TRIES: Final = 20  # so many words that others have by chance come never


@dataclass(frozen=True, slots=True, repr=False)
class PhoneWord(Dotted):
    """A word to be said once, and for how many seconds it works."""

    word: str
    lasts_s: int


async def new_word(phones: PhoneStore, conversation: bytes, fence: int, lasts: timedelta) -> str:
    """A word that works from here on, in place of the one before. Raises Away."""
    for _ in range(_TRIES):
        word = phone_word()
        if await phones.keep(find_phone_word(phones.key, word), conversation, fence, lasts):
            return word
    raise Away


class Calling:
    """The two acts around her own digits. Both raise `ValkeyAway` when a store does not answer.

    Hers stand beside a word her advocate may have made: neither takes the other away.
    """

    def __init__(self, services: Services, relay: Relay, handing: Handing) -> None:
        self._relay = relay
        self._phones = relay.phones
        self._called = CalledStore(services.durable, lambda: services.now)
        self._handing = handing  # the line's own: it keeps who stopped reading along until that is written down

    async def make(self, talk: VisitorTalk) -> PhoneWord:
        """New digits, in place of those she had. Raises ConversationOver, HeldOff."""
        await self._open(talk.id)
        word = await new_word(self._phones, talk.id, NO_FENCE, LASTS)
        try:
            # Looked at again: an end that came between has dropped her digits once and would not come back for these.
            await self._open(talk.id)
        except (ConversationOver, HeldOff):
            await self._phones.take_back_hers(talk.id)
            raise
        return PhoneWord(word, int(LASTS.total_seconds()))

    async def answered(self, signed: Signed, conversation: bytes, name: bytes) -> DeskTalk:
        """She said them: who waits is this person's, who is with an advocate is handed on to her, and they are spent.

        They stay good where nothing came of it. Raises NotThisDesk, TakenBefore (of two who answer one is first),
        HandsFull, ConversationOver; EmberLost while it cannot be opened.
        """
        first = await self._phones.answers(name, signed.staff_id)
        if first != signed.staff_id:
            raise TakenBefore(first)
        try:
            talk = await self._opened(signed, conversation)
        except (Refusal, Away):
            with suppress(Away):
                await self._phones.answered_not(name)
            raise
        await self._phones.spend(name)
        return talk

    async def _opened(self, signed: Signed, conversation: bytes) -> DeskTalk:
        facts = await self._relay.talks.facts(conversation)
        if facts is None or facts.is_over or facts.is_held_off or facts.left_ms:
            raise NotThisDesk
        owner = await self._relay.desk.owner(conversation)
        if owner is None or (owner.staff_id == signed.staff_id and facts.standing == "waiting"):
            fence = await self._called.take(conversation, signed.staff_id, self._relay.now_ms())
            return await self._relay.joined(signed, conversation, fence)
        if owner.staff_id == signed.staff_id:
            # The one on the phone is one of those she holds: told which.
            return await self._relay.access.conversation_for_advocate(signed, conversation)
        await self._handing.turn_to(signed, conversation, owner)
        return await self._handing.take_over(signed, conversation)

    async def _open(self, conversation: bytes) -> None:
        facts = await self._relay.talks.facts(conversation)
        if facts is None or facts.is_over or facts.left_ms:
            raise ConversationOver
        if facts.is_held_off:
            raise HeldOff
