"""Puts the record of a conversation into the book when nobody has finished it: as far as it was known, else Unknown."""

import asyncio
import logging
from contextlib import suppress
from datetime import datetime
from typing import Final

import msgspec

from chat.conversation import HOUSE, Facts
from chat.store.records import WRITTEN, RecordStore
from portal.errors import PorchlightError
from portal.records.contact import ContactRecord, band_of, blank
from portal.records.contacts import Sealed
from portal.services import Services

WITHIN_S: Final = 5.0  # nothing that is forgotten waits longer for what is remembered
MINUTE_MS: Final = 60_000

_log = logging.getLogger("porchlight.chat.records")


class Unrecorded:
    """The last word on every conversation that somebody held. Raises `ValkeyAway` where nothing else is said."""

    def __init__(self, services: Services) -> None:
        self.store = RecordStore(services.durable)
        self.contacts = services.contacts
        self._doors = services.doors
        self._clock = services.clock

    async def counted(self, facts: Facts) -> ContactRecord:
        """A record of what stands in clear alone: when, how long, how it ended."""
        ends_ms = facts.ended_ms or int(self._clock.now().timestamp() * 1000)
        # By the clock of the house: a band of hours is of its day, not of this machine's.
        arrived = datetime.fromtimestamp(facts.arrived_ms / 1000, (await self._doors.doors()).clock)
        return msgspec.structs.replace(
            blank("chat"),
            hours=band_of(arrived.hour),
            minutes=max(1, round((ends_ms - facts.arrived_ms) / MINUTE_MS)),
            how=facts.how,
        )

    async def keep(self, conversation: bytes, record: ContactRecord, *, row: bytes = b"") -> None:
        """Seal it, to go into the book as it is unless it is finished before. Raises PorchlightError."""
        sealed = await self.contacts.seal(record, row=row)
        await self.store.keep(conversation, msgspec.msgpack.encode(sealed))

    async def before_erasing(self, conversation: bytes, facts: Facts | None) -> None:
        """Where a desk never saw the end: what stands in clear, while it still does. Nothing waits for it for long."""
        if facts is None or facts.owner in (b"", HOUSE):
            return  # nobody held it, or the house talked with itself
        with suppress(TimeoutError):
            async with asyncio.timeout(WITHIN_S):
                try:
                    if await self.store.read(conversation) is None:
                        sealed = await self.contacts.seal(await self.counted(facts))
                        await self.store.keep(conversation, msgspec.msgpack.encode(sealed), first=True)
                except PorchlightError as error:
                    _log.error("contact_not_recorded error=%s", type(error).__name__)

    async def move(self, conversation: bytes) -> None:
        """Into the book with it, once, however often it is tried. Raises DatabaseAway."""
        kept = await self.store.read(conversation)
        if kept is None:
            return
        if kept != WRITTEN:
            await self.contacts.put(msgspec.msgpack.decode(kept, type=Sealed))
        await self.store.drop(conversation)
