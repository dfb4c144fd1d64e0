"""Searches the database's own files for the keys of erased tips, so that "gone" is something that was looked for."""

import asyncio
import contextlib
import hashlib
import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.errors import Away
from portal.services import Services
from portal.store.sought import PIECE, SIDE_FILES, Found, search
from portal.vault.marks import mark
from tips.parts import day_of
from tips.staying.tables import tip_proofs
from tips.tables import tip_keys, tip_tombstones

REMEMBERED_FOR: Final = timedelta(days=1)
MOST_AT_ONCE: Final = 50
PURPOSE: Final = "tip proof"

_log = logging.getLogger("porchlight.tips")


class Searching:
    """What to look for is kept a day in the store without a disk, and looked for by whichever process comes first."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def remember(self, connection: AsyncConnection, tip_ids: Sequence[bytes]) -> None:
        """Note, before they are deleted, a piece of the copies of these tips' keys. Without the store nothing is."""
        copies = select(tip_keys.c.tip, tip_keys.c.words_copy, tip_keys.c.names_copy).where(tip_keys.c.tip.in_(tip_ids))
        for row in (await connection.execute(copies)).all():
            with contextlib.suppress(Away):
                piece = row.words_copy[PIECE] + row.names_copy[PIECE]
                await self._services.embers.put(_name(row.tip), piece, REMEMBERED_FOR)

    async def once(self, only: Sequence[bytes] = ()) -> int:
        """Search for what is still to be searched for, some tips at a time; how many. Raises Away, OSError.

        The log has been emptied before. A tip whose keys are still there after all is looked for again. `only` these,
        where somebody waits for it: each tip costs a second for some gigabytes.
        """
        waiting = await self._waiting(only)
        pieces = await self._services.embers.get_many([_name(tip) for tip in waiting])
        sought = {tip: piece for tip, piece in zip(waiting, pieces, strict=True) if piece is not None}
        if not sought:
            return 0
        place = self._services.settings.database_place
        if isinstance(place, Path):
            left = await asyncio.to_thread(search, sought, [Path(f"{place}{end}") for end in SIDE_FILES])
            found = {tip: Found.SOMETHING if tip in left else Found.NOTHING for tip in sought}
        else:
            found = dict.fromkeys(sought, Found.SERVER)
        await self._keep(found)
        await self._services.embers.delete(*(_name(tip) for tip in found if found[tip] is not Found.SOMETHING))
        if Found.SOMETHING in found.values():
            _log.error("tip_key_still_there")
        return len(found)

    async def _waiting(self, only: Sequence[bytes]) -> list[bytes]:
        """Tips erased in the last days whose keys are gone, but those of which a search has found nothing."""
        since = day_of(self._services.clock.now() - 2 * REMEMBERED_FOR)
        done = select(tip_proofs.c.tip).where(tip_proofs.c.day >= since, tip_proofs.c.found != Found.SOMETHING.value)
        left = select(tip_keys.c.tip)
        tip = tip_tombstones.c.tip
        asked = select(tip).where(tip_tombstones.c.day >= since, tip.not_in(done), tip.not_in(left))
        if only:
            asked = asked.where(tip.in_(only))
        async with self._services.database.read() as connection:
            return list(await connection.scalars(asked.order_by(tip).limit(MOST_AT_ONCE)))

    async def _keep(self, found: Mapping[bytes, Found]) -> None:
        peppers = await asyncio.to_thread(self._services.staff.folder.peppers)
        day = day_of(self._services.clock.now())
        async with self._services.database.write() as connection:
            await connection.execute(delete(tip_proofs).where(tip_proofs.c.tip.in_(found)))
            for tip, what in found.items():
                made = mark(peppers[max(peppers)], PURPOSE, tip, day, what.value)
                await connection.execute(insert(tip_proofs).values(tip=tip, day=day, found=what.value, mark=made))


def _name(tip_id: bytes) -> bytes:
    return b"gone:" + hashlib.sha256(tip_id).digest()
