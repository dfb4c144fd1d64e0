"""Keeps referrals: sealed to the records when they are made, gone on with by whoever made them, and let go in time."""

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.breathing import breathing
from portal.clock import Clock
from portal.consent.held import Held
from portal.consent.rule import Passage
from portal.consent.terms import Subject
from portal.directory.belonging import belongs_to, shut
from portal.directory.referral import About, Referral, gone_on, read_referral, write_referral
from portal.directory.referral_tables import referrals
from portal.ids import random_id
from portal.rotation.source import Source
from portal.staff.desk import StaffRoom
from portal.staff.sessions.session import Signed
from portal.store.database import Database
from portal.vault.entries import open_entry, seal_entry
from portal.vault.errors import KeyMissing, SealBroken
from portal.vault.marks import is_marked, mark
from portal.vault.rewraps import Turn, entry_again

SHOWN: Final = 50
WAITS: Final = "waits"
_KIND: Final = "referral"

_log = logging.getLogger("porchlight.directory")


@dataclass(frozen=True, slots=True)
class Row:
    """One referral as it is read. `waits`: nobody has said yet what became of it."""

    id: bytes
    day: str
    waits: bool
    referral: Referral


class Referrals:
    """The book of referrals. Every act raises `DatabaseAway` when the database does not answer.

    No line of the audit is written for one: who was helped how often, and by whom, is not counted for ever.
    """

    def __init__(self, database: Database, staff: StaffRoom, clock: Clock, *, days: Callable[[], int]) -> None:
        self._database = database
        self._staff = staff
        self._clock = clock
        self._days = days

    async def write(self, signed: Signed, referral: Referral, *, row: bytes = b"") -> bytes:
        """Seal one and keep it, under its name once. Whoever does this needs no key. Answers its name."""
        row = row or random_id()
        today = self._clock.now().date()
        values = await self._values(row, today.isoformat(), signed.staff_id, referral)
        values["until"] = (today + timedelta(days=self._days())).isoformat()
        async with self._database.write() as connection:
            known = await connection.execute(select(referrals.c.id).where(referrals.c.id == row))
            if known.one_or_none() is None:
                await connection.execute(insert(referrals).values(id=row, **self._marked(row, values)))
        return row

    async def mine(self, signed: Signed) -> tuple[Sequence[Row], int]:
        """Those she made that wait for their outcome, the oldest first, and how many there are."""
        own = (referrals.c.staff == signed.staff_id) & (referrals.c.waits == WAITS)
        asked = select(referrals).where(own).order_by(referrals.c.day, referrals.c.id).limit(SHOWN)
        async with self._database.read() as connection:
            rows = (await connection.execute(asked)).all()
            many = (await connection.execute(select(func.count()).select_from(referrals).where(own))).scalar_one()
        await self._staff.accounts.ready()
        return [read for row in rows if (read := self._open(signed, row)) is not None], many

    async def one(self, signed: Signed, row: bytes) -> Row | None:
        """One that she made and her key opens: it is asked of her alone."""
        await self._staff.accounts.ready()
        own = (referrals.c.id == row) & (referrals.c.staff == signed.staff_id)
        async with self._database.read() as connection:
            found = (await connection.execute(select(referrals).where(own))).one_or_none()
        return None if found is None else self._open(signed, found)

    async def go_on(
        self, signed: Signed, row: bytes, steps: Sequence[str], outcome: str, passage: Passage | None = None
    ) -> bool:
        """Tick what was done and say what became of it; `passage`: the gate's leave for what is told of her.

        False where it is not hers, or nothing of hers opens it.
        """
        now = await self.one(signed, row)
        if now is None:
            return False
        values = await self._values(row, now.day, signed.staff_id, gone_on(now.referral, steps, outcome, passage))
        async with self._database.write() as connection:
            asked = select(referrals.c.until).where(referrals.c.id == row)
            until = (await connection.execute(asked)).scalar()
            if until is None:
                return False
            changed = self._marked(row, {**values, "until": until})
            await connection.execute(update(referrals).where(referrals.c.id == row).values(**changed))
        return True

    async def about(self, signed: Signed, about: About, about_id: str) -> Sequence[Row]:
        """What was made for one case, contact, note or conversation, as far as her keys open it, by day."""
        wanted = about, about_id
        rows = await self.between(signed)
        return [row for row in rows if (row.referral.about, row.referral.about_id) == wanted]

    async def between(self, signed: Signed, first: str = "", last: str = "9999") -> Sequence[Row]:
        """Every referral of these days that her keys open, for whoever counts or shows those of a case."""
        await self._staff.accounts.ready()
        days = referrals.c.day.between(first, last)
        async with self._database.read() as connection:
            rows = (await connection.execute(select(referrals).where(days).order_by(referrals.c.day))).all()
        return [read for row in rows if (read := self._open(signed, row)) is not None]

    async def taken(self, connection: AsyncConnection, about: Iterable[Subject]) -> dict[bytes, list[bytes]]:
        """Delete what was made for these things, in the caller's transaction; answers what each held, by its name."""
        wanted = set(about)
        if not wanted:
            return {}
        found = await self._belonging(connection)
        return await self._gone(connection, [row for row, subject in found.items() if subject in wanted])

    async def over(self, connection: AsyncConnection, held: Held) -> dict[bytes, list[bytes]]:
        """The same for those whose last day is past, but what belongs to a thing that a legal hold keeps."""
        about = await self.past(connection)
        stay = await held(connection, set(about.values()))
        rows = await connection.scalars(select(referrals.c.id).where(self._is_over()))
        return await self._gone(connection, [row for row in rows if about.get(row) not in stay])

    async def past(self, connection: AsyncConnection) -> dict[bytes, Subject]:
        """What each row belongs to whose last day is past, by its name; of one that belongs to nothing, nothing."""
        return await self._belonging(connection, self._is_over())

    async def is_past(self, connection: AsyncConnection) -> bool:
        """Whether the last day of any is past, also of one that belongs to nothing."""
        return (await connection.execute(select(referrals.c.id).where(self._is_over()).limit(1))).first() is not None

    def raw(self, signed: Signed, row: Any) -> bytes | None:  # Any: as below
        """The bytes that a whole row holds sealed, for whoever reads less of them than this book; None for a row that
        nobody here wrote. Raises VaultError.
        """
        keys = signed.compartment_keys("records")
        return open_entry(keys, row.id, _KIND, row.day, row.sealed) if self._is_ours(row) else None

    def source(self) -> Source:
        """What of the referrals is sealed to a compartment, for whoever seals it to a newer key."""
        return Source("referrals", referrals.c.id, referrals.c.sealed, self._again)

    def _again(self, row: Any, turn: Turn) -> Mapping[str, object]:  # Any: a row of the database, typed nowhere
        if not self._is_ours(row):
            raise SealBroken("this referral was not written here")
        sealed = entry_again(row.sealed, turn, row.id, _KIND, row.day)
        parts = _parts(row.id, row.day, row.staff, row.waits, sealed, row.until)
        number = self._staff.accounts.newest_pepper()
        # By the newest pepper too: an older one may be gone one day.
        made = read_referral(open_entry(turn.privates, row.id, _KIND, row.day, row.sealed))
        part = shut(turn.pepper, row.id, made)
        return {"sealed": sealed, "part": part, "pepper": number, "mark": mark(turn.pepper, _KIND, *parts)}

    def _is_over(self) -> ColumnElement[bool]:
        return referrals.c.until < self._clock.now().date().isoformat()

    async def _belonging(self, connection: AsyncConnection, *which: ColumnElement[bool]) -> dict[bytes, Subject]:
        """What rows belong to, by their names. Read beside the event loop: a year of them takes its time."""
        await self._staff.accounts.ready()
        asked = select(referrals.c.id, referrals.c.pepper, referrals.c.part).where(*which)
        rows, accounts = (await connection.execute(asked)).all(), self._staff.accounts
        peppers = {row.pepper: accounts.pepper(row.pepper) for row in rows}
        return await asyncio.to_thread(_read, rows, peppers)

    async def _gone(self, connection: AsyncConnection, ids: Collection[bytes]) -> dict[bytes, list[bytes]]:
        asked = select(referrals.c.id, referrals.c.sealed).where(referrals.c.id.in_(ids))
        rows = (await connection.execute(asked)).all()
        await connection.execute(delete(referrals).where(referrals.c.id.in_(ids)))
        return {row.id: [row.sealed] for row in rows}

    async def _values(self, row: bytes, day: str, staff: bytes, referral: Referral) -> dict[str, Any]:
        await self._staff.accounts.ready()
        version, public = (await self._staff.ledger.current()).compartment("records")
        sealed = seal_entry(public, version, row, _KIND, day, write_referral(referral))
        part = shut(self._staff.accounts.pepper(self._staff.accounts.newest_pepper()), row, referral)
        waits = "" if referral.outcome else WAITS
        return {"day": day, "staff": staff, "waits": waits, "sealed": sealed, "part": part}

    def _marked(self, row: bytes, values: dict[str, Any]) -> dict[str, Any]:
        number = self._staff.accounts.newest_pepper()
        order = ("day", "staff", "waits", "sealed", "until")
        parts = _parts(row, *(values[name] for name in order))
        return {**values, "pepper": number, "mark": mark(self._staff.accounts.pepper(number), _KIND, *parts)}

    def _is_ours(self, row: Any) -> bool:  # Any: as above
        parts = _parts(row.id, row.day, row.staff, row.waits, row.sealed, row.until)
        return is_marked((self._staff.accounts.pepper(row.pepper),), row.mark, _KIND, *parts)

    def _open(self, signed: Signed, row: Any) -> Row | None:  # Any: as above
        if not self._is_ours(row):
            _log.error("referral_refused")
            return None
        try:
            raw = open_entry(signed.compartment_keys("records"), row.id, _KIND, row.day, row.sealed)
            return Row(row.id, row.day, row.waits == WAITS, read_referral(raw))
        except (KeyMissing, SealBroken, ValueError):
            return None


def _read(rows: Sequence[Any], peppers: Mapping[int, bytes]) -> dict[bytes, Subject]:  # Any: as above
    found = ((row.id, belongs_to(peppers, row.pepper, row.id, row.part)) for row in breathing(rows))
    return {row: subject for row, subject in found if subject is not None}


def _parts(*parts: bytes | str) -> tuple[bytes | str, ...]:
    return parts
