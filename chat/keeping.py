"""Keeps words beyond a conversation, by agreement only: asked for word for word, and her yes is what keeps them.

Her page is shown the very words and for how long; her yes writes, in one step, that they are kept and what is kept,
sealed to the records already. Until the end her no takes it back. When the conversation is erased, they are moved into
the records; that step may be done again after a kill. Nothing else moves words of a conversation anywhere.
"""

from datetime import timedelta
from typing import Final

import msgspec

from chat.cards import KEEP, KEEP_YES
from chat.conversation import DeskTalk, VisitorTalk
from chat.message import NOBODY, Body, Entry, Message, read_text, seal_words
from chat.store.kept import KeptStore
from chat.store.talk import LASTS, TalkStore
from portal.ids import random_id
from portal.records.entries import Account, Sealed
from portal.services import Services
from portal.vault.sealing import sub

KIND: Final = "kept"


class Keeping:
    """The one function that keeps. Every act raises `ValkeyAway` when the store does not answer."""

    def __init__(self, services: Services) -> None:
        self._store = KeptStore(services.durable)
        self._talks = TalkStore(services.durable)
        self.entries = services.entries
        self._clock = services.clock
        self._services = services

    async def ask(self, talk: DeskTalk, text: str, key: bytes, after: int) -> int:
        """Ask her whether these very words may be kept, under the fence of the take. Answers the question's number."""
        entry = Entry("advocate", talk.staff_id, key, "card", after, b"")
        body = Body(KEEP, talk.alias, said=read_text(text), days=self._services.now.kept_days)
        sealed = seal_words(talk.id, talk.keys.talk, entry, body)
        return (await self._talks.append(talk.id, sealed, now_ms=self._now_ms(), fence=talk.fence)).seq

    async def decide(self, talk: VisitorTalk, asked: Message, choice: str, key: bytes, after: int) -> tuple[int, str]:
        """Her answer. Yes keeps what the question said, no keeps nothing or takes it back; the latest counts.

        Answers the number of the answer, and the state the conversation had. Raises DatabaseAway for a yes: what could
        not be sealed is not agreed to either.
        """
        is_yes = choice == KEEP_YES
        tap = Entry("visitor", NOBODY, key, "tap", after, b"")
        line = Entry("system", NOBODY, sub(talk.talk_key, "kept", key)[:16], "kept" if is_yes else "unkept", after, b"")
        return await self._store.decide(
            talk.id,
            asked.seq,
            seal_words(talk.id, talk.talk_key, tap, Body(choice, of=asked.seq)),
            seal_words(talk.id, talk.talk_key, line, Body("", asked.name, of=asked.seq)),
            await self._sealed(asked) if is_yes else b"",
            now_ms=self._now_ms(),
            lasts_ms=int(LASTS.total_seconds() * 1000),
        )

    async def move(self, conversation: bytes) -> None:
        """Put into the records what was agreed on, once, however often it is tried. Raises DatabaseAway."""
        waiting = await self._store.waiting(conversation)
        for each in waiting:
            await self.entries.put(msgspec.msgpack.decode(each, type=Sealed))
        if waiting:
            await self._store.drop(conversation)

    async def _sealed(self, asked: Message) -> bytes:
        until = (self._clock.now() + timedelta(days=asked.days)).date().isoformat()
        account = Account(about=KIND, words=asked.said, by=asked.name, at_ms=self._now_ms())
        return msgspec.msgpack.encode(await self.entries.seal(KIND, account, row=random_id(), until=until))

    def _now_ms(self) -> int:
        return int(self._clock.now().timestamp() * 1000)
