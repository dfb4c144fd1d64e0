"""Opens a conversation for the two people it belongs to, and for nobody else."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from chat.conversation import NO_FENCE, DeskTalk, VisitorTalk
from chat.guest_consent import let_in
from chat.refusals import NotThisDesk
from chat.shared_reading import SharedReading
from chat.store import keys
from chat.store.desk import DeskStore, Owner
from chat.store.offers import Offer
from chat.store.people import PeopleStore
from chat.store.talk import TalkStore
from portal.consent.rule import MayNotLeave
from portal.errors import Away, NotThere
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.store.embers import Embers
from portal.vault.conversations import ConversationKeys, find_visitor, open_staff_copy, open_visitor_copy
from portal.vault.errors import KeyMissing, SealBroken
from portal.vault.guests import open_guest_copy

PAUSE_FOR_EACH_S: Final = 0.0003
LONGEST_PAUSE_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class Held:
    """A conversation that somebody holds: everybody's marks in it, and who it is."""

    conversation: bytes
    marks: Mapping[bytes, bytes]
    owner: Owner | None


class EmberLost(Away):
    """The store without a disk has lost this conversation's ember; a page that still knows it brings it back."""


class Access:
    """The guarded doors. What they return is open; nobody else in the chat opens anything."""

    def __init__(self, talks: TalkStore, desk: DeskStore, people: PeopleStore, embers: Embers) -> None:
        self._talks = talks
        self._desk = desk
        self.people = people
        self._embers = embers
        # Asked by every desk with every snapshot; of a house with thousands a tenth of the time is spent on it at most.
        self.held = SharedReading(self._read_held, lambda held: min(LONGEST_PAUSE_S, len(held) * PAUSE_FOR_EACH_S))

    async def conversation_for_visitor(self, token: bytes) -> VisitorTalk:
        """The conversation whose 32-byte tab token this is.

        Raises NotThere for an unknown token and for a conversation that has ended: one answer, so that a token found
        later does not tell that somebody wrote.
        """
        found = await self._talks.visitor(find_visitor(token))
        if found is None:
            raise NotThere
        conversation, copy = found
        try:
            talk_key = open_visitor_copy(copy, token)
        except SealBroken:
            raise NotThere from None
        ((facts, sealed),) = await self._talks.glance([conversation])
        if facts is None or facts.is_over:
            raise NotThere
        if sealed is None or sealed.find != find_visitor(token):
            # She came back by her number: from that breath on her earlier page opens nothing, its copy deleted or not.
            raise NotThere
        return VisitorTalk(conversation, talk_key, token, facts)

    async def is_still_hers(self, talk: VisitorTalk) -> bool:
        """Whether an open page is still the conversation's own. Its end is told otherwise."""
        ((facts, sealed),) = await self._talks.glance([talk.id])
        return facts is None or facts.is_over or sealed is None or sealed.find == find_visitor(talk.token)

    async def conversation_for_advocate(self, signed: Signed, conversation: bytes) -> DeskTalk:
        """The conversation this advocate holds, or has ended and may still read.

        Raises NotThisDesk when there is none, when it is another's and when she lacks the key: one answer. Raises
        EmberLost while it is hers but nothing in the house can open it.
        """
        owner = await self._desk.owner(conversation)
        facts = await self._talks.facts(conversation)
        if owner is None or facts is None or facts.standing not in ("talking", "ended"):
            raise NotThisDesk
        if owner.staff_id != signed.staff_id or facts.owner != signed.staff_id or facts.fence != owner.fence:
            raise NotThisDesk
        return await self.opened(signed, conversation, owner.fence)

    async def conversation_at_desk(self, signed: Signed, conversation: bytes) -> DeskTalk:
        """The conversation as it is this advocate's: held, to be read after its end, or let read."""
        try:
            return await self.conversation_for_advocate(signed, conversation)
        except NotThisDesk:
            return await self.conversation_for_reader(signed, conversation)

    async def conversation_offered(self, signed: Signed, conversation: bytes, offer: Offer) -> DeskTalk:
        """For what is told of an offer: its note and its card. Raises NotThisDesk for one that is not for her.

        It stands for as long as the one who made it holds the conversation under the fence she had then.
        """
        owner = await self._desk.owner(conversation)
        if owner is None or (owner.staff_id, owner.fence) != (offer.from_, offer.fence):
            raise NotThisDesk
        if not offer.is_for(signed.staff_id):
            raise NotThisDesk
        return await self._read_only(signed, conversation, offer.fence)

    async def conversation_for_reader(self, signed: Signed, conversation: bytes) -> DeskTalk:
        """The conversation she was let read, to have it next. Raises NotThisDesk, EmberLost as for an owner."""
        facts = await self._talks.facts(conversation)
        if facts is None or facts.standing == "erased":
            raise NotThisDesk
        guest = await self.people.guests.of(conversation)
        if guest is not None and guest.since and guest.person == signed.staff_id:
            return await self.conversation_for_guest(signed, conversation)
        if await self.people.reads_as(conversation, signed.staff_id):
            return await self.conversation_to_watch(signed, conversation)
        if not await self.people.may_read(conversation, signed.staff_id, fence=facts.fence):
            raise NotThisDesk
        return await self._read_only(signed, conversation, facts.fence)

    async def conversation_for_guest(self, signed: Signed, conversation: bytes) -> DeskTalk:
        """The conversation her yes let this person into, from that number on; its notes are not in the keys.

        Raises NotThisDesk for all others alike, and once the private half is gone.
        """
        facts, guest = await self._talks.facts(conversation), await self.people.guests.of(conversation)
        if facts is None or facts.is_over or guest is None:
            raise NotThisDesk
        try:
            let_in(conversation, signed.staff_id, guest.person if guest.since else b"")
        except MayNotLeave:
            raise NotThisDesk from None
        private = await self.people.guests.private(conversation, guest.public)
        if private is None:
            raise NotThisDesk
        try:
            talk_key = open_guest_copy(guest.copy, private, conversation, guest.person)
        except SealBroken:
            raise NotThisDesk from None
        keys_of_his = ConversationKeys.regrown(talk_key)
        alias, since = signed.alias, guest.since
        return DeskTalk(conversation, keys_of_his, b"", NO_FENCE, guest.person, alias, facts, role="guest", since=since)

    async def conversation_to_watch(self, signed: Signed, conversation: bytes) -> DeskTalk:
        """One that a colleague holds, to read along. Whoever opens it tells its visitor before anybody reads."""
        talk = await self.opened(signed, conversation, NO_FENCE)
        if not signed.may(Right.WATCH_CHATS) or talk.facts.standing != "talking":
            raise NotThisDesk
        return replace(talk, role=await self.people.reads_as(conversation, signed.staff_id) or "watcher")

    async def may_still_have(self, talk: DeskTalk) -> bool:
        """Whether what was opened at a desk is still that desk's: held, to be read after its end, or let read."""
        if talk.role == "guest":
            facts, guest = await self._talks.facts(talk.id), await self.people.guests.of(talk.id)
            is_in = guest is not None and (guest.person, guest.since) == (talk.staff_id, talk.since)
            return is_in and facts is not None and not facts.is_over
        if talk.role in ("watcher", "joined"):
            facts = await self._talks.facts(talk.id)
            is_open = facts is not None and not facts.is_over
            return is_open and await self.people.reads_as(talk.id, talk.staff_id) != ""
        if talk.role == "next":
            facts = await self._talks.facts(talk.id)
            return facts is not None and await self.people.may_read(talk.id, talk.staff_id, fence=facts.fence)
        return holds(talk, await self._desk.owner(talk.id))

    async def _read_held(self) -> list[Held]:
        conversations = await self._desk.held_now()
        marks, owners = await self.people.marks(conversations), await self._desk.owners(conversations)
        return [Held(*each) for each in zip(conversations, marks, owners, strict=True)]

    async def _read_only(self, signed: Signed, conversation: bytes, fence: int) -> DeskTalk:
        talk = await self.opened(signed, conversation, NO_FENCE)
        if talk.facts.standing != "talking" or talk.facts.fence != fence:
            raise NotThisDesk
        return replace(talk, role="next")

    async def opened(self, signed: Signed, conversation: bytes, fence: int) -> DeskTalk:
        """Open the staff copy for one whose right to it (a take's fence) has just been decided."""
        facts = await self._talks.facts(conversation)
        sealed = await self._talks.sealed(conversation)
        if facts is None or sealed is None:
            raise NotThisDesk
        ember = await self._embers.get(keys.ember(conversation))
        if ember is None:
            raise EmberLost
        try:
            opened = open_staff_copy(sealed.staff_copy, ember, signed.compartment_keys("chat"), conversation)
        except KeyMissing:
            raise NotThisDesk from None
        except SealBroken:
            # A copy under an ember that was lost: the page that knows the words plants a new one.
            raise EmberLost from None
        tongue, reads = signed.tongue, signed.languages
        person = signed.staff_id, signed.alias
        return DeskTalk(conversation, opened, ember, fence, *person, facts, tongue=tongue, reads=reads)


def holds(talk: DeskTalk, owner: Owner | None) -> bool:
    """Whether what was opened by an owner is still hers: under the fence of her take."""
    return owner is not None and (owner.staff_id, owner.fence) == (talk.staff_id, talk.fence)
