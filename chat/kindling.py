"""Brings a lost ember back from whoever still knows the words: a desk that holds the keys, or the visitor's page.

The store of embers has no disk, so a killed one comes back empty. A socket that is open keeps the ember of its
conversation in memory and plants the same one again. After a power cut only the visitor's token is left: it gives
the talk key back, and a new ember and a new staff copy are made; the notes are gone with the old staff key.
"""

import asyncio
from typing import Final

from chat.conversation import Facts
from chat.ember_watch import EmberWatch
from chat.refusals import ConversationOver
from chat.store import keys
from chat.store.talk import LASTS, TalkStore
from portal.errors import Away
from portal.ids import random_key
from portal.staff.keys.ledger import StatementBook
from portal.store.embers import Embers
from portal.vault.conversations import ConversationKeys, staff_copy
from portal.vault.errors import SealBroken
from portal.vault.sealing import open_box

LOOKS: Final = 10
LOOK_EVERY_S: Final = 0.1  # a desk that hears the question answers in a few milliseconds; a second is patience enough


class Kindling:
    """Plants embers and staff copies. Every method raises `ValkeyAway` when a store does not answer."""

    def __init__(self, talks: TalkStore, embers: Embers, ledger: StatementBook) -> None:
        self._talks = talks
        self._embers = embers
        self._ledger = ledger
        self.watch = EmberWatch(embers)

    async def begin(self, conversation: bytes) -> tuple[ConversationKeys, bytes, bytes]:
        """New keys, a new ember and the staff copy that joins them; nothing is written yet."""
        both, ember = ConversationKeys.new(), random_key()
        version, public = await self._chat_compartment()
        return both, ember, staff_copy(both, ember, public, version, conversation)

    async def light(self, conversation: bytes, ember: bytes) -> None:
        """Plant the first ember of a conversation."""
        await self._embers.put(keys.ember(conversation), ember, LASTS)

    async def tend(self, conversation: bytes, talk_key: bytes, staff_key: bytes | None, known: bytes | None) -> bytes:
        """Make sure ember and staff copy are there and belong together; answers the ember.

        `known` is the ember as the caller last saw it, `staff_key` what a desk holds (None for a visitor's page).
        Raises ConversationOver when the conversation is erased: then nothing is planted.
        """
        ember = await self._embers.get(keys.ember(conversation))
        if ember is None:
            ember = await self._plant_ember(conversation, known)
        if ember != known and not (staff_key is None and await self._copy_opens(conversation, ember)):
            await self._plant_copy(conversation, ConversationKeys(talk_key, staff_key or random_key()), ember)
        return ember

    async def ask_others(self, conversation: bytes) -> None:
        """Ask every open page and desk of this conversation to plant its ember again."""
        await self._talks.whisper(keys.talk_channel(conversation), b"e")

    async def _plant_ember(self, conversation: bytes, known: bytes | None) -> bytes:
        _living(await self._talks.facts(conversation))
        if known is None:
            # A desk that still holds the old ember goes first: with it the notes live on.
            found = await self._from_others(conversation)
            if found is not None:
                return found
        ember = known or random_key()
        name = keys.ember(conversation)
        if not await self._embers.put_new(name, ember, LASTS):
            there = await self._embers.get(name)
            if there is None:
                raise Away
            ember = there
        # Looked at again: an erasing that began meanwhile has deleted the ember once and would not come back for this.
        facts = await self._talks.facts(conversation)
        if facts is None or facts.standing == "erased":
            await self._embers.quench(name)
            raise ConversationOver
        return ember

    async def _from_others(self, conversation: bytes) -> bytes | None:
        await self.ask_others(conversation)
        for _ in range(LOOKS):
            await asyncio.sleep(LOOK_EVERY_S)
            ember = await self._embers.get(keys.ember(conversation))
            if ember is not None:
                return ember
        return None

    async def _copy_opens(self, conversation: bytes, ember: bytes) -> bool:
        sealed = await self._talks.sealed(conversation)
        if sealed is None:
            return False
        try:
            open_box(ember, "staff-copy", sealed.staff_copy, conversation)
        except SealBroken:
            return False
        return True

    async def _plant_copy(self, conversation: bytes, both: ConversationKeys, ember: bytes) -> None:
        version, public = await self._chat_compartment()
        if not await self._talks.plant_copy(conversation, staff_copy(both, ember, public, version, conversation)):
            raise ConversationOver

    async def _chat_compartment(self) -> tuple[int, bytes]:
        # Only from the signed book: a row could name anybody's key.
        version, public = (await self._ledger.current()).compartment("chat")
        return version, public


def _living(facts: Facts | None) -> None:
    if facts is None or facts.standing == "erased":
        raise ConversationOver
