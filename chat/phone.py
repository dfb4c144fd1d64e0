"""Leads from a chat to the phone: a short word, used once, hands the conversation to whoever answers there."""

from contextlib import suppress

from chat.calling import LASTS, Calling, PhoneWord, new_word
from chat.conversation import NO_FENCE, DeskTalk
from chat.handing import Handing
from chat.refusals import NotThisDesk, Refusal
from chat.relay import Relay
from chat.store.offers import BY_PHONE
from chat.store.phones import MOST_MISSES
from chat.trained import must_be_trained
from portal.errors import Away
from portal.staff.sessions.session import Signed
from portal.vault.phone_words import find_phone_word, read_phone_word


class Phone:
    """The two acts around the word. Both raise `ValkeyAway` when a store does not answer.

    It is an offer to nobody by name: the word names her. All else is a handing on, with its note and its one sentence.
    Digits the visitor made herself (`calling.py`) are said and typed in the same way.
    """

    def __init__(self, relay: Relay, handing: Handing, calling: Calling) -> None:
        self._calling = calling
        self._phones = relay.phones
        self._handing = handing
        self._key = relay.phones.key

    async def make(self, talk: DeskTalk, note: str, key: bytes, after: int) -> PhoneWord:
        """A new word for a conversation she holds, in place of any offer. Raises NothingSaid, NotThisDesk."""
        # The word first: an offer by phone without one is void.
        word = await new_word(self._phones, talk.id, talk.fence, LASTS)
        try:
            await self._handing.offer(talk, BY_PHONE, note, key, after)
        except Refusal:
            await self._phones.take_back(talk.id)
            raise
        return PhoneWord(word, int(LASTS.total_seconds()))

    async def use(self, signed: Signed, typed: str) -> DeskTalk:
        """She heard this word on the phone: the conversation is open to her, and hers once she has shown all of it.

        Raises NotThisDesk for a word that is none, used, too old or void, and after too many of those: one answer.
        Raises HandsFull; what another holds is offered to her by name then. Raises TakenBefore for the visitor's own
        digits, said to two.
        """
        must_be_trained(signed)
        if await self._phones.misses(signed.staff_id) >= MOST_MISSES:
            raise NotThisDesk
        word = read_phone_word(typed)
        if word is None:
            raise NotThisDesk  # a slip, and no try
        name = find_phone_word(self._key, word)
        found = await self._phones.peek(name)
        if found and found[1] == NO_FENCE:
            return await self._calling.answered(signed, found[0], name)
        offer = await self._handing.offers.of(found[0]) if found else None
        if not found or offer is None or not offer.is_by_phone or offer.fence != found[1]:
            await self._phones.missed(signed.staff_id)
            raise NotThisDesk
        # Her own word uses nothing up. Of two who say it at once one gets it; the offer first, which does not stand
        # without a word as long as it names nobody, and a word whose offer is somebody's is void.
        if offer.from_ == signed.staff_id or not await self._handing.offers.name(found[0], offer, signed.staff_id):
            raise NotThisDesk
        with suppress(Away):
            await self._phones.spend(name)
        return await self._handing.take_over(signed, found[0])
