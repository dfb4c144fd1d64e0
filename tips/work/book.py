"""Writes down what the desk does with a tip: entry, card and audit line stand or fall with the caller's transaction."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from portal.errors import PorchlightError
from portal.ids import random_key
from portal.services import Services
from portal.staff.sessions.session import Signed
from portal.staff.trail import audit
from portal.vault import tip_desk as vault
from portal.vault.sealing import seal_version
from tips import store
from tips.access import Doors, OpenTip
from tips.work import sealed
from tips.work.card import DeskCard
from tips.work.entries import LONGEST_TEXT, MOST_ENTRIES, Entry


class BookFull(PorchlightError):
    """So much was written about this tip that nothing more is."""

    phrase = "deskwork.error.full"
    status = 409


class Book:
    """What staff wrote about tips. A tip's own key for it is made when it is filed, or at the first act."""

    def __init__(self, services: Services, doors: Doors) -> None:
        self._services = services
        self._doors = doors

    async def write(
        self,
        connection: AsyncConnection,
        signed: Signed,
        tip: OpenTip,
        act: str,
        *,
        part: bytes,
        said: Mapping[str, str] | None = None,
        text: str = "",
        card: Callable[[DeskCard], DeskCard] | None = None,
        line: str | None = "",
    ) -> bool:
        """Keep one act under the page's own `part` id; False, and nothing changed, when it is kept already.

        `tip` was opened in this transaction; `card` makes the new card of the one that stands. The audit line says
        `line`, or `tip.` and the act; None: the caller writes one for many tips. Raises BookFull, ChainBroken.
        """
        if await store.count_parts(connection, tip.sealed.id, store.DESK) >= MOST_ENTRIES:
            raise BookFull("nothing more is written about this tip")
        tip, key = await self._with_key(connection, tip)
        now = self._services.clock.now()
        entry = Entry(now, signed.staff_id, signed.alias, act, dict(said or {}), text[:LONGEST_TEXT])
        if not await store.insert_part(connection, tip.sealed.id, sealed.seal_entry(tip, key, part, entry)):
            return False
        if card is not None:
            box = sealed.seal_card(key, tip.sealed.id, card(sealed.open_card(tip)))
            await store.set_desk_card(connection, tip.sealed.id, box)
        if line is not None:
            done = line or f"tip.{act}"
            await audit.line(connection, at=now, act=done, staff_id=signed.staff_id, subject=tip.sealed.id)
        return True

    async def _with_key(self, connection: AsyncConnection, tip: OpenTip) -> tuple[OpenTip, bytes]:
        if tip.desk_key is not None:
            return tip, tip.desk_key
        tip_id, key = tip.sealed.id, random_key()
        # To the version the words are sealed to: what staff write lets nobody in whom the tip does not.
        version = seal_version(tip.sealed.words_copy)
        ledger = await self._services.staff.ledger.current()
        public = ledger.compartment_version("tips", version)
        if public is None:
            version, public = ledger.compartment("tips")
        copy = vault.desk_copy(key, tip_id, tips_public=public, tips_version=version, pepper=self._doors.newest_pepper)
        await store.keep_desk_copy(connection, tip_id, copy)
        return replace(tip, desk_key=key), key
