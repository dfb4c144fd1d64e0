"""Remembers what to look for once something of a case is erased, looks for it in the files, says what was found."""

import asyncio
import contextlib
import hashlib
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.consent.tables import consents
from portal.directory.referral_tables import referrals
from portal.duty.tables import decision_words, decisions
from portal.errors import Away
from portal.ids import ID_SIZE
from portal.records.case_tables import PARTS, case_people, case_proofs, case_tombstones, cases
from portal.records.cases import Cases
from portal.settings import Secret
from portal.store.embers import Embers
from portal.store.sought import PIECE, SIDE_FILES, Found, search
from portal.vault.marks import is_marked, mark

REMEMBERED_FOR: Final = timedelta(days=1)
MOST_AT_ONCE: Final = 50
MOST_SHOWN: Final = 60
_PURPOSE: Final = "case proof"
# What goes along with a case, a contact or a tip: what was agreed to, decided, and whom she was led to.
_ALONG: Final = (consents, decisions, decision_words, referrals)

_log = logging.getLogger("porchlight.records")


@dataclass(frozen=True)
class Proof:
    """What can be shown of the things erased on one day: how many, whether their rows are gone, what a search found.

    `searched`: how many were looked for in the files; `left`: of how many something was found there. `log_is_empty`:
    as of this moment, None where the log is a server's. `copies_open_until`: the last day on which a backup could open
    them, if its files are deleted as they should be.
    """

    day: date
    erased: int
    rows_left: int
    searched: int
    left: int
    on_server: int
    log_is_empty: bool | None
    copies_open_until: date

    @property
    def is_shown(self) -> bool:
        """Whether all of it was looked for and nothing is left."""
        return not self.rows_left and not self.left and self.searched == self.erased and self.log_is_empty is not False


class CaseProving:
    """What to look for is kept a day in the store without a disk, and looked for by whichever process comes first."""

    def __init__(self, book: Cases, embers: Embers, place: Path | Secret, backup_days: int) -> None:
        self._book = book
        self._embers = embers
        self._place = place
        self._backup_days = backup_days

    async def erased(self, connection: AsyncConnection, sealed: Mapping[bytes, Sequence[bytes]]) -> None:
        """Note that these rows are erased in this transaction, and a piece of each of their bodies to look for.

        With the store away nothing is looked for, and the proof says so.
        """
        for name, bodies in sealed.items():
            known = await connection.execute(select(case_tombstones.c.id).where(case_tombstones.c.id == name))
            if known.one_or_none() is None:
                await connection.execute(insert(case_tombstones).values(id=name, day=self._book.today))
            with contextlib.suppress(Away):
                pieces = b"".join(body[PIECE] for body in bodies if body)
                await self._embers.put(_key(name), pieces, REMEMBERED_FOR)

    async def search(self) -> int:
        """Look for what is still to be looked for; how many. The log has been emptied before. Raises Away, OSError."""
        waiting = await self._waiting()
        pieces = await self._embers.get_many([_key(name) for name in waiting])
        sought = {name: piece for name, piece in zip(waiting, pieces, strict=True) if piece}
        if not sought:
            return 0
        if isinstance(self._place, Path):
            left = await asyncio.to_thread(search, sought, [Path(f"{self._place}{end}") for end in SIDE_FILES])
            found = {name: Found.SOMETHING if name in left else Found.NOTHING for name in sought}
        else:
            found = dict.fromkeys(sought, Found.SERVER)
        await self._keep(found)
        await self._embers.delete(*(_key(name) for name in found if found[name] is not Found.SOMETHING))
        if Found.SOMETHING in found.values():
            _log.error("case_still_there")
        return len(found)

    async def proofs(self) -> list[Proof]:
        """What can be shown, by days, the newest first. Raises DatabaseAway."""
        await self._book.rows.ready()
        is_empty = await self._book.database.checkpoint(cases, *PARTS) if isinstance(self._place, Path) else None
        async with self._book.database.read() as connection:
            asked = select(case_tombstones.c.day, func.count()).group_by(case_tombstones.c.day)
            days = (await connection.execute(asked.order_by(case_tombstones.c.day.desc()).limit(MOST_SHOWN))).all()
            return [await self._of_day(connection, row.day, row[1], is_empty) for row in days]

    async def _of_day(self, connection: AsyncConnection, day: str, erased: int, is_empty: bool | None) -> Proof:
        stones = select(case_tombstones.c.id).where(case_tombstones.c.day == day)
        rows_left = 0
        for table in (cases, case_people, *_ALONG):
            rows_left += await connection.scalar(select(func.count()).where(table.c.id.in_(stones))) or 0
        proofs = (await connection.execute(select(case_proofs).where(case_proofs.c.id.in_(stones)))).all()
        peppers = self._book.staff.accounts.live_peppers()
        ours = [row for row in proofs if is_marked(peppers, row.mark, *said(row))]
        count = {what: sum(row.found == what.value for row in ours) for what in Found}
        on = date.fromisoformat(day)
        until = on + timedelta(days=self._backup_days)
        return Proof(on, erased, rows_left, len(ours), count[Found.SOMETHING], count[Found.SERVER], is_empty, until)

    async def _waiting(self) -> list[bytes]:
        """What was erased in the last days, but that of which a search has found nothing."""
        since = (self._book.clock.now() - 2 * REMEMBERED_FOR).date().isoformat()
        done = select(case_proofs.c.id).where(case_proofs.c.found != Found.SOMETHING.value)
        name = case_tombstones.c.id
        asked = select(name).where(case_tombstones.c.day >= since, name.not_in(done)).order_by(name).limit(MOST_AT_ONCE)
        async with self._book.database.read() as connection:
            return list(await connection.scalars(asked))

    async def _keep(self, found: Mapping[bytes, Found]) -> None:
        accounts, day = self._book.staff.accounts, self._book.today
        await accounts.ready()
        pepper = accounts.pepper(accounts.newest_pepper())
        async with self._book.database.write() as connection:
            await connection.execute(delete(case_proofs).where(case_proofs.c.id.in_(found)))
            for name, what in found.items():
                made = mark(pepper, _PURPOSE, name, day, what.value)
                await connection.execute(insert(case_proofs).values(id=name, day=day, found=what.value, mark=made))


def said(row: Any) -> tuple[str, bytes, str, str]:  # Any: a row of the database
    """What the mark of a row is made of: its purpose, then its parts."""
    return _PURPOSE, row.id, row.day, row.found


def names_of(person: bytes) -> bytes:
    """Under which name the names of a person are said to be erased: she herself may stay."""
    return hashlib.sha256(b"names" + person).digest()[:ID_SIZE]


def erase_again(connection: Connection, erased: Iterable[tuple[bytes, str]]) -> int:
    """Remove, from a house that is put back, every case and person that was erased since, and every consent,
    decision and referral; answers how many cases.

    Safe to do twice. What the days of a case let go goes by itself when the house runs.
    """
    known = set(connection.execute(select(case_tombstones.c.id)).scalars())
    days = {name: day for name, day in erased if name not in known}
    if days:
        connection.execute(insert(case_tombstones), [{"id": name, "day": day} for name, day in days.items()])
    gone = [*known, *days]
    before = connection.scalar(select(func.count()).select_from(cases)) or 0
    for at in range(0, len(gone), 500):
        some = gone[at : at + 500]
        connection.execute(delete(case_people).where(case_people.c.id.in_(some)))
        for table in PARTS:
            connection.execute(delete(table).where(table.c.case_id.in_(some)))
        for table in _ALONG:
            connection.execute(delete(table).where(table.c.id.in_(some)))
        connection.execute(delete(cases).where(cases.c.id.in_(some)))
    return before - (connection.scalar(select(func.count()).select_from(cases)) or 0)


def _key(name: bytes) -> bytes:
    return b"case gone:" + hashlib.sha256(name).digest()
