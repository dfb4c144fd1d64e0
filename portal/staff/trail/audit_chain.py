"""Keeps the end of the audit's chain: in memory, beside each writing transaction, and outside the database."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.errors import PorchlightError
from portal.staff.keys.keys_folder import KeysFolder
from portal.staff.tables import audit
from portal.vault.audit_lines import Line, Walk, next_line
from portal.vault.statement import NOTHING_SAID, Head

KEPT_EVERY_S: Final = 1.0
"""So long a line may stand before its head is kept outside the database; the next process still finds its mark."""

AT_ONCE: Final = 2_000
NOBODY: Final = bytes(16)
TAKEN_IN: Final = "audit.taken_in"
BROKEN: Final = "audit.broken"

_log = logging.getLogger("porchlight.staff")


class AuditChain:
    """One process's memory of how far the chain goes.

    What this house has seen is looked for again before each line: lines that were cut off, changed or put there by
    somebody else since are written down as such, aloud, by a line of their own. Nobody is kept from helping by it:
    the chain goes on behind the break, and never uses a number twice.
    """

    def __init__(self, folder: KeysFolder) -> None:
        self._folder = folder
        self._seen: Head | None = None
        self._kept = NOTHING_SAID

    def begins(self) -> "Page":
        """A writing transaction begins."""
        return Page(self)

    def was_kept(self, page: object) -> None:
        """What was written on this page stands; what was rolled back was never said."""
        if isinstance(page, Page) and page.head is not None:
            self._seen = page.head

    async def seen(self) -> Head:
        """How far this process has seen it go. Raises KeysFolderWrong."""
        if self._seen is None:
            self._kept = await asyncio.to_thread(self._folder.audit_head)
            return self._kept
        return self._seen

    async def newest_pepper(self) -> tuple[bytes, Mapping[int, bytes]]:
        """What lines are marked with, and every live pepper. Raises KeysFolderWrong."""
        # Read each time: a set-up that was cut short leaves one that no line may be marked with.
        peppers = await asyncio.to_thread(self._folder.peppers)
        return peppers[max(peppers)], peppers

    async def keep(self) -> None:
        """Raise the head outside the database to what was seen. Raises KeysFolderWrong."""
        seen = self._seen
        if seen is not None and seen.number > self._kept.number:
            await asyncio.to_thread(self._folder.raise_audit_head, seen)
            self._kept = seen

    async def run(self) -> None:
        """Keep it, for as long as the process lives. A kill loses a second of it: the lines say the rest."""
        while True:
            await asyncio.sleep(KEPT_EVERY_S)
            try:
                await self.keep()
            except (PorchlightError, OSError) as error:
                _log.error("audit_head_not_kept error=%s", type(error).__name__)


@dataclass
class Page:
    """What one transaction writes. Nobody else writes before it ends, so the end is looked for once."""

    chain: AuditChain
    head: Head | None = None
    _pepper: bytes = b""

    async def write(self, connection: AsyncConnection, *, day: str, act: str, staff: bytes, subject: bytes) -> None:
        """One line more. Raises KeysFolderWrong: without the pepper nothing is written down, and nothing done."""
        if self.head is None:
            await self._find_end(connection, day)
        await self._add(connection, day, act, staff, subject)

    async def _find_end(self, connection: AsyncConnection, day: str) -> None:
        self._pepper, peppers = await self.chain.newest_pepper()
        walk = await walk_from(connection, await self.chain.seen(), peppers)
        # A number that was given away once stays given away: the gap is seen for ever.
        self.head = Head(max(walk.head.number, walk.kept.number), walk.head.digest)
        if walk.breaks:
            _log.error("audit_broken line=%d kind=%s", walk.breaks[0].first, walk.breaks[0].kind)
            await self._add(connection, day, f"{BROKEN}:{walk.breaks[0].first}", NOBODY, b"")
        elif walk.loose:
            # A version without a chain wrote them, before this one came or in the minute of a restart.
            await self._add(connection, day, f"{TAKEN_IN}:{walk.loose}", NOBODY, b"")

    async def _add(self, connection: AsyncConnection, day: str, act: str, staff: bytes, subject: bytes) -> None:
        line, head = next_line(self.head or NOTHING_SAID, self._pepper, day=day, act=act, staff=staff, subject=subject)
        await connection.execute(insert(audit).values(**as_row(line)))
        self.head = head


async def walk_from(connection: AsyncConnection, seen: Head, peppers: Mapping[int, bytes]) -> Walk:
    """Walk from the line of `seen` to the end: a line in most cases, all of them where nothing was seen yet."""
    lines = lines_from(connection, max(seen.number, 1))
    first = await anext(lines, None)
    is_there = first is not None and first.number == seen.number
    before = (first.previous if first is not None and is_there else None) or b""
    walk = Walk(Head(seen.number - 1, before) if seen.number else NOTHING_SAID, seen, peppers.values())
    if first is not None:
        walk.step(first)
    elif seen.number:
        walk.head = await _last(connection)
    async for line in lines:
        walk.step(line)
    walk.end()
    return walk


async def lines_from(connection: AsyncConnection, first: int) -> AsyncIterator[Line]:
    """Every line from this number on, in order, some at a time."""
    while True:
        asked = select(audit).where(audit.c.n >= first).order_by(audit.c.n).limit(AT_ONCE)
        rows = (await connection.execute(asked)).all()
        for row in rows:
            yield of_row(row)
        if len(rows) < AT_ONCE:
            return
        first = rows[-1].n + 1


def of_row(row: Any) -> Line:  # Any: a row of the database, typed nowhere before this line
    """The line a row holds."""
    return Line(row.n, row.day, row.act, row.staff, row.subject, row.previous, row.mark)


def as_row(line: Line) -> dict[str, Any]:
    """The values of a line's row. Any: of different types, as the table has them."""
    return {
        "n": line.number,
        "day": line.day,
        "act": line.act,
        "staff": line.staff,
        "subject": line.subject,
        "previous": line.previous,
        "mark": line.mark,
    }


async def _last(connection: AsyncConnection) -> Head:
    """The last line there is, where more were seen than there are."""
    row = (await connection.execute(select(audit).order_by(audit.c.n.desc()).limit(1))).one_or_none()
    if row is None:
        return NOTHING_SAID
    line = of_row(row)
    return Head(line.number, line.digest(line.previous or bytes(32)))
