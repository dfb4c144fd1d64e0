"""Reads by what a tip can be told from what it was, always inside the caller's transaction."""

from collections.abc import Collection
from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from tips.files.tables import tip_files
from tips.tables import tip_parts, tips
from tips.tip import Status

MARK_SIZE = 8


async def marks(connection: AsyncConnection, tip_ids: Collection[bytes]) -> dict[bytes, bytes]:
    """A mark of each of these tips: another one after any word, picture, agreement, entry or status. Without those that
    are not there.

    Made from names of rows that are random and never change, so it says nothing of what they hold.
    """
    names: dict[bytes, list[bytes]] = {}
    for row in await connection.execute(select(tips.c.id, tips.c.status).where(tips.c.id.in_(tip_ids))):
        names[row.id] = [row.status.encode()]
    for table, name in ((tip_parts, tip_parts.c.part), (tip_files, tip_files.c.id)):
        found = await connection.execute(select(table.c.tip, name).where(table.c.tip.in_(names)).order_by(name))
        for tip, each in found:
            names[tip].append(each)
    return {tip: sha256(b"|".join([tip, *each])).digest()[:MARK_SIZE] for tip, each in names.items()}


async def has_part(connection: AsyncConnection, tip_id: bytes, part: bytes) -> bool:
    """Whether a tip holds this part."""
    there = select(tip_parts.c.part).where(tip_parts.c.tip == tip_id, tip_parts.c.part == part)
    return await connection.scalar(there) is not None


async def count_by_day(connection: AsyncConnection, since: str) -> dict[str, int]:
    """How many tips came on each day from this one on; a day without one is not named."""
    # Every status is named, so that the index by status and day serves.
    wanted = tips.c.status.in_([status.value for status in Status]) & (tips.c.day >= since)
    counted = await connection.execute(select(tips.c.day, func.count()).where(wanted).group_by(tips.c.day))
    return {row.day: row[1] for row in counted}
