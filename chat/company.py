"""Lets a supervisor read along: the script that grants it is the one that tells the visitor, and so is its end."""

from collections.abc import Awaitable, Callable

from chat.conversation import DeskTalk
from chat.message import Body, Entry, read_text, seal_staff_note, seal_words
from chat.protocol.company import Watchable
from chat.refusals import NotThisDesk
from chat.relay import Relay
from portal.ids import to_text
from portal.staff.rights import Right
from portal.staff.session import Signed

Called = Callable[[bytes], Awaitable[str]]


class Company:
    """The acts of whoever reads along, each right to be asked again. Every act raises `ValkeyAway`."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._people = relay.access.people

    async def watchable(self, signed: Signed, called: Called) -> tuple[Watchable, ...]:
        """What colleagues hold now, for one who may watch; nothing of it is opened."""
        if not signed.may(Right.WATCH_CHATS):
            return ()
        rows = []
        for conversation in await self._relay.desk.held_now():
            owner = await self._relay.desk.owner(conversation)
            if owner is None or owner.staff_id == signed.staff_id:
                continue
            is_watched = await self._people.is_watching(conversation, signed.staff_id)
            name = await called(owner.staff_id)
            rows.append(Watchable(conversation=to_text(conversation), by=name, watched=is_watched))
        return tuple(rows)

    async def watch(self, signed: Signed, conversation: bytes, key: bytes) -> DeskTalk:
        """She reads along from here on, and the visitor is told in the same breath. Raises NotThisDesk, EmberLost."""
        talk = await self._relay.access.conversation_to_watch(signed, conversation)
        entry = self._entry(talk, "watched", key)
        if not await self._people.watch(conversation, entry, signed.staff_id):
            raise NotThisDesk
        return await self._relay.access.conversation_for_reader(signed, conversation)

    async def stop(self, talk: DeskTalk, key: bytes) -> None:
        """She reads no more, and the visitor is told so."""
        await self._people.stop_watching(talk.id, self._entry(talk, "unwatched", key), talk.staff_id)

    async def whisper(self, talk: DeskTalk, text: str, key: bytes, after: int) -> int:
        """A note to the one who holds it, from one who reads along. Answers its number. Raises NotThisDesk."""
        entry = Entry("advocate", talk.staff_id, key, "words", after, b"")
        sealed = seal_staff_note(talk.id, talk.keys.staff, entry, Body(read_text(text), talk.alias))
        return await self._people.whisper(talk.id, sealed)

    def _entry(self, talk: DeskTalk, kind: str, key: bytes) -> Entry:
        entry = Entry("advocate", talk.staff_id, key, "watched" if kind == "watched" else "unwatched", 0, b"")
        return seal_words(talk.id, talk.keys.talk, entry, Body("", talk.alias))
