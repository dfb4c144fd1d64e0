"""Lets a supervisor read along, and then write: the script that grants it tells the visitor, and so does its end."""

from dataclasses import replace
from typing import Final

from chat.aliases import Called
from chat.calls import Calls
from chat.conversation import DeskTalk
from chat.message import Body, Entry, Kind, read_text, seal_staff_note, seal_words
from chat.protocol.company import Watchable
from chat.refusals import NotThisDesk
from chat.relay import Relay
from chat.store import keys
from chat.store.people import mark_of
from portal.ids import random_id, to_text
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed

LOOKED_CHANNEL: Final = keys.LOOKED_CHANNEL  # hears whose other windows have something new to be told
# In the audit: by whom and on which day, never in which conversation.
BEGAN: Final = "watch.began"
ENDED: Final = "watch.ended"
LAPSED: Final = "watch.lapsed"


class Company:
    """The acts of whoever reads along, each right to be asked again. Every act raises `ValkeyAway`."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._people = relay.access.people
        self._beside = relay.access.people.beside

    async def watchable(self, signed: Signed, called: Called, calls: Calls) -> tuple[Watchable, ...]:
        """What colleagues hold now and this person may open: to read along, or as a guest; nothing of it is opened."""
        rows, may_watch = [], signed.may(Right.WATCH_CHATS)
        held = await self._relay.access.held.get()
        called_for = await calls.of([each.conversation for each in held]) if may_watch else {}
        for each in held:
            conversation, owner, mark = each.conversation, each.owner, mark_of(signed.staff_id, each.marks)
            is_guest = mark.startswith(b"g")
            if not is_guest and (not may_watch or mark == b"s"):
                continue
            if owner is None or owner.staff_id == signed.staff_id:
                continue
            rows.append(
                Watchable(
                    conversation=to_text(conversation),
                    by=await called(owner.staff_id),
                    watched=mark[:1] in (b"w", b"j"),
                    danger="danger" in called_for.get(conversation, ()),
                    help="help" in called_for.get(conversation, ()),
                    unanswered="unanswered" in called_for.get(conversation, ()),
                    guest=is_guest,
                )
            )
        return tuple(rows)

    async def watch(self, signed: Signed, conversation: bytes, key: bytes) -> DeskTalk:
        """She reads along from here on, and the visitor is told in the same breath. Raises NotThisDesk, EmberLost.

        Written down first, or not done: with the database away nobody reads along unseen. Raises DatabaseAway.
        """
        talk = await self._relay.access.conversation_to_watch(signed, conversation)
        if await self._people.sent_away.is_barred(conversation, signed.staff_id):
            raise NotThisDesk
        if not await self._people.reads_as(conversation, signed.staff_id):
            await self._relay.journal.write(BEGAN, signed.staff_id)
        await self._people.watching.begin(conversation, signed.staff_id, self._relay.now_ms())
        entry, later = self._entry(talk, "watched", key), random_id()
        read, wrote = self._entry(talk, "unwatched", later), self._entry(talk, "went", later)
        if not await self._people.watch(conversation, entry, read, wrote, signed.staff_id):
            await self._people.watching.end(conversation, signed.staff_id)
            raise NotThisDesk
        return await self._relay.access.conversation_for_reader(signed, conversation)

    async def join(self, talk: DeskTalk, key: bytes) -> DeskTalk:
        """One who reads along writes as well from here on; told in the same breath. Raises NotThisDesk.

        Whoever holds it holds it as before: its fence and its lease know nothing of this.
        """
        if not await self._beside.enter(talk.id, self._entry(talk, "entered", key)):
            raise NotThisDesk
        return replace(talk, role="joined")

    async def says(self, talk: DeskTalk, text: str, key: bytes, after: int) -> int:
        """Words of one who joined, under her own alias. Answers their number. Raises NotThisDesk, ConversationOver."""
        entry = Entry("advocate", talk.staff_id, key, "words", after, b"")
        sealed = seal_words(talk.id, talk.keys.talk, entry, Body(read_text(text), talk.alias))
        return await self._beside.say(talk.id, sealed, self._relay.now_ms())

    async def stop(self, talk: DeskTalk, key: bytes) -> None:
        """She reads no more, nor writes, and the visitor is told which of both it was."""
        await self.note_stopped(talk, await self.give_way(talk, key))

    async def give_way(self, talk: DeskTalk, key: bytes) -> bool:
        """The same, left to be written down by `note_stopped`. False where she did not read along."""
        read, wrote = self._entry(talk, "unwatched", key), self._entry(talk, "went", key)
        return await self._people.stop_watching(talk.id, read, wrote, talk.staff_id)

    async def note_stopped(self, talk: DeskTalk, did: bool) -> None:
        """Write down that she stopped, if she `did`. Her clock goes first: what is written may be waited for."""
        await self._people.watching.end(talk.id, talk.staff_id)
        if did:
            await self._relay.journal.write_if_it_can(ENDED, talk.staff_id)

    async def lapse(self, conversation: bytes, person: bytes) -> None:
        """Her desk vanished: she reads no more, nor writes, and the visitor is told as if she had stopped."""
        if await self._people.watching.lapse(conversation, person):
            await self._relay.journal.write_if_it_can(LAPSED, person)
        await self._people.watching.end(conversation, person)

    async def looked(self, talk: DeskTalk, seq: int) -> None:
        """She has read it up to here: told to nobody but her own other windows and devices."""
        await self._people.looked.look(talk.id, talk.staff_id, seq)

    async def whisper(self, talk: DeskTalk, text: str, key: bytes, after: int) -> int:
        """A note to the one who holds it, from one who reads along. Answers its number. Raises NotThisDesk."""
        entry = Entry("advocate", talk.staff_id, key, "words", after, b"")
        sealed = seal_staff_note(talk.id, talk.keys.staff, entry, Body(read_text(text), talk.alias))
        return await self._people.whisper(talk.id, sealed)

    def _entry(self, talk: DeskTalk, kind: Kind, key: bytes) -> Entry:
        entry = Entry("advocate", talk.staff_id, key, kind, 0, b"")
        return seal_words(talk.id, talk.keys.talk, entry, Body("", talk.alias))
