"""Keeps what was counted: sealed exact counts until their year is closed, and what is shown, which never changes."""

import logging
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import msgspec
from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.clock import Clock
from portal.figures.periods import Quarter, quarter_of, read_quarter
from portal.figures.release import Release
from portal.figures.slips import SealedSlip, Slip
from portal.figures.tables import figure_late, figure_releases, figure_slips, figure_tallies
from portal.figures.tally import Tally
from portal.ids import random_id
from portal.rotation.source import Again, Source
from portal.staff.desk import StaffRoom
from portal.staff.keys.ledger import NotSetUp
from portal.staff.sessions.session import Signed
from portal.staff.trail import audit
from portal.store.database import Database, DatabaseAway
from portal.vault.entries import open_entry, seal_entry
from portal.vault.errors import KeyMissing, SealBroken
from portal.vault.marks import is_marked, mark
from portal.vault.rewraps import Turn, entry_again

CLOSED: Final = "figures.closed"
YEARS_SHOWN: Final = 20
ASKS_EVERY_SECONDS: Final = 60.0
SLIP: Final = "figures slip"
_TALLY: Final = "figures tally"
_RELEASE: Final = "figures release"
_LATE: Final = "figures late"

_log = logging.getLogger("porchlight.figures")


@dataclass(frozen=True)
class Shown:
    """What is shown of one span, and on which day it was closed."""

    span: str
    day: str
    release: Release

    @property
    def is_year(self) -> bool:
        """Whether it is a year's."""
        return len(self.span) == 4


class Figures:
    """The book of figures. Every act raises `DatabaseAway` when the database does not answer."""

    def __init__(self, database: Database, staff: StaffRoom, clock: Clock) -> None:
        self.database = database
        self._staff = staff
        self._clock = clock
        self._is_out = False
        self._asks_at = 0.0

    @property
    def today(self) -> date:
        """This day."""
        return self._clock.now().date()

    async def shown(self) -> Sequence[Shown]:
        """All that is shown, the newest first, a year before its quarters. A row nobody here wrote is left out."""
        await self._staff.accounts.ready()
        wanted = select(figure_releases).order_by(figure_releases.c.span.desc()).limit(5 * YEARS_SHOWN)
        async with self.database.read() as connection:
            rows = (await connection.execute(wanted)).all()
        read = [each for row in rows if (each := self._read(row)) is not None]
        return sorted(read, key=lambda each: (each.span[:4], each.is_year, each.span), reverse=True)

    async def is_out(self) -> bool:
        """Whether anything is shown yet: once it is, it stays. Asked about once a minute while it is not."""
        now = time.monotonic()
        if not self._is_out and now >= self._asks_at:
            self._asks_at = now + ASKS_EVERY_SECONDS
            try:
                self._is_out = bool(await self.shown())
            except (DatabaseAway, NotSetUp):
                return False
        return self._is_out

    async def newest(self) -> Quarter | None:
        """The newest quarter that is closed."""
        quarters = [read_quarter(each.span) for each in await self.shown() if not each.is_year]
        return max(quarters, default=None)

    async def tallies(self, signed: Signed) -> dict[Quarter, Tally]:
        """The exact counts that are still kept and that her keys open."""
        await self._staff.accounts.ready()
        async with self.database.read() as connection:
            rows = (await connection.execute(select(figure_tallies))).all()
        found: dict[Quarter, Tally] = {}
        for row in rows:
            if not self.is_ours(row, _TALLY, "quarter"):
                _log.error("figures_tally_refused")
                continue
            try:
                raw = open_entry(signed.compartment_keys("records"), row.id, _TALLY, row.quarter, row.sealed)
                found[read_quarter(row.quarter)] = msgspec.json.decode(raw, type=Tally)
            except (KeyMissing, SealBroken, ValueError):
                _log.error("figures_tally_not_opened")
        return found

    async def close(self, quarter: Quarter, tally: Tally, releases: Mapping[str, Release], *, by: Signed) -> bool:
        """Write down what was counted of a quarter and what is shown from now on; its slips go. False where another
        process has closed it meanwhile.
        """
        await self._staff.accounts.ready()
        number = self._staff.accounts.newest_pepper()
        pepper = self._staff.accounts.pepper(number)
        version, public = (await self._staff.ledger.current()).compartment("records")
        row, day, name = random_id(), self.today.isoformat(), str(quarter)
        sealed = seal_entry(public, version, row, _TALLY, name, msgspec.json.encode(tally))
        kept = {"id": row, "quarter": name, "sealed": sealed, "pepper": number}
        async with self.database.write() as connection:
            taken = select(figure_releases.c.span).where(figure_releases.c.span.in_([*releases, name]))
            if (await connection.execute(taken)).first() is not None:
                return False
            await connection.execute(
                insert(figure_tallies).values(**kept, mark=mark(pepper, _TALLY, row, name, sealed))
            )
            for span, release in releases.items():
                body = msgspec.json.encode(release).decode()
                marked = mark(pepper, _RELEASE, span, day, body)
                values = {"span": span, "day": day, "body": body, "pepper": number, "mark": marked}
                await connection.execute(insert(figure_releases).values(**values))
            await connection.execute(delete(figure_slips).where(figure_slips.c.month <= quarter.months[-1]))
            await connection.execute(delete(figure_late).where(figure_late.c.quarter <= name))
            await audit.line(connection, at=self._clock.now(), act=CLOSED, staff_id=by.staff_id)
        self._asks_at = 0.0
        return True

    async def forget(self, quarters: Collection[Quarter]) -> None:
        """Erase the exact counts of these quarters: nothing is made of them any more."""
        names = [str(each) for each in quarters]
        async with self.database.write() as connection:
            await connection.execute(delete(figure_tallies).where(figure_tallies.c.quarter.in_(names)))

    async def empty_log(self) -> bool:
        """Leave nothing of what was deleted in the database's log and files; False: ask again."""
        return await self.database.checkpoint(figure_tallies) and await self.database.checkpoint(figure_slips)

    async def earliest(self, connection: AsyncConnection, *columns: Any) -> date | None:  # Any: a column of days
        """The earliest day in these columns, of days or months."""
        found = [await connection.scalar(select(func.min(column))) for column in columns]
        days = [date.fromisoformat(each if len(each) == 10 else f"{each}-01") for each in found if each]
        return min(days, default=None)

    async def seal_slip(self, slip: Slip, *, row: bytes = b"") -> SealedSlip:
        """Seal what became of a chat. Whoever does this cannot read it again. Raises PorchlightError."""
        row, month = row or random_id(), self.today.isoformat()[:7]
        version, public = (await self._staff.ledger.current()).compartment("records")
        return SealedSlip(row, month, seal_entry(public, version, row, SLIP, month, msgspec.json.encode(slip)))

    async def slip_name(self, conversation: bytes) -> bytes:
        """The name of the slip of a conversation: from it nobody finds the conversation, nor the other way."""
        await self._staff.accounts.ready()
        return mark(self._staff.accounts.pepper(self._staff.accounts.newest_pepper()), SLIP, conversation)[:16]

    async def put_slips(self, slips: Sequence[SealedSlip]) -> None:
        """Put these in, each under its name once."""
        await self._staff.accounts.ready()
        number = self._staff.accounts.newest_pepper()
        pepper = self._staff.accounts.pepper(number)
        async with self.database.write() as connection:
            for slip in slips:
                known = select(figure_slips.c.id).where(figure_slips.c.id == slip.id)
                if (await connection.execute(known)).first() is None:
                    marked = mark(pepper, SLIP, slip.id, slip.month, slip.sealed)
                    values = {"id": slip.id, "month": slip.month, "sealed": slip.sealed}
                    await connection.execute(insert(figure_slips).values(**values, pepper=number, mark=marked))

    async def slips(self, signed: Signed, quarter: Quarter) -> Sequence[tuple[str, Slip]]:
        """What became of the chats of a quarter, by month, opened with her keys. Raises VaultError."""
        await self._staff.accounts.ready()
        wanted = select(figure_slips).where(figure_slips.c.month.in_(quarter.months))
        async with self.database.read() as connection:
            rows = (await connection.execute(wanted)).all()
        keys = signed.compartment_keys("records")
        return [
            (row.month, msgspec.json.decode(open_entry(keys, row.id, SLIP, row.month, row.sealed), type=Slip))
            for row in rows
            if self.is_ours(row, SLIP, "month")
        ]

    async def note_late(self, connection: AsyncConnection, row: bytes, day: str) -> None:
        """A record of this day is put in now. Where its quarter is closed already it counts in the one that runs."""
        known, today = quarter_of(date.fromisoformat(day)), self.today
        if not known.is_settled(today):
            return
        closed = select(figure_releases.c.span).where(figure_releases.c.span == str(known))
        if (await connection.execute(closed)).first() is not None:
            name, number = str(quarter_of(today)), self._staff.accounts.newest_pepper()
            marked = mark(self._staff.accounts.pepper(number), _LATE, row, name)
            values = {"id": row, "quarter": name, "pepper": number, "mark": marked}
            await connection.execute(insert(figure_late).values(**values))

    async def late(self, quarter: Quarter) -> Sequence[bytes]:
        """The records that came in this quarter and are of an earlier one."""
        await self._staff.accounts.ready()
        wanted = select(figure_late).where(figure_late.c.quarter == str(quarter))
        async with self.database.read() as connection:
            rows = (await connection.execute(wanted)).all()
        pepper = self._staff.accounts.pepper
        return [row.id for row in rows if is_marked((pepper(row.pepper),), row.mark, _LATE, row.id, row.quarter)]

    def sources(self) -> tuple[Source, Source]:
        """What of the figures is sealed to a compartment, for whoever seals it to a newer key."""
        tally, slip = figure_tallies.c, figure_slips.c
        return (
            Source("figures", tally.id, tally.sealed, self._again(_TALLY, "quarter")),
            Source("figure_slips", slip.id, slip.sealed, self._again(SLIP, "month")),
        )

    def _again(self, kind: str, span: str) -> Again:
        def again(row: Any, turn: Turn) -> Mapping[str, object]:  # Any: a row of the database
            if not self.is_ours(row, kind, span):
                raise SealBroken("this was not written here")
            when = row._mapping[span]
            sealed = entry_again(row.sealed, turn, row.id, kind, when)
            marked = mark(turn.pepper, kind, row.id, when, sealed)
            return {"sealed": sealed, "pepper": self._staff.accounts.newest_pepper(), "mark": marked}

        return again

    def is_ours(self, row: Any, kind: str, span: str) -> bool:  # Any: as above
        """Whether this house wrote a row of slips or tallies."""
        parts = row.id, row._mapping[span], row.sealed
        return is_marked((self._staff.accounts.pepper(row.pepper),), row.mark, kind, *parts)

    def _read(self, row: Any) -> Shown | None:  # Any: as above
        pepper = self._staff.accounts.pepper(row.pepper)
        if not is_marked((pepper,), row.mark, *said_of_release(row)):
            _log.error("figures_release_refused")
            return None
        return Shown(row.span, row.day, msgspec.json.decode(row.body, type=Release))


def said_of_release(row: Any) -> tuple[str, str, str, str]:  # Any: a row of the database
    """What the mark of a row is made of: its purpose, then its parts."""
    return _RELEASE, row.span, row.day, row.body
