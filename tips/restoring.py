"""Makes sure that what was erased stays erased when an older backup is put back."""

from collections.abc import Iterable

from sqlalchemy import Connection, delete, func, insert, or_, select

from tips.files.tables import tip_file_holds, tip_file_keys, tip_file_pieces, tip_files
from tips.tables import tip_keys, tip_parts, tip_tombstones, tips

MARKS: str = tip_tombstones.name
"""The table whose rows name, in any backup and in a house that still stands, what was erased."""


def erase_again(connection: Connection, erased: Iterable[tuple[bytes, str]]) -> int:
    """Remove every tip that was erased since, and every tip whose keys are no longer kept; answers how many.

    `erased`: id and day of every tombstone found anywhere. Safe to do twice. A tip without its keys opens for nobody;
    left standing it would be counted and shown as something that can be read.
    """
    known = set(connection.execute(select(tip_tombstones.c.tip)).scalars())
    days = {tip: day for tip, day in erased if tip not in known}
    if days:
        connection.execute(insert(tip_tombstones), [{"tip": tip, "day": day} for tip, day in days.items()])
    without = set(connection.execute(select(tips.c.id).where(tips.c.id.not_in(select(tip_keys.c.tip)))).scalars())
    before = _count(connection)
    gone = [*(known | days.keys()), *without]
    held = select(tip_file_holds.c.file)  # two people hold it, whatever became of its tip
    for at in range(0, len(gone), 500):
        # A tombstone may name one file too: its sender erased it, and not the tip.
        some = gone[at : at + 500]
        is_gone = or_(tip_files.c.tip.in_(some), tip_files.c.id.in_(some))
        of_gone = select(tip_files.c.id).where(is_gone, tip_files.c.id.not_in(held))
        connection.execute(delete(tip_file_keys).where(tip_file_keys.c.file.in_(of_gone)))
        connection.execute(delete(tip_file_pieces).where(tip_file_pieces.c.file.in_(of_gone)))
        connection.execute(delete(tip_files).where(tip_files.c.id.in_(of_gone)))
    for table, of in ((tip_keys, tip_keys.c.tip), (tip_parts, tip_parts.c.tip), (tips, tips.c.id)):
        for at in range(0, len(gone), 500):
            connection.execute(delete(table).where(of.in_(gone[at : at + 500])))
    return before - _count(connection)


def _count(connection: Connection) -> int:
    return int(connection.scalar(select(func.count()).select_from(tips)) or 0)
