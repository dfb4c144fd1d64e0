"""Tells which files are held: by their rows, and by the audit lines of each word, so that a lost row is seen."""

import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final, cast

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.errors import PorchlightError
from portal.staff.tables import audit
from portal.vault.marks import is_marked
from tips.files.holds import DECISIONS, Act, Held, Hold, after
from tips.files.tables import tip_file_holds

PURPOSE: Final = "tip file hold"
LOST: Final = "file.lost"
_WORDS: Final = {f"file.{act}": act for act in ("freeze", *DECISIONS)} | {LOST: ""}
_AT_ONCE: Final = 500

_log = logging.getLogger("porchlight.tips")


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
        if line.act == LOST:
            holds[line.subject] = as_frozen(holds.get(line.subject))
            continue
        try:
            holds[line.subject] = after(holds.get(line.subject), cast(Act, _WORDS[line.act]), line.staff)
        except PorchlightError:  # Never written by this house: a word that changed nothing.
            continue
    return {file: held for file, held in holds.items() if held is not None and held.stays}


def judged(row: Any, said: Held | None, peppers: Iterable[bytes]) -> Held | None:  # Any: a row of the database, or None
    """What holds a file: its row, where this house wrote it and the audit lines say the same.

    Where they differ somebody wants it let go, or hidden: then it is frozen, as if two people had said so, and
    `is_lost` says that something was taken away.
    """
    if row is None and said is None:
        return None
    if row is not None and said is not None and is_ours(row, peppers):
        held = _held(row)
        if replace(held, entry=b"") == replace(said, entry=b""):
            return held
    _log.error("file_hold_refused")
    return replace(as_frozen(said), is_lost=True)


def as_frozen(known: Held | None) -> Held:
    """As if two people had said so, whoever of them is still known."""
    return Held(Hold.FROZEN, b"" if known is None else known.first, b"" if known is None else known.second)


def marked_values(begins: dict[str, Any], held: Held, key_copy: bytes) -> dict[str, Any]:
    """The values of a row without its mark, in the order in which they are marked."""
    values = {"hold": held.hold.value, "first": held.first, "second": held.second, "third": held.third}
    later = {"what": held.what, "entry": held.entry} if held.what or held.entry else {}
    return {**begins, **values, "key_copy": key_copy, **later}


def said_by(values: Mapping[str, Any]) -> list[Any]:
    """What the mark of a row is made of; an older house wrote neither of the later two, and marked what it wrote."""
    return [value for name, value in values.items() if name != "mark" and value is not None]


def is_ours(row: Any, peppers: Iterable[bytes]) -> bool:  # Any: a row of the database
    """Whether this house wrote the row of a hold."""
    return is_marked(peppers, row.mark, PURPOSE, *said_by(row._mapping))


def _held(row: Any) -> Held:
    return Held(Hold(row.hold), row.first, row.second, row.third, row.what or "", row.entry or b"")
