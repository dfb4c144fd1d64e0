"""Reads and writes the rows of pictures, always inside the caller's transaction."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from tips.files.holding import held_among
from tips.files.tables import tip_file_holds, tip_file_keys, tip_file_pieces, tip_files
from tips.tables import tip_tombstones, tips

ORIGINAL: Final = "original"
DRAWN: Final = "drawn"

# Read so many at a time: a picture is held in memory once, not twice.
_AT_ONCE: Final = 16


class State(StrEnum):
    """How far a picture has come: on its way in, or drawn anew and there."""

    ARRIVING = "arriving"
    READY = "ready"


@dataclass(frozen=True)
class StoredFile:
    """A picture as it is stored, without its pieces."""

    id: bytes
    tip: bytes
    day: str
    state: State
    revision: int
    card: bytes = field(repr=False)
    pieces: int = 0

    def settled(self, card: bytes) -> "StoredFile":
        """The same picture once it is drawn."""
        return replace(self, state=State.READY, revision=self.revision + 1, card=card)


async def insert_file(connection: AsyncConnection, file: StoredFile) -> None:
    """Keep the row of a picture that begins to arrive."""
    await connection.execute(insert(tip_files).values(_values(file)))


async def read_file(connection: AsyncConnection, file_id: bytes) -> StoredFile | None:
    """One picture's row, or None."""
    row = (await connection.execute(select(tip_files).where(tip_files.c.id == file_id))).one_or_none()
    return None if row is None else _file(row)


async def of_tip(connection: AsyncConnection, tip_id: bytes) -> list[StoredFile]:
    """Every picture of a tip, in no order: the order is inside the seals."""
    return [_file(row) for row in await connection.execute(select(tip_files).where(tip_files.c.tip == tip_id))]


async def is_there(connection: AsyncConnection, tip_id: bytes) -> bool:
    """Whether the tip is there for its reporter: nothing more is kept for one that she erased."""
    gone = select(tip_tombstones.c.tip).where(tip_tombstones.c.tip == tip_id)
    return await connection.scalar(select(tips.c.id).where(tips.c.id == tip_id, tips.c.id.not_in(gone))) is not None


async def pieces_of_the_house(connection: AsyncConnection) -> int:
    """How many pieces stand in the whole house, summed from an index of that one number: no count that can drift."""
    return int(await connection.scalar(select(func.coalesce(func.sum(tip_files.c.pieces), 0))) or 0)


async def count(connection: AsyncConnection, file_id: bytes, which: str) -> int:
    """How many pieces of one picture are kept; they are kept in order, so it is also the number of the next."""
    pieces = tip_file_pieces.c
    counted = await connection.scalar(
        select(func.coalesce(func.max(pieces.at), -1)).where(pieces.file == file_id, pieces.which == which)
    )
    return int(-1 if counted is None else counted) + 1


async def put_pieces(connection: AsyncConnection, file_id: bytes, which: str, at: int, boxes: Sequence[bytes]) -> None:
    """Keep pieces that follow those kept, the first of them number `at`."""
    for number, box in enumerate(boxes, at):
        await connection.execute(insert(tip_file_pieces).values(file=file_id, which=which, at=number, box=box))
    counted = tip_files.c.pieces + len(boxes)
    await connection.execute(update(tip_files).where(tip_files.c.id == file_id).values(pieces=counted))


async def read_pieces(connection: AsyncConnection, file_id: bytes, which: str) -> list[bytes]:
    """Every piece of one picture, in order."""
    pieces = tip_file_pieces.c
    boxes: list[bytes] = []
    while True:
        more = await connection.execute(
            select(pieces.box)
            .where(pieces.file == file_id, pieces.which == which, pieces.at >= len(boxes))
            .order_by(pieces.at)
            .limit(_AT_ONCE)
        )
        read = list(more.scalars())
        boxes += read
        if len(read) < _AT_ONCE:
            return boxes


async def settle(connection: AsyncConnection, file: StoredFile) -> None:
    """Write how far a picture has come, and its new card."""
    changed = {"state": file.state.value, "revision": file.revision, "card": file.card}
    await connection.execute(update(tip_files).where(tip_files.c.id == file.id).values(**changed))


async def drop_pieces(connection: AsyncConnection, file_id: bytes, which: str) -> None:
    """Remove the pieces of one of a picture's two forms."""
    pieces = tip_file_pieces.c
    gone = await connection.execute(delete(tip_file_pieces).where(pieces.file == file_id, pieces.which == which))
    counted = tip_files.c.pieces - gone.rowcount
    await connection.execute(update(tip_files).where(tip_files.c.id == file_id).values(pieces=counted))


@dataclass(frozen=True)
class Salts:
    """What opens one file besides the key to its tip's words; `original` only where one was kept."""

    copy: bytes = field(repr=False)
    original: bytes = field(default=b"", repr=False)


async def insert_salts(connection: AsyncConnection, file_id: bytes, salts: Salts) -> None:
    """Keep what opens a file."""
    await connection.execute(insert(tip_file_keys).values(file=file_id, copy=salts.copy, original=salts.original))


async def read_salts(connection: AsyncConnection, file_id: bytes) -> Salts | None:
    """What opens a file; None for one of an older house."""
    row = (await connection.execute(select(tip_file_keys).where(tip_file_keys.c.file == file_id))).one_or_none()
    return None if row is None else Salts(row.copy, row.original)


async def erase_file(connection: AsyncConnection, file_id: bytes) -> None:
    """Remove one file: what opens it first, then its pieces."""
    await connection.execute(delete(tip_file_keys).where(tip_file_keys.c.file == file_id))
    await connection.execute(delete(tip_file_pieces).where(tip_file_pieces.c.file == file_id))
    await connection.execute(delete(tip_files).where(tip_files.c.id == file_id))


async def erase_for_good(connection: AsyncConnection, file_id: bytes, today: str) -> None:
    """Remove one file of a tip that lives on, and write down that it is gone: no backup brings it back."""
    await erase_file(connection, file_id)
    await connection.execute(delete(tip_tombstones).where(tip_tombstones.c.tip == file_id))
    await connection.execute(insert(tip_tombstones).values(tip=file_id, day=today))


async def erase_of_tips(connection: AsyncConnection, tip_ids: Sequence[bytes], *, stay: Collection[bytes] = ()) -> None:
    """Remove every picture of these tips but those that are held, and those of tips that `stay`."""
    rows = await connection.execute(select(tip_files.c.id, tip_files.c.tip).where(tip_files.c.tip.in_(tip_ids)))
    there = {row.id: row.tip for row in rows}
    if not there:
        return
    frozen = await held_among(connection, there)
    # As many values whatever stays: a statement looks alike, held or not.
    going = [b"" if tip in stay or file in frozen else file for file, tip in there.items()]
    for table, of in ((tip_file_keys, tip_file_keys.c.file), (tip_file_pieces, tip_file_pieces.c.file)):
        await connection.execute(delete(table).where(of.in_(going)))
    await connection.execute(delete(tip_files).where(tip_files.c.id.in_(going)))


async def arriving(connection: AsyncConnection) -> list[bytes]:
    """The ids of all pictures that are on their way in, or were."""
    there = await connection.execute(select(tip_files.c.id).where(tip_files.c.state == State.ARRIVING.value))
    return list(there.scalars())


async def left_behind(connection: AsyncConnection) -> list[bytes]:
    """The ids of files whose tip is gone and that nobody holds, and of pieces and keys whose file is gone."""
    lost = await connection.execute(
        select(tip_files.c.id)
        .outerjoin(tips, tips.c.id == tip_files.c.tip)
        .where(tips.c.id.is_(None), tip_files.c.id.not_in(select(tip_file_holds.c.file)))
    )
    loose = await connection.execute(
        select(tip_file_pieces.c.file)
        .distinct()
        .outerjoin(tip_files, tip_files.c.id == tip_file_pieces.c.file)
        .where(tip_files.c.id.is_(None))
    )
    opens_nothing = await connection.execute(
        select(tip_file_keys.c.file)
        .outerjoin(tip_files, tip_files.c.id == tip_file_keys.c.file)
        .where(tip_files.c.id.is_(None))
    )
    gone = list(lost.scalars())
    # A row of a freezing that is lost lets nothing go: the audit lines know of it.
    held = await held_among(connection, gone) if gone else set[bytes]()
    return [*(file for file in gone if file not in held), *loose.scalars(), *opens_nothing.scalars()]


def _values(file: StoredFile) -> dict[str, Any]:
    return {
        "id": file.id,
        "tip": file.tip,
        "day": file.day,
        "state": file.state.value,
        "revision": file.revision,
        "card": file.card,
        "pieces": file.pieces,
    }


def _file(row: Any) -> StoredFile:  # Any: a row of the database, typed nowhere before this line
    return StoredFile(row.id, row.tip, row.day, State(row.state), row.revision, row.card, row.pieces)
