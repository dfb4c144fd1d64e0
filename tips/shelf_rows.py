"""Reads and writes the rows of shelves, and which tip stands on which, always inside the caller's transaction."""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import ColumnElement, delete, func, insert, literal_column, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.vault.shelves import SealedShelf
from tips.shelf import Loose
from tips.tables import tip_shelf_keys, tip_shelves, tips
from tips.tip import Status

STANDS: Final = 0
"""What `tips.loose` holds while the copy on its shelf is what the tip is."""

FREED: Final = 1
"""What it holds for a tip never put up, or whose shelf is gone; any other number was drawn by an act."""

# Nothing but that it was done in this week: when the next round comes by, it says when the tip is looked at.
BEGINS_ANEW: Final[Mapping[str, str]] = {"look": "", "step": ""}

# Written into the statement, not bound: only so does SQLite see that its index of loose tips serves.
IS_LOOSE: Final = tips.c.loose != literal_column("0")


def loose_of(statuses: Collection[Status]) -> tuple[ColumnElement[bool], ...]:
    """Which tips are loose and of these statuses.

    The status is asked for in a way that no index answers: with its own, SQLite looks through every tip of a status, of
    which nearly none is loose, and reads its seals on the way. Every tip has a day: that leads it to the index of what
    is loose.
    """
    values = [status.value for status in statuses]
    return IS_LOOSE, tips.c.day > "", func.coalesce(tips.c.status, "").in_(values)


@dataclass(frozen=True)
class ShelfRow:
    """A shelf's key and cards as they are stored."""

    id: bytes
    copy: bytes = field(repr=False)
    cards: bytes = field(repr=False)


@dataclass(frozen=True)
class Place:
    """Where a tip stands: the shelf its copy lies on, if any, and whether that copy is still what the tip is."""

    shelf: bytes | None
    loose: int


@dataclass(frozen=True)
class NewShelf:
    """A shelf about to be put up, in place of others: `stands` are the tips on it."""

    id: bytes
    version: int
    day: str
    sealed: SealedShelf
    stands: Collection[bytes]


def drawn() -> int:
    """A mark an act leaves on a tip: whoever read the tip before sees by it that it is another now."""
    return FREED + 1 + secrets.randbelow(2**62)


async def loosen(connection: AsyncConnection, tip_id: bytes) -> None:
    """What stands on a shelf of this tip is old from now on, and its clock begins anew (`tips.staying.clock`)."""
    await connection.execute(update(tips).where(tips.c.id == tip_id).values(loose=drawn(), **BEGINS_ANEW))


async def take_off(connection: AsyncConnection, *tip_ids: bytes) -> None:
    """Delete, unread, every shelf on which a copy of these tips may lie; the tips beside them are loose again."""
    lying = await connection.scalars(select(tips.c.shelf).where(tips.c.id.in_(tip_ids), tips.c.shelf.is_not(None)))
    shelves = sorted(set(lying))
    if not shelves:
        return
    await _delete(connection, shelves)
    await connection.execute(update(tips).where(tips.c.shelf.in_(shelves), tips.c.loose == STANDS).values(loose=FREED))


async def mend(connection: AsyncConnection) -> None:
    """Let every tip be loose whose shelf is not there: after a restore, which brings no shelves back."""
    named = select(tips.c.shelf).where(tips.c.shelf.is_not(None)).distinct()
    gone = set(await connection.scalars(named)) - set(await shelf_ids(connection))
    for shelf in gone:
        await connection.execute(update(tips).where(tips.c.shelf == shelf, tips.c.loose == STANDS).values(loose=FREED))


async def shelf_ids(connection: AsyncConnection) -> list[bytes]:
    """Every shelf there is."""
    return list(await connection.scalars(select(tip_shelves.c.id).order_by(tip_shelves.c.id)))


async def shelves_with(connection: AsyncConnection, statuses: Collection[Status]) -> list[bytes]:
    """Every shelf on which a tip of one of these statuses stands."""
    values = [status.value for status in statuses]
    wanted = select(tips.c.shelf).where(tips.c.status.in_(values), tips.c.loose == STANDS).distinct()
    return sorted(shelf for shelf in await connection.scalars(wanted) if shelf is not None)


async def read_cards(connection: AsyncConnection, ids: Collection[bytes]) -> list[ShelfRow]:
    """These shelves without their words; one that is gone is left out."""
    columns = select(tip_shelves.c.id, tip_shelf_keys.c.copy, tip_shelves.c.cards).join(tip_shelf_keys)
    return [ShelfRow(*row) for row in await connection.execute(columns.where(tip_shelves.c.id.in_(ids)))]


async def read_shelf(connection: AsyncConnection, shelf_id: bytes) -> SealedShelf | None:
    """One shelf with its words, or None when it is gone."""
    columns = select(tip_shelf_keys.c.copy, tip_shelves.c.cards, tip_shelves.c.words).join(tip_shelf_keys)
    row = (await connection.execute(columns.where(tip_shelves.c.id == shelf_id))).first()
    return None if row is None else SealedShelf(*row)


async def count_loose(connection: AsyncConnection, today: str) -> tuple[int, int]:
    """How many tips no shelf shows as they are: of days before today, and of today."""
    loose = select(func.count()).select_from(tips).where(IS_LOOSE)
    before = await connection.scalar(loose.where(tips.c.day < today)) or 0
    return before, (await connection.scalar(loose) or 0) - before


async def count_loose_of(connection: AsyncConnection, statuses: Collection[Status]) -> int:
    """How many tips of these statuses no shelf shows as they are."""
    return await connection.scalar(select(func.count()).select_from(tips).where(*loose_of(statuses))) or 0


async def stale(connection: AsyncConnection) -> set[bytes]:
    """The loose tips of which an old copy may lie on a shelf."""
    return set(await connection.scalars(select(tips.c.id).where(IS_LOOSE, tips.c.shelf.is_not(None))))


async def loose_before(
    connection: AsyncConnection, day: str, *, after: tuple[str, bytes] = ("", b""), limit: int
) -> list[tuple[str, Loose]]:
    """Loose tips of days before `day`, by day and id behind `after`, each with its day."""
    last_day, last_id = after
    behind = (tips.c.day > last_day) | ((tips.c.day == last_day) & (tips.c.id > last_id))
    wanted = select(tips.c.day, tips.c.id, tips.c.shelf, tips.c.status).where(IS_LOOSE, tips.c.day < day, behind)
    rows = await connection.execute(wanted.order_by(tips.c.day, tips.c.id).limit(limit))
    return [(row.day, Loose(row.id, row.shelf, row.status == Status.CLOSED.value)) for row in rows]


async def count_standing(connection: AsyncConnection) -> dict[bytes, int]:
    """How many tips each shelf shows as they are; a shelf that shows none is named too."""
    rows = await connection.execute(
        select(tips.c.shelf, func.count()).where(tips.c.loose == STANDS).group_by(tips.c.shelf)
    )
    counted = {shelf: number for shelf, number in rows if shelf is not None}
    return {shelf: counted.get(shelf, 0) for shelf in await shelf_ids(connection)}


async def last_day(connection: AsyncConnection) -> str:
    """The newest day on which a shelf was put up; empty when none stands."""
    return await connection.scalar(select(func.max(tip_shelves.c.day))) or ""


async def places(
    connection: AsyncConnection, tip_ids: Collection[bytes], shelves: Collection[bytes]
) -> dict[bytes, Place]:
    """Where these tips stand, and those of these shelves."""
    columns = select(tips.c.id, tips.c.shelf, tips.c.loose)
    found: dict[bytes, Place] = {}
    for wanted in (tips.c.id.in_(tip_ids), tips.c.shelf.in_(shelves)):
        rows = await connection.execute(columns.where(wanted))
        found |= {row.id: Place(row.shelf, row.loose) for row in rows}
    return found


async def put_up(
    connection: AsyncConnection, new: NewShelf, *, seen: Mapping[bytes, Place], gone: Collection[bytes]
) -> bool:
    """Put a shelf up in place of the shelves `gone`. False, and nothing changed, when anything is not as it was `seen`.

    `seen` names every tip that stands on the new shelf or on one that goes. Of a tip that stood on one that goes and
    does not stand on the new one, no copy is left anywhere. Needs a transaction nobody else writes beside.
    """
    there = set(await shelf_ids(connection))
    # An old copy on a shelf that stays would be one that no row names, and no erasing finds.
    kept = there & {seen[tip].shelf for tip in new.stands} - set(gone)
    if kept or not set(gone) <= there or await places(connection, seen, gone) != seen:
        return False
    await _delete(connection, gone)
    left = [tip for tip, place in seen.items() if place.shelf in gone and tip not in new.stands]
    await connection.execute(update(tips).where(tips.c.id.in_(left)).values(shelf=None, loose=drawn()))
    if new.stands:
        boxes = {"cards": new.sealed.cards, "words": new.sealed.words}
        await connection.execute(insert(tip_shelves).values(id=new.id, day=new.day, **boxes))
        key = {"version": new.version, "copy": new.sealed.copy}
        await connection.execute(insert(tip_shelf_keys).values(shelf=new.id, **key))
        await connection.execute(update(tips).where(tips.c.id.in_(new.stands)).values(shelf=new.id, loose=STANDS))
    return True


async def _delete(connection: AsyncConnection, shelves: Collection[bytes]) -> None:
    await connection.execute(delete(tip_shelf_keys).where(tip_shelf_keys.c.shelf.in_(shelves)))
    await connection.execute(delete(tip_shelves).where(tip_shelves.c.id.in_(shelves)))
