"""Reads and writes the rows of tips, always inside the caller's transaction."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, func, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.store.once import insert_once
from tips import shelf_rows
from tips.tables import tip_keys, tip_parts, tip_tombstones, tips
from tips.tip import ReceiptState, Status

WORDS: Final = "words"
FACTS: Final = "facts"
CONSENT: Final = "consent"
NAMES: Final = "names"
DESK: Final = "desk"
FIRST_REVISION: Final = 1

_IN_ONE_BREATH: Final = 250
_NO_WAY_IN: Final = {"find": None, "pepper": None, "receipt_copy": None, "channel": None, "channel_copy": None}


@dataclass(frozen=True)
class SealedPart:
    """One part as it is stored. Kinds `names` and `desk` open by keys of their own, all others by the words key."""

    part: bytes
    kind: str
    day: str
    box: bytes = field(repr=False)
    revision: int = FIRST_REVISION


@dataclass(frozen=True)
class SealedTip:
    """A tip as it is stored, without its parts."""

    id: bytes
    day: str
    status: Status
    receipt: ReceiptState
    card: bytes = field(repr=False)
    words_copy: bytes = field(repr=False)
    names_copy: bytes = field(repr=False)
    desk_copy: bytes | None = field(default=None, repr=False)
    desk_card: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class StoredReceipt:
    """What a find id leads to."""

    find: bytes = field(repr=False)
    pepper: int
    copy: bytes | None = field(repr=False)
    channel: bytes | None = field(default=None, repr=False)
    channel_copy: bytes | None = field(default=None, repr=False)


async def insert_tip(connection: AsyncConnection, tip: SealedTip, parts: Sequence[SealedPart]) -> bool:
    """Keep a new tip with its keys and parts. False, and nothing changed, when its id is kept or was erased already."""
    if await connection.scalar(select(tip_tombstones.c.tip).where(tip_tombstones.c.tip == tip.id)) is not None:
        return False
    row = {"id": tip.id, "day": tip.day, "status": tip.status.value, "receipt": tip.receipt.value, "card": tip.card}
    if not await insert_once(connection, tips, **row):
        return False
    copies = {"words_copy": tip.words_copy, "names_copy": tip.names_copy, "desk_copy": tip.desk_copy}
    await connection.execute(insert(tip_keys).values(tip=tip.id, **copies))
    for part in parts:
        await _insert_part(connection, tip.id, part)
    return True


async def insert_part(connection: AsyncConnection, tip_id: bytes, part: SealedPart) -> bool:
    """Keep one more part. False, and nothing changed, when this part is kept already: sent twice is kept once."""
    is_new = await _insert_part(connection, tip_id, part)
    if is_new:
        await shelf_rows.loosen(connection, tip_id)
    return is_new


async def _insert_part(connection: AsyncConnection, tip_id: bytes, part: SealedPart) -> bool:
    row = {"part": part.part, "kind": part.kind, "revision": part.revision, "day": part.day, "box": part.box}
    return await insert_once(connection, tip_parts, tip=tip_id, **row)


async def has_part(connection: AsyncConnection, tip_id: bytes, part: bytes) -> bool:
    """Whether this part is kept already."""
    wanted = select(tip_parts.c.part).where(tip_parts.c.tip == tip_id, tip_parts.c.part == part)
    return await connection.scalar(wanted) is not None


async def replace_names(
    connection: AsyncConnection, tip_id: bytes, part: SealedPart, *, stay: Collection[bytes] = ()
) -> None:
    """Put this names part in the place of all there are, which are deleted, but of a tip that must `stay` as it was."""
    held = tip_id if tip_id in stay else b""
    one = (tip_parts.c.tip == tip_id, tip_parts.c.tip != held, tip_parts.c.kind == NAMES)
    await connection.execute(delete(tip_parts).where(*one))
    await _insert_part(connection, tip_id, part)


async def keep_receipt(connection: AsyncConnection, tip_id: bytes, receipt: StoredReceipt) -> bool:
    """Keep the way back, once. True when the tip has exactly this way back now, whoever wrote it."""
    await connection.execute(
        update(tip_keys)
        .where(tip_keys.c.tip == tip_id, tip_keys.c.find.is_(None), tip_keys.c.tip.not_in(select(tip_tombstones.c.tip)))
        .values(
            pepper=receipt.pepper,
            find=receipt.find,
            receipt_copy=receipt.copy,
            channel=receipt.channel,
            channel_copy=receipt.channel_copy,
        )
    )
    await connection.execute(update(tips).where(tips.c.id == tip_id).values(receipt=ReceiptState.MADE.value))
    return await connection.scalar(select(tip_keys.c.find).where(tip_keys.c.tip == tip_id)) == receipt.find


async def find_receipt(connection: AsyncConnection, finds: Sequence[bytes]) -> StoredReceipt | None:
    """The way back that has one of these find ids, or None."""
    columns = tip_keys.c
    wanted = select(columns.find, columns.pepper, columns.receipt_copy, columns.channel, columns.channel_copy)
    row = (await connection.execute(wanted.where(columns.find.in_(finds)))).first()
    return None if row is None else StoredReceipt(*row)


async def read_tip(connection: AsyncConnection, tip_id: bytes) -> SealedTip | None:
    """One tip as the desk reads it, or None when it was never there or is erased: nobody can tell which."""
    row = (await connection.execute(_with_keys().where(tips.c.id == tip_id))).first()
    return None if row is None else _sealed_tip(row)


async def read_hers(connection: AsyncConnection, tip_id: bytes) -> SealedTip | None:
    """One tip as its reporter reaches it: None also where she has erased it and a hold keeps it for the desk."""
    gone = select(tip_tombstones.c.tip).where(tip_tombstones.c.tip == tip_id)
    row = (await connection.execute(_with_keys().where(tips.c.id == tip_id, tips.c.id.not_in(gone)))).first()
    return None if row is None else _sealed_tip(row)


async def read_parts(connection: AsyncConnection, tip_id: bytes) -> list[SealedPart]:
    """All parts of a tip, in no order: the order is inside the seals."""
    rows = await connection.execute(select(tip_parts).where(tip_parts.c.tip == tip_id))
    return [SealedPart(row.part, row.kind, row.day, row.box, row.revision) for row in rows]


async def set_status(connection: AsyncConnection, tip_id: bytes, status: Status) -> bool:
    """Move a tip's status. False when the tip is not there."""
    changed = {"status": status.value, "loose": shelf_rows.drawn(), **shelf_rows.BEGINS_ANEW}
    moved = await connection.execute(update(tips).where(tips.c.id == tip_id).values(changed))
    return bool(moved.rowcount)


async def keep_desk_copy(connection: AsyncConnection, tip_id: bytes, copy: bytes) -> None:
    """Keep the key to what staff write, for a tip that came without one."""
    await connection.execute(update(tip_keys).where(tip_keys.c.tip == tip_id).values(desk_copy=copy))


async def set_desk_card(connection: AsyncConnection, tip_id: bytes, card: bytes) -> None:
    """Keep what the list shows of the desk's work; the copy on a shelf is old from now on."""
    changed = {"desk_card": card, "loose": shelf_rows.drawn()}
    await connection.execute(update(tips).where(tips.c.id == tip_id).values(changed))


async def count_parts(connection: AsyncConnection, tip_id: bytes, kind: str) -> int:
    """How many parts of a kind a tip has."""
    these = (tip_parts.c.tip == tip_id) & (tip_parts.c.kind == kind)
    return await connection.scalar(select(func.count()).select_from(tip_parts).where(these)) or 0


async def newest_loose(
    connection: AsyncConnection,
    limit: int,
    statuses: Collection[Status] = tuple(Status),
    *,
    behind: SealedTip | None = None,
) -> list[SealedTip]:
    """Those of the newest tips of these statuses that no shelf shows as they are, at most `limit`, `behind` one."""
    ordered = _loose_of(statuses).order_by(tips.c.day.desc(), tips.c.id.desc())
    found: list[SealedTip] = []
    first = ordered if behind is None else ordered.where(_behind(behind))
    # Some at a time: a driver hands over all it was asked for in one breath, and the event loop waits for it.
    while len(found) < limit:
        wanted = min(_IN_ONE_BREATH, limit - len(found))
        rest = first if not found else ordered.where(_behind(found[-1]))
        rows = [_sealed_tip(row) for row in await connection.execute(rest.limit(wanted))]
        found += rows
        if len(rows) < wanted:
            break
    return found


async def read_loose(
    connection: AsyncConnection, ids: Collection[bytes], statuses: Collection[Status]
) -> list[SealedTip]:
    """Those of these tips that no shelf shows as they are, of these statuses, in no order."""
    return [_sealed_tip(row) for row in await connection.execute(_loose_of(statuses).where(tips.c.id.in_(ids)))]


async def read_several(connection: AsyncConnection, ids: Collection[bytes]) -> list[SealedTip]:
    """These tips, in no order; one that is not there is left out."""
    return [_sealed_tip(row) for row in await connection.execute(_with_keys().where(tips.c.id.in_(ids)))]


async def read_parts_of(connection: AsyncConnection, ids: Collection[bytes]) -> dict[bytes, list[SealedPart]]:
    """All parts of these tips, by tip."""
    found: dict[bytes, list[SealedPart]] = {}
    for row in await connection.execute(select(tip_parts).where(tip_parts.c.tip.in_(ids))):
        found.setdefault(row.tip, []).append(SealedPart(row.part, row.kind, row.day, row.box, row.revision))
    return found


async def count_by_status(connection: AsyncConnection) -> dict[Status, int]:
    """How many tips stand where; every status is named."""
    counted = await connection.execute(select(tips.c.status, func.count()).group_by(tips.c.status))
    found = {Status(status): number for status, number in counted}
    return {status: found.get(status, 0) for status in Status}


async def let_go(
    connection: AsyncConnection, tip_ids: Sequence[bytes], day: str, *, stay: Collection[bytes] = ()
) -> int:
    """Erase tips: their copies first, then keys, words and rows; each id stays as a tombstone. How many went.

    With its copy goes the shelf a tip lies on, unread: the tips beside it lose nothing but a short way to their cards.
    Of those that `stay` (a hold) the reporter's way in goes all the same. Which they are shows neither in the number of
    statements nor in their words. Safe to do twice.
    """
    known = select(tip_tombstones.c.tip).where(tip_tombstones.c.tip.in_(tip_ids))
    fresh = select(tips.c.id, literal(day)).where(tips.c.id.in_(tip_ids), tips.c.id.not_in(known))
    await shelf_rows.take_off(connection, *tip_ids)
    await connection.execute(insert(tip_tombstones).from_select(["tip", "day"], fresh))
    await connection.execute(update(tip_keys).where(tip_keys.c.tip.in_(tip_ids)).values(**_NO_WAY_IN))
    shut = {"receipt": ReceiptState.NOT_WANTED.value, "loose": shelf_rows.drawn()}
    await connection.execute(update(tips).where(tips.c.id.in_(tip_ids)).values(**shut))
    # As many values whatever stays: a statement looks alike, held or not.
    held = [each if each in stay else b"" for each in tip_ids]
    for table, of in ((tip_keys, tip_keys.c.tip), (tip_parts, tip_parts.c.tip), (tips, tips.c.id)):
        gone = await connection.execute(delete(table).where(of.in_(tip_ids), of.not_in(held)))
    return gone.rowcount


async def erase(connection: AsyncConnection, tip_id: bytes, day: str) -> bool:
    """Erase one tip, whatever holds it. False when it was not there."""
    return bool(await let_go(connection, [tip_id], day))


def _with_keys() -> Any:  # Any: SQLAlchemy's Select is generic in its columns, which says nothing to a reader
    keys = tip_keys.c
    return select(tips, keys.words_copy, keys.names_copy, keys.desk_copy).join(tip_keys, keys.tip == tips.c.id)


def _loose_of(statuses: Collection[Status]) -> Any:  # Any: as above
    return _with_keys().where(*shelf_rows.loose_of(statuses))


def _behind(tip: SealedTip) -> ColumnElement[bool]:
    return (tips.c.day < tip.day) | ((tips.c.day == tip.day) & (tips.c.id < tip.id))


def _sealed_tip(row: Any) -> SealedTip:  # Any: a row of the database, typed nowhere before this line
    return SealedTip(
        id=row.id,
        day=row.day,
        status=Status(row.status),
        receipt=ReceiptState(row.receipt),
        card=row.card,
        words_copy=row.words_copy,
        names_copy=row.names_copy,
        desk_copy=row.desk_copy,
        desk_card=row.desk_card,
    )
