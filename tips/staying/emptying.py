"""Lets the words of a tip go and keeps its number: a new, empty thread under a name and keys of its own.

Nothing is moved over but the way in. The old tip is erased as every tip is, tombstone and all, so whatever proves that
a tip is gone proves it of these words too, and no backup brings them back.
"""

from datetime import UTC, datetime, time
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from portal.ids import random_id, random_key
from portal.services import Services
from portal.vault import tip_desk, tips as vault
from portal.vault.tip_channels import seal_channel
from portal.vault.tips import TipKeys
from tips import parts, store
from tips.staying.clock import monday
from tips.staying.rows import Number
from tips.tip import Card, Child, Path, ReceiptState, Status, Urgency

# What nobody says any more: which language, how near, how urgent.
UNSAID: Final = ""


class Emptying:
    """Makes empty threads. Needs public keys alone: nobody has to be signed in."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def keep_open(self, connection: AsyncConnection, number: Number) -> None:
        """Let a number whose tip is erased in this transaction open an empty thread.

        Raises SealBroken where the key beside the number is none that this house marked: then the number ends too.
        """
        tip_id, keys = random_id(), TipKeys.new()
        peppers = self._services.staff.folder.peppers()
        copy = seal_channel(number.channel, number.find, tip_id, keys, peppers.values())
        await store.insert_tip(connection, await self._empty(tip_id, keys, peppers[max(peppers)]), [])
        kept = store.StoredReceipt(number.find, number.pepper, None, number.channel, copy)
        await store.keep_receipt(connection, tip_id, kept)

    async def _empty(self, tip_id: bytes, keys: TipKeys, pepper: bytes) -> store.SealedTip:
        ledger = await self._services.staff.ledger.current()
        tips_version, tips_public = ledger.compartment("tips")
        names_version, names_public = ledger.compartment("names")
        copies = vault.staff_copies(
            keys,
            tip_id,
            tips_public=tips_public,
            tips_version=tips_version,
            names_public=names_public,
            names_version=names_version,
            pepper=pepper,
        )
        # The Monday, for all that were emptied in a week: which day it was says nothing anybody needs.
        day = monday(self._services.clock.now().date())
        card = Card(UNSAID, Path.UNSAID, Urgency.UNSAID, Child.UNSAID, None, datetime.combine(day, time(), UTC))
        return store.SealedTip(
            id=tip_id,
            day=day.isoformat(),
            status=Status.CLOSED,
            receipt=ReceiptState.MADE,
            card=parts.seal_card(keys.words, tip_id, card),
            words_copy=copies.words,
            names_copy=copies.names,
            desk_copy=tip_desk.desk_copy(
                random_key(), tip_id, tips_public=tips_public, tips_version=tips_version, pepper=pepper
            ),
        )
