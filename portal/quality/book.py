"""Keeps the sheets: sealed to the records, marked, and deleted when their time is over."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import msgspec
from sqlalchemy import delete, insert, select

from portal.clock import Clock
from portal.quality.afterwards import quarter_of
from portal.quality.sheet import Kind, Sheet
from portal.quality.tables import quality_sheets
from portal.records.sealed_rows import SealedRows
from portal.rotation.source import Source
from portal.store.database import Database

if TYPE_CHECKING:
    from portal.staff.desk import StaffRoom
    from portal.staff.sessions.session import Signed

MOST: Final = 5_000
_decoder = msgspec.json.Decoder(Sheet)


@dataclass(frozen=True, slots=True)
class Shared:
    """What somebody shared about herself, and on which day."""

    day: str
    sheet: Sheet


class QualityBook:
    """The sheets. Every act raises `DatabaseAway` when the database does not answer."""

    def __init__(self, database: Database, staff: "StaffRoom", clock: Clock, *, days: Callable[[Kind], int]) -> None:
        """`days`: for how long a sheet of this kind is kept."""
        self._database = database
        self._clock = clock
        self._days = days
        self._rows = SealedRows(staff, quality_sheets, name="sheets", kind="quality sheet", clear=("until",))

    async def keep(self, sheet: Sheet) -> None:
        """Put one into the book, with no line in the audit: how often whose work was looked at is not counted."""
        today = self._clock.now().date()
        until = (today + timedelta(days=self._days(sheet.kind))).isoformat()
        values = await self._rows.made(msgspec.json.encode(sheet), today.isoformat(), until=until)
        async with self._database.write() as connection:
            await connection.execute(insert(quality_sheets).values(**values))

    async def read(self, signed: "Signed") -> tuple[Mapping[str, Sequence[Sheet]], Sequence[Shared]]:
        """The sheets by quarter, the newest first; and what was shared, the newest first."""
        await self._rows.ready()
        async with self._database.read() as connection:
            newest = select(quality_sheets).order_by(quality_sheets.c.day.desc(), quality_sheets.c.id).limit(MOST)
            rows = (await connection.execute(newest)).all()
        quarters: dict[str, list[Sheet]] = defaultdict(list)
        shared: list[Shared] = []
        for row in rows:
            raw = self._rows.opened(signed, row) if self._rows.is_ours(row) else None
            if raw is None:
                continue
            sheet = _decoder.decode(raw)
            if sheet.kind == "check":
                shared.append(Shared(row.day, sheet))
            else:
                quarters[quarter_of(date.fromisoformat(row.day))].append(sheet)
        return quarters, shared

    async def forget_over(self) -> bool:
        """Delete every sheet whose last day is past; whether there was one."""
        over = quality_sheets.c.until < self._clock.now().date().isoformat()
        async with self._database.read() as connection:
            if (await connection.execute(select(quality_sheets.c.id).where(over).limit(1))).one_or_none() is None:
                return False
        async with self._database.write() as connection:
            await connection.execute(delete(quality_sheets).where(over))
        return True

    async def empty_log(self) -> bool:
        """Leave nothing of what was deleted in the database's log and files; False: ask again."""
        return await self._database.checkpoint(quality_sheets)

    def sources(self) -> tuple[Source]:
        """What of the sheets is sealed to a compartment, for whoever seals it to a newer key."""
        return (self._rows.source(),)
