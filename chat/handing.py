"""Hands a conversation from one advocate to another: its owner keeps it until the next one's page has shown it all."""

from dataclasses import dataclass, replace
from typing import Final

from chat.company import Company
from chat.conversation import NO_FENCE, DeskTalk
from chat.guests import Guests
from chat.message import Body, Entry, Message, seal_words
from chat.refusals import ConversationOver, NotThisDesk, TakenBefore
from chat.relay import Relay
from chat.store.desk import Owner
from chat.store.offers import NO_NOTE, Offer
from chat.trained import must_be_trained
from portal.errors import Away
from portal.ids import random_id
from portal.staff.sessions.session import Signed
from portal.store.valkey import ValkeyAway
from portal.vault.secret import Dotted

ROUNDS: Final = 5  # a yes, a no and a withdrawal may meet; more than a few hands there are not


@dataclass(frozen=True, slots=True, repr=False)
class Offered(Dotted):
    """An offer as the one reads it to whom it is made. `talk` is open to her under no fence."""

    talk: DeskTalk
    by: str
    note: str
    is_for_her: bool  # by name, not to whoever is ready


class Handing:
    """The acts of a handing on, each right to be asked again. Every act raises `ValkeyAway`.

    Two keys spaces cannot be changed in one breath, so the conversation's own decides: one script there changes owner
    and fence and tells the visitor. The desk's keys follow, by the next step or by the sweeper.
    """

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._people = relay.access.people
        self._company = Company(relay)
        self._guests = Guests(relay)
        self._gave_way: list[DeskTalk] = []
        self.offers = relay.offers

    # The one who holds it

    async def offer(self, talk: DeskTalk, to: bytes, note: str, key: bytes, after: int) -> int:
        """Offer it with a note, to one person or (empty) to whoever is ready. Answers the number of the note.

        Raises NothingSaid without a note: her page will be told that whoever comes has been told.
        """
        seq = await self._relay.note(talk, note, key, after)
        standing = await self.offers.of(talk.id)
        if standing is not None and (standing.fence, standing.note) != (talk.fence, seq):
            await self.settle(talk.id, standing, is_withdrawn=True)
        now_ms = self._relay.now_ms()
        await self.offers.offer(talk.id, from_=talk.staff_id, fence=talk.fence, to=to, note=seq, now_ms=now_ms)
        return seq

    async def withdraw(self, talk: DeskTalk) -> None:
        """She keeps it. Raises NotThisDesk where it is another's already."""
        offer = await self.offers.of(talk.id)
        if offer is not None and offer.fence == talk.fence and not await self.settle(talk.id, offer, is_withdrawn=True):
            raise NotThisDesk

    # The one it is offered to

    async def offered(self, signed: Signed, conversation: bytes, offer: Offer) -> Offered:
        """What she is told of an offer that is for her. Raises NotThisDesk when it does not stand, EmberLost."""
        talk = await self._relay.access.conversation_offered(signed, conversation, offer)
        note = await self._note(talk, offer)
        return Offered(talk, note.name if note else "", note.text if note else "", offer.to == signed.staff_id)

    async def take_over(self, signed: Signed, conversation: bytes) -> DeskTalk:
        """She says yes: from here on she may read all of it, and its owner still holds it.

        Raises NotTrained, NotThisDesk, TakenBefore, HandsFull; EmberLost while nothing in the house can open it.
        """
        must_be_trained(signed)
        offer = await self.offers.say_yes(conversation, signed.staff_id, self._relay.now_ms())
        await self._let_read(signed, conversation, offer)
        # Looked at again: it may have been taken back between the two, and then nobody else would shut her out.
        standing = await self.offers.of(conversation)
        if standing is None or (standing.by, standing.fence) != (signed.staff_id, offer.fence):
            await self._people.shut_out(conversation, signed.staff_id)
            raise NotThisDesk
        return await self._relay.access.conversation_for_reader(signed, conversation)

    async def _let_read(self, signed: Signed, conversation: bytes, offer: Offer) -> None:
        for _ in range(ROUNDS):
            word = await self._people.let_read(conversation, signed.staff_id, fence=offer.fence)
            if word == "let":
                return
            if word == "gone":
                raise NotThisDesk
            # She reads along, and the visitor was told so: that ends first, and the visitor is told that too.
            reads = await self._relay.access.opened(signed, conversation, NO_FENCE)
            if word == "guest":
                await self._guests.leave(reads)
            elif await self._company.give_way(reads, random_id()):
                self._gave_way.append(reads)
        raise ValkeyAway

    async def note_given_way(self) -> None:
        """Write down who stopped reading along to have it next; asked for once the conversation is open to her."""
        while self._gave_way:
            await self._company.note_stopped(self._gave_way.pop(), did=True)

    async def turn_to(self, signed: Signed, conversation: bytes, owner: Owner) -> None:
        """Its visitor called and has this person on the phone: offer it to her by name, in place of any other offer.

        A note that stood with one goes along. Raises TakenBefore where somebody reads it already, NotThisDesk.
        """
        standing = await self.offers.of(conversation)
        note = NO_NOTE
        if standing is not None and standing.fence == owner.fence:
            if standing.by == signed.staff_id:
                return
            if standing.by:
                raise TakenBefore(standing.by)
            note = standing.note
        if standing is not None:
            await self.settle(conversation, standing, is_withdrawn=True)
        now_ms = self._relay.now_ms()
        await self.offers.offer(
            conversation, from_=owner.staff_id, fence=owner.fence, to=signed.staff_id, note=note, now_ms=now_ms
        )

    async def decline(self, signed: Signed, conversation: bytes) -> None:
        """Not she. Its owner reads so, and holds it as before."""
        for _ in range(ROUNDS):
            offer = await self.offers.of(conversation)
            if offer is None or not offer.is_for(signed.staff_id):
                raise NotThisDesk
            if offer.by:
                await self._people.shut_out(conversation, signed.staff_id)
            if offer.new_fence and await self._is_done(conversation, offer):
                await self.offers.finish(conversation, offer, self._relay.now_ms())
                raise TakenBefore(signed.staff_id)
            if await self.offers.decline(conversation, offer):
                return
        raise ValkeyAway

    async def shown(self, talk: DeskTalk, seq: int, key: bytes) -> DeskTalk | None:
        """Her page shows everything up to `seq`: if that is all, she holds it from here on. None while there is more.

        Raises NotThisDesk when the offer does not stand, HandsFull, ConversationOver.
        """
        offer = await self.offers.begin(talk.id, talk.staff_id, self._relay.now_ms())
        note = await self._note(talk, offer)
        told_by = note.name if note else ""
        entry = Entry("advocate", talk.staff_id, key, "handed", seq, b"")
        handed = seal_words(talk.id, talk.keys.talk, entry, Body(told_by, talk.alias))
        word = await self._people.hand(
            talk.id, handed, person=talk.staff_id, old=offer.fence, new=offer.new_fence, shown=seq
        )
        if word == "more":
            return None
        if word == "over":
            raise ConversationOver
        if word != "handed":
            raise NotThisDesk
        await self.offers.finish(talk.id, offer, self._relay.now_ms())
        facts = await self._relay.talks.facts(talk.id)
        if facts is None:
            raise NotThisDesk
        return replace(talk, fence=offer.new_fence, facts=facts, role="owner")

    async def _note(self, talk: DeskTalk, offer: Offer) -> Message | None:
        if offer.note == NO_NOTE:
            return None
        words = await self._relay.notes_since(talk, offer.note - 1)
        return next((each for each in words.messages if each.seq == offer.note), None)

    # Whoever sweeps

    async def settle(self, conversation: bytes, offer: Offer, *, is_withdrawn: bool = False) -> bool:
        """Finish what a kill left half done, and drop what does not stand (any more). False: it was handed on.

        Somebody may say yes meanwhile: then it is looked at anew, for as long as it is this offer.
        """
        read: Offer | None = offer
        for _ in range(ROUNDS):
            if read is None or (read.fence, read.note) != (offer.fence, offer.note):
                return await self._is_under(conversation, offer.fence)
            stands = not is_withdrawn and await self._stands(conversation, read)
            if not stands and read.by:
                # First her leave to read: without it no handing on can come between.
                await self._people.shut_out(conversation, read.by)
            if read.new_fence and await self._is_done(conversation, read):
                await self.offers.finish(conversation, read, self._relay.now_ms())
                return False
            if stands:
                return True
            if await self.offers.drop(conversation, read):
                if read.by:
                    # Once more: her leave may have been written after the first time, before it was dropped.
                    await self._people.shut_out(conversation, read.by)
                return True
            read = await self.offers.of(conversation)
        raise ValkeyAway

    async def _stands(self, conversation: bytes, offer: Offer) -> bool:
        owner, facts = await self._relay.desk.owner(conversation), await self._relay.talks.facts(conversation)
        holds = owner is not None and (owner.staff_id, owner.fence) == (offer.from_, offer.fence)
        if not holds or facts is None or facts.standing != "talking":
            return False
        if not offer.is_by_phone:
            return True
        try:
            return await self._relay.phones.is_out(conversation)
        except Away:
            return True  # a word waits for the store without a disk

    async def _is_under(self, conversation: bytes, fence: int) -> bool:
        facts = await self._relay.talks.facts(conversation)
        return facts is not None and facts.fence == fence

    async def _is_done(self, conversation: bytes, offer: Offer) -> bool:
        facts = await self._relay.talks.facts(conversation)
        return facts is not None and facts.fence == offer.new_fence and facts.fence != NO_FENCE
