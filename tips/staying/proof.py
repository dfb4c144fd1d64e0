"""Says of an erased tip what can be shown: its keys are gone, the log is empty, when no backup opens it either."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.settings import Settings
from portal.staff.keys.keys_folder import KeysFolder
from portal.store.database import Database
from portal.store.sought import Found
from portal.vault.marks import is_marked
from tips.files.tables import tip_files
from tips.staying.searching import PURPOSE
from tips.staying.tables import tip_proofs
from tips.tables import tip_keys, tip_parts, tip_tombstones, tips

MOST_SHOWN: Final = 200


@dataclass(frozen=True)
class Proof:
    """What can be shown of one tip.

    `erased_on`: the day on its tombstone, None for an id that was never erased here. `keys_gone`, `words_gone`: no row
    is left in clear or sealed; where they are not, a hold keeps it. `frozen`: photos two people hold. `found`: what a
    search of the files came to, None before one; `searched_on` its day. `log_is_empty`: as of this moment; None where
    the log is a server's. `copies_open_until`: the last day on which a backup could open it, if its files are deleted
    as they should be.
    """

    tip: bytes
    erased_on: date | None
    keys_gone: bool
    words_gone: bool
    frozen: int
    found: Found | None
    searched_on: date | None
    log_is_empty: bool | None
    copies_open_until: date | None

    @property
    def is_gone(self) -> bool:
        """Whether nothing of it is left that anybody could open, but the photos that are frozen."""
        return self.erased_on is not None and self.keys_gone and self.words_gone

    @property
    def is_shown(self) -> bool:
        """Whether all that this house can look at was looked at, and nothing was found."""
        return self.is_gone and self.found in (Found.NOTHING, Found.SERVER) and self.log_is_empty is not False

    @property
    def is_whole(self) -> bool:
        """The same, with every byte of the files searched: not so where a server keeps them."""
        return self.is_shown and self.found is Found.NOTHING


class Proving:
    """Reads what proves an erasing. Needs the database and the keys folder, and no store."""

    def __init__(self, settings: Settings, database: Database, folder: KeysFolder) -> None:
        self._settings = settings
        self._database = database
        self._folder = folder

    async def days(self) -> list[tuple[date, int]]:
        """The days on which something was erased, the newest first, and how many tips it was on each."""
        stone = tip_tombstones.c
        asked = select(stone.day, func.count()).group_by(stone.day).order_by(stone.day.desc()).limit(MOST_SHOWN)
        async with self._database.read() as connection:
            return [(date.fromisoformat(day), number) for day, number in await connection.execute(asked)]

    async def of_day(self, day: date) -> list[Proof]:
        """What can be shown of the tips erased on a day, at most `MOST_SHOWN` of them."""
        stone = tip_tombstones.c
        asked = select(stone.tip).where(stone.day == day.isoformat()).order_by(stone.tip).limit(MOST_SHOWN)
        async with self._database.read() as connection:
            wanted = list(await connection.scalars(asked))
        return await self.of(wanted)

    async def of(self, tip_ids: Collection[bytes]) -> list[Proof]:
        """What can be shown of these tips, in this order."""
        is_file = isinstance(self._settings.database_place, Path)
        is_empty = await self._database.checkpoint() if is_file else None
        peppers = (await asyncio.to_thread(self._folder.peppers)).values()
        async with self._database.read() as connection:
            stones = await _by_tip(connection, select(tip_tombstones), tip_tombstones.c.tip, tip_ids)
            searched = await _by_tip(connection, select(tip_proofs), tip_proofs.c.tip, tip_ids)
            keys = await _by_tip(connection, select(tip_keys.c.tip), tip_keys.c.tip, tip_ids)
            words = await _by_tip(connection, select(tip_parts.c.tip), tip_parts.c.tip, tip_ids)
            words |= await _by_tip(connection, select(tips.c.id.label("tip")), tips.c.id, tip_ids)
            counted = (
                select(tip_files.c.tip, func.count()).where(tip_files.c.tip.in_(tip_ids)).group_by(tip_files.c.tip)
            )
            frozen: dict[bytes, int] = {row.tip: row[1] for row in await connection.execute(counted)}
        proofs = []
        for tip in tip_ids:
            stone, row = stones.get(tip), searched.get(tip)
            is_ours = row is not None and is_marked(peppers, row.mark, PURPOSE, tip, row.day, row.found)
            day = None if stone is None else date.fromisoformat(stone.day)
            proofs.append(
                Proof(
                    tip=tip,
                    erased_on=day,
                    keys_gone=tip not in keys,
                    words_gone=tip not in words,
                    frozen=frozen.get(tip, 0),
                    found=Found(row.found) if row is not None and is_ours else None,
                    searched_on=date.fromisoformat(row.day) if row is not None and is_ours else None,
                    log_is_empty=is_empty,
                    copies_open_until=None if day is None else day + timedelta(self._settings.key_backup_days),
                )
            )
        return proofs


async def _by_tip(connection: AsyncConnection, asked: Any, of: Any, tips: Collection[bytes]) -> dict[bytes, Any]:
    # Any: SQLAlchemy's Select is generic in its columns, which says nothing to a reader
    return {row.tip: row for row in await connection.execute(asked.where(of.in_(tips)))}
