"""Tells one side of a conversation everything it may hear, in order, each number once.

One rule, whichever way a message came in: the next number is told at once, a known one is dropped, and anything else is
a gap, healed from the stream. A new or broken subscription is a gap too.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final

from chat.conversation import DeskTalk, Facts, VisitorTalk
from chat.message import Entry, Message
from chat.own_words import OwnWords
from chat.relay import Relay, Words
from chat.roused import Roused
from chat.store import keys
from chat.store.talk import PAGE
from portal.store.channels import Channels, Gap, Heard, Listener
from portal.store.valkey import ValkeyAway

Tell = Callable[[Message], Awaitable[None]]
# Whether it could be told without waiting; if not, nothing was.
TellNow = Callable[[Message], bool]
Sign = Callable[[str], Awaitable[None]]

VISITOR_TYPES: Final = "t"
ADVOCATE_TYPES: Final = "a"
CARD: Final = "c"
LINE: Final = "l"
EMBER: Final = "e"
ERASED: Final = "x"
BACK: Final = "b"
COVER: Final = "v"

AGAIN_AFTER_S: Final = 0.3
LISTENS: Final = 256


class Feed:
    """The messages, and for a desk the notes, of one conversation from a given number on."""

    def __init__(
        self,
        relay: Relay,
        channels: Channels,
        talk: VisitorTalk | DeskTalk,
        *,
        last: int,
        tell: Tell,
        sign: Sign,
        last_note: int = 0,
        tell_note: Tell | None = None,
        tell_now: TellNow | None = None,
    ) -> None:
        self._relay = relay
        self._channels = channels
        self._talk = talk
        self._tell = tell
        self._sign = sign
        self._tell_note = tell_note
        self.last = max(last, talk.since if isinstance(talk, DeskTalk) else 0)
        self.last_note = last_note
        # Of a line whose page counts its own words; every other is told them.
        self.own: OwnWords | None = None
        # Told of each number as it has passed here, told or not; costs next to nothing.
        self.passed: Callable[[], None] | None = None
        self._tell_now = tell_now
        self._one_at_a_time = asyncio.Lock()
        self._hearing = Roused(self._hear_all)
        self._listener: Listener | None = None

    def begin(self, tasks: asyncio.TaskGroup) -> None:
        """Listen from here on. What is heard is told by a task of this group: it has one only while there is something.

        That raises `ListenerFull` when the socket behind `tell` cannot keep up.
        """
        channels = [keys.talk_channel(self._talk.id)]
        if self._tell_note is not None:
            channels.append(keys.staff_channel(self._talk.id))
        self._hearing.live_in(tasks)
        self._listener = self._channels.enter(*channels, size=LISTENS, rouse=self._hearing.want)
        self._listener.at_once = self._hear_at_once

    def end(self) -> None:
        """Listen no more."""
        if self._listener is not None:
            self._channels.leave(self._listener)
            self._listener = None
        self._hearing.stop()

    async def catch_up(self) -> None:
        """Tell everything after the last number told; with the store away, wait for it."""
        async with self._one_at_a_time:
            await self._catch_up_words()
            if isinstance(self._talk, DeskTalk):
                await self._catch_up_notes(self._talk)

    async def look(self) -> None:
        """Heal silently what no subscription told of: a number is there that was never told."""
        facts = await self._relay.talks.facts(self._talk.id)
        if facts is not None:
            await self.heal(facts)

    async def heal(self, facts: Facts) -> None:
        """The same, with the facts at hand."""
        if facts.seq > self.last or (self._tell_note and facts.notes > self.last_note):
            await self.catch_up()

    def _hear_at_once(self, heard: Heard) -> bool:
        """The next words where nothing else is under way and the page takes them now: nobody is woken for them."""
        number, _, packed = heard.payload.partition(b" ")
        if number != b"m%d" % (self.last + 1) or self._one_at_a_time.locked() or not self._hearing.is_idle:
            return False
        seq = self.last + 1
        if self.own is None or not self.own.passes(seq, packed):
            if self._tell_now is None or (self.own is not None and self.own.is_owed):
                return False
            try:
                message = self._relay.read(self._talk, seq, Entry.unpack(packed))
                if message.kind != "words" or not self._tell_now(message):
                    return False
            except Exception:
                # In its turn it is this line's own trouble, here it would be everybody's who hears.
                return False
        self._passes(seq)
        return True

    async def _hear_all(self) -> None:
        while self._listener is not None and (heard := self._listener.take()) is not None:
            if isinstance(heard, Gap):
                await self.catch_up()
            else:
                await self._hear(heard.channel, heard.payload)

    async def _hear(self, channel: bytes, payload: bytes) -> None:
        mark = payload[:1].decode("ascii", "replace")
        if mark not in ("m", "n"):
            await self._sign(mark)
            return
        if mark == "n" and (self._tell_note is None or channel != keys.staff_channel(self._talk.id)):
            return
        number, _, packed = payload[1:].partition(b" ")
        seq = int(number)
        async with self._one_at_a_time:
            if mark == "m":
                if seq <= self.last:
                    return
                if seq == self.last + 1:
                    if self.own is not None:
                        if self.own.passes(seq, packed):
                            self._passes(seq)
                            return
                        await self.own.settle()
                    await self._told(self._relay.read(self._talk, seq, Entry.unpack(packed)))
                    return
                await self._catch_up_words()
            elif isinstance(self._talk, DeskTalk) and seq > self.last_note:
                await self._catch_up_notes(self._talk)

    async def _catch_up_words(self) -> None:
        if self.own is not None:
            await self.own.settle()
        while True:
            words = await self._asked(lambda: self._relay.since(self._talk, self.last))
            for message in words.messages:
                await self._told(message)
            if self.own is not None:
                self.own.passed(self.last)
            if len(words.messages) < PAGE:
                return

    async def _catch_up_notes(self, talk: DeskTalk) -> None:
        if self._tell_note is None:
            return
        while True:
            words = await self._asked(lambda: self._relay.notes_since(talk, self.last_note))
            for note in words.messages:
                await self._tell_note(note)
            if words.last == self.last_note:
                return
            self.last_note = words.last

    async def _asked(self, ask: Callable[[], Coroutine[Any, Any, Words]]) -> Words:
        while True:
            try:
                return await ask()
            except ValkeyAway:
                await asyncio.sleep(AGAIN_AFTER_S)

    async def _told(self, message: Message) -> None:
        await self._tell(message)
        self._passes(message.seq)

    def _passes(self, seq: int) -> None:
        self.last = seq
        if self.passed is not None:
            self.passed()
