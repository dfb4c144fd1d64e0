"""Tells which files are frozen: by their rows, and by the audit lines of each word, so that a lost row is seen."""

from collections.abc import Collection, Iterable
from typing import Any, Final, cast

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.errors import PorchlightError
from portal.staff.tables import audit
from tips.files.holds import DECISIONS, Act, Held, after
from tips.files.tables import tip_file_holds

_WORDS: Final = {f"file.{act}": act for act in ("freeze", *DECISIONS)}
_AT_ONCE: Final = 500


async def held_among(connection: AsyncConnection, files: Collection[bytes]) -> set[bytes]:
    """Those of these files that a row holds, and those whose row is gone though the audit lines say they are held."""
    rows = await connection.execute(select(tip_file_holds.c.file).where(tip_file_holds.c.file.in_(files)))
    return set(rows.scalars()) | set(await said_to_be_held(connection, files))


async def is_held(connection: AsyncConnection, file_id: bytes) -> bool:
    """Whether one file is held."""
    return file_id in await held_among(connection, [file_id])


async def said_to_be_held(connection: AsyncConnection, files: Collection[bytes] | None = None) -> dict[bytes, Held]:
    """What the audit lines say: of these files, or of all."""
    lines = select(audit.c.act, audit.c.staff, audit.c.subject).where(audit.c.act.in_(_WORDS)).order_by(audit.c.n)
    if files is None:
        return heard((await connection.execute(lines)).all())
    wanted, found = list(files), dict[bytes, Held]()
    for at in range(0, len(wanted), _AT_ONCE):
        some = lines.where(audit.c.subject.in_(wanted[at : at + _AT_ONCE]))
        found |= heard((await connection.execute(some)).all())
    return found


def heard(lines: Iterable[Any]) -> dict[bytes, Held]:  # Any: rows of the database
    """Where the words of these lines, in their order, lead: file -> its hold, without those that were let go."""
    holds: dict[bytes, Held | None] = {}
    for line in lines:
        try:
            holds[line.subject] = after(holds.get(line.subject), cast(Act, _WORDS[line.act]), line.staff)
        except PorchlightError:  # Never written by this house: a word that changed nothing.
            continue
    return {file: held for file, held in holds.items() if held is not None and held.stays}
