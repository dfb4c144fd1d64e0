"""Makes sure that what was erased stays erased when an older backup is put back."""

from collections.abc import Iterable

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from tips.files.tables import tip_file_holds, tip_file_keys, tip_file_pieces, tip_files
from tips.staying.holds import HELD
from tips.staying.tables import tip_holds
from tips.tables import tip_keys, tip_parts, tip_tombstones, tips

MARKS: str = tip_tombstones.name
"""The table whose rows name, in any backup and in a house that still stands, what was erased."""


def erase_again(connection: Connection, erased: Iterable[tuple[bytes, str]]) -> int:
    """Remove every tip that was erased since, and every tip whose keys are no longer kept; answers how many.

    `erased`: id and day of every tombstone found anywhere. Safe to do twice. A tip without its keys opens for nobody;
    left standing it would be counted and shown as something that can be read. Of one that a hold keeps the way in goes.
    """
    known = set(connection.execute(select(tip_tombstones.c.tip)).scalars())
    days = {tip: day for tip, day in erased if tip not in known}
    if days:
        connection.execute(insert(tip_tombstones), [{"tip": tip, "day": day} for tip, day in days.items()])
    without = set(connection.execute(select(tips.c.id).where(tips.c.id.not_in(select(tip_keys.c.tip)))).scalars())
    before = _count(connection)
    stay = _held(connection) - without
    gone = [*((known | days.keys()) - stay), *without]
    shut = {"find": None, "pepper": None, "receipt_copy": None, "channel": None, "channel_copy": None}
    for tip in stay & (known | days.keys()):
        connection.execute(update(tip_keys).where(tip_keys.c.tip == tip).values(shut))
    held = select(tip_file_holds.c.file)  # two people hold it, whatever became of its tip
    for at in range(0, len(gone), 500):
        # A tombstone may name one file too: its sender erased it, and not the tip.
        some = gone[at : at + 500]
        is_gone = or_(tip_files.c.tip.in_(some), tip_files.c.id.in_(some))
        of_gone = select(tip_files.c.id).where(is_gone, tip_files.c.id.not_in(held), tip_files.c.tip.not_in(stay))
        connection.execute(delete(tip_file_keys).where(tip_file_keys.c.file.in_(of_gone)))
        connection.execute(delete(tip_file_pieces).where(tip_file_pieces.c.file.in_(of_gone)))
        connection.execute(delete(tip_files).where(tip_files.c.id.in_(of_gone)))
    for table, of in ((tip_keys, tip_keys.c.tip), (tip_parts, tip_parts.c.tip), (tips, tips.c.id)):
        for at in range(0, len(gone), 500):
            connection.execute(delete(table).where(of.in_(gone[at : at + 500])))
    return before - _count(connection)


def _held(connection: Connection) -> set[bytes]:
    """What the list of holds keeps, as far as its words go: whether it is whole, the house itself sees when it runs."""
    held: set[bytes] = set()
    for tip, word in connection.execute(select(tip_holds.c.tip, tip_holds.c.word).order_by(tip_holds.c.n)):
        (held.add if word == HELD else held.discard)(tip)
    return held


def _count(connection: Connection) -> int:
    return int(connection.scalar(select(func.count()).select_from(tips)) or 0)
