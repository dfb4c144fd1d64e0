"""Reads and writes the rows of pictures, always inside the caller's transaction."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from tips.files.tables import tip_file_holds, tip_file_pieces, tip_files
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
    """How many pieces stand in the whole house."""
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


async def erase_file(connection: AsyncConnection, file_id: bytes) -> None:
    """Remove one picture, its pieces first."""
    await connection.execute(delete(tip_file_pieces).where(tip_file_pieces.c.file == file_id))
    await connection.execute(delete(tip_files).where(tip_files.c.id == file_id))


async def erase_of_tips(connection: AsyncConnection, tip_ids: Sequence[bytes], *, stay: Collection[bytes] = ()) -> None:
    """Remove every picture of these tips but those that are held, and those of tips that `stay`."""
    held = [each if each in stay else b"" for each in tip_ids]
    frozen = select(tip_file_holds.c.file).where(tip_file_holds.c.tip.in_(tip_ids))
    of_them = select(tip_files.c.id).where(
        tip_files.c.tip.in_(tip_ids), tip_files.c.tip.not_in(held), tip_files.c.id.not_in(frozen)
    )
    await connection.execute(delete(tip_file_pieces).where(tip_file_pieces.c.file.in_(of_them)))
    await connection.execute(delete(tip_files).where(tip_files.c.id.in_(of_them)))


async def arriving(connection: AsyncConnection) -> list[bytes]:
    """The ids of all pictures that are on their way in, or were."""
    there = await connection.execute(select(tip_files.c.id).where(tip_files.c.state == State.ARRIVING.value))
    return list(there.scalars())


async def left_behind(connection: AsyncConnection) -> list[bytes]:
    """The ids of pictures whose tip is gone and that nobody holds, and of pieces whose picture is gone."""
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
    return [*lost.scalars(), *loose.scalars()]


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
