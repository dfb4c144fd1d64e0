"""Lets a third person read and write from the visitor's yes on: she is asked by a card, and her tap decides."""

from dataclasses import replace
from typing import Final

from chat.cards import GUEST_YES, GuestAs
from chat.conversation import DeskTalk, VisitorTalk
from chat.message import NOBODY, Body, Entry, Kind, Message, seal_words
from chat.refusals import NotThisDesk
from chat.relay import Relay
from chat.store.guests import Guest
from portal.ids import random_id
from portal.staff.sessions.session import Signed
from portal.vault.guests import guest_copy, guest_pair
from portal.vault.sealing import sub

# In the audit: who was a guest and on which day, never in which conversation.
BEGAN: Final = "guest.began"
ENDED: Final = "guest.ended"


class Guests:
    """The acts around a guest, each right to be asked again. Every act raises `ValkeyAway`.

    Why it is done like this stands in docs/decisions/0013.
    """

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._store = relay.access.people.guests

    async def ask(self, talk: DeskTalk, person: bytes, alias: str, as_: GuestAs, key: bytes, after: int) -> int:
        """Ask her whether this person may join, under the fence of the take. Answers the number of the card.

        Raises NotThisDesk while another guest is there, and for somebody who reads it already; ConversationOver.
        """
        if person == talk.staff_id:
            raise NotThisDesk
        entry = Entry("advocate", talk.staff_id, key, "card", after, b"")
        card = seal_words(talk.id, talk.keys.talk, entry, Body(as_, talk.alias, said=alias))
        now_ms = self._relay.now_ms()
        return await self._store.ask(talk.id, card, person, guest_pair(), fence=talk.fence, now_ms=now_ms)

    async def decide(self, talk: VisitorTalk, asked: Message, choice: str, key: bytes, after: int) -> int:
        """Her answer; the latest counts, until the end. Answers its number.

        Her yes seals the conversation's key to the guest, here, where her token has opened it. Raises NotThisDesk for a
        yes to somebody who left or was sent away, or in whose place another was named; DatabaseAway for a yes that
        cannot be written down, which lets nobody in. Her no waits for nothing.
        """
        guest = await self._store.of(talk.id)
        if guest is None or guest.card != asked.seq:
            guest = Guest(NOBODY, 0, asked.seq, b"", b"")  # her no stands as a tap, and turns nothing
        is_yes = choice == GUEST_YES
        if is_yes and not guest.public:
            raise NotThisDesk
        tap = Entry("visitor", NOBODY, key, "tap", after, b"")
        line = _line(
            talk.id,
            talk.talk_key,
            guest,
            asked.said,
            "guest" if is_yes else "guest_gone",
            sub(talk.talk_key, "guest", key)[:16],
        )
        copy = guest_copy(talk.talk_key, guest.public, talk.id, guest.person) if is_yes else b""
        sealed = seal_words(talk.id, talk.talk_key, tap, Body(choice, of=asked.seq))
        if is_yes and not guest.since:
            await self._relay.journal.write(BEGAN, guest.person)
        seq, standing, turned = await self._store.decide(talk.id, guest, sealed, line, copy, self._relay.now_ms())
        if standing == "waiting":
            await self._relay.offer(talk)
        # His desk is shown that he may come in, or not any more.
        await self._relay.desk.row_changed()
        if turned and not is_yes:
            await self._relay.journal.write_if_it_can(ENDED, guest.person)
        return seq

    async def come_in(self, signed: Signed, conversation: bytes) -> DeskTalk:
        """It is open to him, from her yes on, under the name she said yes to. Raises NotThisDesk."""
        talk = await self._relay.access.conversation_for_guest(signed, conversation)
        guest = await self._store.of(conversation)
        return replace(talk, alias=await self._named(talk, guest) if guest else talk.alias)

    async def leave(self, talk: DeskTalk) -> None:
        """He reads no more, by his own wish; she is told. Said twice it is said once."""
        guest = await self._store.of(talk.id)
        if guest is not None and guest.person == talk.staff_id:
            await self._gone(talk, guest, None)

    async def send_away(self, talk: DeskTalk) -> None:
        """Whoever holds it sends the guest away, or takes the question back. Raises NotThisDesk where there is none."""
        guest = await self._store.of(talk.id)
        if guest is None:
            raise NotThisDesk
        await self._gone(talk, guest, talk.fence)

    async def _gone(self, talk: DeskTalk, guest: Guest, fence: int | None) -> None:
        alias = await self._named(talk, guest)
        line = _line(talk.id, talk.keys.talk, guest, alias, "guest_gone", random_id())
        was_in = await self._store.send_away(talk.id, guest, line, fence)
        await self._relay.desk.row_changed()
        if was_in:
            await self._relay.journal.write_if_it_can(ENDED, guest.person)

    async def _named(self, talk: DeskTalk, guest: Guest) -> str:
        entry = await self._relay.talks.at(talk.id, guest.card)
        return "" if entry is None else self._relay.read(talk, guest.card, entry).said


def _line(conversation: bytes, talk_key: bytes, guest: Guest, alias: str, kind: Kind, key: bytes) -> Entry:
    return seal_words(conversation, talk_key, Entry("advocate", guest.person, key, kind, 0, b""), Body("", alias))
