"""Keeps the short records of contacts, and what supervisors wrote to each: sealed to the records, for so many days."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import msgspec
from sqlalchemy import and_, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.alerts.desk import Alerts
from portal.clock import Clock
from portal.consent.terms import Kind, Subject
from portal.ids import random_id
from portal.records.case_held import HeldContacts
from portal.records.contact import ContactRecord, Speed, read_record, write_record
from portal.records.contact_shapes import Leaf, Row, Waits, Written
from portal.records.supervising import SupervisorEntry, read_entry, write_entry
from portal.records.tables import contact_records, supervisor_entries
from portal.rotation.source import Source
from portal.staff.desk import StaffRoom
from portal.staff.sessions.session import Signed
from portal.staff.trail import audit
from portal.store.database import Database
from portal.store.valkey import ValkeyAway
from portal.vault.entries import open_entry, seal_entry
from portal.vault.errors import KeyMissing, SealBroken
from portal.vault.marks import is_marked, mark
from portal.vault.rewraps import Turn, entry_again

if TYPE_CHECKING:
    from portal.consent.along import Along

WAITING: Final[tuple[Waits, ...]] = ("now", "shift", "asked")
Late = Callable[[AsyncConnection, bytes, str], Awaitable[None]]
SHOWN: Final = 50
AT_ONCE: Final = 200  # go in one transaction
# A case that may wait is everybody's on call when nobody has written to it for so long.
SHIFT: Final = timedelta(hours=8)
_CONTACT: Final = "contact"
_SUPERVISOR: Final = "supervisor"

_log = logging.getLogger("porchlight.records")


class Sealed(msgspec.Struct, frozen=True, array_like=True):
    """One record, sealed and not yet in the book; `asks`: how soon a supervisor's entry is asked for."""

    id: bytes
    day: str
    asks: Speed
    sealed: bytes
    until: str

    def __repr__(self) -> str:
        return "Sealed(...)"


class AnsweredAlready(Exception):
    """A supervisor has written to it: what she read is not written over."""


class Contacts:
    """The book of contacts. Every act raises `DatabaseAway` when the database does not answer."""

    def __init__(
        self,
        database: Database,
        staff: StaffRoom,
        clock: Clock,
        alerts: Alerts,
        along: "Along",
        *,
        days: Callable[[], int],
        late: Late,
    ) -> None:
        """`late` is told of each new record, its name and day, inside the transaction that puts it in."""
        self._database = database
        self._staff = staff
        self._clock = clock
        self._alerts = alerts
        self._along = along
        self._days = days
        self._late = late
        self._held = HeldContacts(staff)

    async def seal(self, record: ContactRecord, *, row: bytes = b"") -> Sealed:
        """Seal one to the records, to be put into the book later. Whoever does this cannot read it again."""
        row = row or random_id()
        version, public = (await self._staff.ledger.current()).compartment("records")
        today = self._clock.now().date()
        day, until = today.isoformat(), (today + timedelta(days=self._days())).isoformat()
        sealed = seal_entry(public, version, row, _CONTACT, day, write_record(record))
        return Sealed(row, day, record.asks, sealed, until)

    async def put(self, record: Sealed, *, anew: bool = False) -> None:
        """Put one into the book, under its name once, with no line in the audit: who dealt with how many people is not
        counted for ever. `anew`: what its writer said before is written over.

        A supervisor is told at once of one that asks for her, without a word of what it says. Raises AnsweredAlready
        where she has written to it.
        """
        await self._staff.accounts.ready()
        values = self._marked(record.id, record.day, record.asks, record.sealed, record.until)
        one = contact_records.c.id == record.id
        async with self._database.write() as connection:
            known = (await connection.execute(select(contact_records).where(one))).one_or_none()
            if known is not None and not anew:
                return
            if known is None:
                await connection.execute(insert(contact_records).values(id=record.id, **values))
                await self._late(connection, record.id, record.day)
            elif known.waits in ("asked", "done"):
                raise AnsweredAlready
            else:
                await connection.execute(update(contact_records).where(one).values(**values))
        await self._tell(record)

    async def read(self, signed: Signed, *, waiting: bool = False, after: tuple[str, bytes] | None = None) -> Leaf:
        """The newest records, or what follows `after` (a day, a name); `waiting`: only those that wait for an entry,
        the most urgent first.
        """
        await self._staff.accounts.ready()
        row = contact_records.c
        asked = select(contact_records).limit(SHOWN + 1)
        if waiting:
            asked = asked.where(row.waits.in_(WAITING)).order_by(row.waits != "now", row.day, row.id)
        else:
            asked = asked.order_by(row.day.desc(), row.id)
        if after is not None:
            asked = asked.where(or_(row.day < after[0], and_(row.day == after[0], row.id > after[1])))
        async with self._database.read() as connection:
            rows = (await connection.execute(asked)).all()
        read = [each for found in rows[:SHOWN] if (each := self._open(signed, found)) is not None]
        last = rows[SHOWN - 1] if len(rows) > SHOWN else None
        return Leaf(read, None if last is None else Row(last.id, last.day, last.waits, None))

    async def one(self, signed: Signed, row: bytes) -> tuple[Row, Sequence[Written]] | None:
        """One record with what supervisors wrote to it, in the order of their days; or None."""
        await self._staff.accounts.ready()
        entries = supervisor_entries.c
        async with self._database.read() as connection:
            found = (await connection.execute(select(contact_records).where(contact_records.c.id == row))).one_or_none()
            asked = select(supervisor_entries).where(entries.record == row).order_by(entries.day, entries.id)
            written = (await connection.execute(asked)).all()
        opened = None if found is None else self._open(signed, found)
        if opened is None:
            return None
        return opened, [each for one in written if (each := self._open_entry(signed, one)) is not None]

    async def some(self, signed: Signed, rows: Sequence[bytes]) -> Mapping[bytes, Row]:
        """Those of these records that there are, by their names; for whoever came through the door of their case."""
        await self._staff.accounts.ready()
        async with self._database.read() as connection:
            found = (await connection.execute(select(contact_records).where(contact_records.c.id.in_(rows)))).all()
        return {row.id: row for each in found if (row := self._open(signed, each)) is not None}

    async def waiting(self) -> tuple[int, int]:
        """How many records wait for a supervisor: now, and within the shift. A row nobody here wrote counts too."""
        row = contact_records.c
        asked = select(row.waits, func.count()).where(row.waits.in_(WAITING)).group_by(row.waits)
        async with self._database.read() as connection:
            counted = {found.waits: found[1] for found in await connection.execute(asked)}
        return counted.get("now", 0), sum(count for waits, count in counted.items() if waits != "now")

    async def write(self, signed: Signed, row: bytes, entry: SupervisorEntry) -> bool:
        """A supervisor's entry to one that waits; False where there is none, or none that this house wrote."""
        await self._staff.accounts.ready()
        version, public = (await self._staff.ledger.current()).compartment("records")
        name, day = random_id(), self._clock.now().date().isoformat()
        sealed = seal_entry(public, version, name, _SUPERVISOR, day, write_entry(entry, row))
        waits: Waits = "asked" if entry.verdict == "asked_more" else "done"
        async with self._database.write() as connection:
            one = contact_records.c.id == row
            found = (await connection.execute(select(contact_records).where(one))).one_or_none()
            if found is None or found.waits not in WAITING or not self._is_ours(found):
                return False
            changed = self._marked(row, found.day, waits, found.sealed, found.until)
            await connection.execute(update(contact_records).where(one).values(**changed))
            number = self._staff.accounts.newest_pepper()
            marked = mark(self._staff.accounts.pepper(number), _SUPERVISOR, name, row, day, sealed, found.until)
            kept = {"day": day, "sealed": sealed, "pepper": number, "mark": marked, "until": found.until}
            await connection.execute(insert(supervisor_entries).values(id=name, record=row, **kept))
            act = f"record.{entry.verdict}"
            await audit.line(connection, at=self._clock.now(), act=act, staff_id=signed.staff_id, subject=row)
        try:
            for kind in ("case", "case_shift"):
                await self._alerts.settle(kind, row, by=signed.staff_id)
        except ValkeyAway:
            _log.warning("case_not_settled")  # her entry stands; whoever is called finds it written
        return True

    async def forget_over(self) -> bool:
        """Delete whatever's last day is past; whether there was any. `empty_log` takes the last of its bytes.

        What belongs to a case that a legal hold keeps stays, with what a supervisor wrote to it.
        """
        today = self._clock.now().date().isoformat()
        row, entry = contact_records.c, supervisor_entries.c
        async with self._database.read() as connection:
            over = {found.id for found in await connection.execute(select(row.id).where(row.until < today))}
            read = select(entry.record).where(entry.until < today).distinct()
            over |= {found.record for found in await connection.execute(read)}
            gone = sorted(over - await self._held.among(connection, over)) if over else []
        for at in range(0, len(gone), AT_ONCE):
            some = gone[at : at + AT_ONCE]
            async with self._database.write() as connection:
                await connection.execute(delete(contact_records).where(row.id.in_(some), row.until < today))
                of_them = entry.record.in_(some)
                await connection.execute(delete(supervisor_entries).where(of_them, entry.until < today))
                left = set(await connection.scalars(select(row.id).where(row.id.in_(some))))
                them = [Subject(Kind.CONTACT, each) for each in some if each not in left]
                await self._along.forget(connection, them)
        return bool(gone)

    async def empty_log(self) -> bool:
        """Leave nothing of what was deleted in the database's log and files; False: ask again."""
        return await self._database.checkpoint(contact_records) and await self._database.checkpoint(supervisor_entries)

    async def _tell(self, record: Sealed) -> None:
        """Whoever is on call: at once, or on the open desks at once and up the ladder when its shift is over."""
        if record.asks == "now":
            await self._alerts.raise_("case", record.id)
        elif record.asks == "shift":
            await self._alerts.raise_("case_shift", record.id, within_s=SHIFT.total_seconds())

    def sources(self) -> tuple[Source, Source]:
        """What of the contacts is sealed to a compartment, for whoever seals it to a newer key."""
        records, entries = contact_records.c, supervisor_entries.c
        return (
            Source("contacts", records.id, records.sealed, self._again),
            Source("supervisor_entries", entries.id, entries.sealed, self._entry_again),
        )

    def _again(self, row: Any, turn: Turn) -> Mapping[str, object]:  # Any: as in `_open`
        if not self._is_ours(row):
            raise SealBroken("this record was not written here")
        sealed = entry_again(row.sealed, turn, row.id, _CONTACT, row.day)
        marked = mark(turn.pepper, _CONTACT, row.id, row.day, row.waits, sealed, row.until)
        return {"sealed": sealed, "pepper": self._staff.accounts.newest_pepper(), "mark": marked}

    def _entry_again(self, row: Any, turn: Turn) -> Mapping[str, object]:  # Any: as in `_open`
        if not self._is_our_entry(row):
            raise SealBroken("this entry was not written here")
        sealed = entry_again(row.sealed, turn, row.id, _SUPERVISOR, row.day)
        marked = mark(turn.pepper, _SUPERVISOR, row.id, row.record, row.day, sealed, row.until)
        return {"sealed": sealed, "pepper": self._staff.accounts.newest_pepper(), "mark": marked}

    def _marked(self, row: bytes, day: str, waits: str, sealed: bytes, until: str) -> dict[str, Any]:
        number = self._staff.accounts.newest_pepper()
        marked = mark(self._staff.accounts.pepper(number), _CONTACT, row, day, waits, sealed, until)
        return {"day": day, "waits": waits, "sealed": sealed, "until": until, "pepper": number, "mark": marked}

    def raw(self, signed: Signed, row: Any) -> bytes | None:  # Any: as below
        """The bytes that a whole row holds sealed, for whoever reads less of them than this book; None for a row that
        nobody here wrote. Raises VaultError.
        """
        keys = signed.compartment_keys("records")
        return open_entry(keys, row.id, _CONTACT, row.day, row.sealed) if self._is_ours(row) else None

    def _is_ours(self, row: Any) -> bool:  # Any: a row of the database, typed nowhere before this
        parts = row.id, row.day, row.waits, row.sealed, row.until
        return is_marked((self._staff.accounts.pepper(row.pepper),), row.mark, _CONTACT, *parts)

    def _is_our_entry(self, row: Any) -> bool:  # Any: as above
        parts = row.id, row.record, row.day, row.sealed, row.until
        return is_marked((self._staff.accounts.pepper(row.pepper),), row.mark, _SUPERVISOR, *parts)

    def _open(self, signed: Signed, row: Any) -> Row | None:  # Any: as above
        if not self._is_ours(row):
            _log.error("contact_record_refused")
            return None
        record: ContactRecord | None
        try:
            record = read_record(open_entry(signed.compartment_keys("records"), row.id, _CONTACT, row.day, row.sealed))
        except (KeyMissing, SealBroken, ValueError):
            record = None
        return Row(row.id, row.day, row.waits, record)

    def _open_entry(self, signed: Signed, row: Any) -> Written | None:  # Any: as above
        if not self._is_our_entry(row):
            _log.error("supervisor_entry_refused")
            return None
        try:
            raw = open_entry(signed.compartment_keys("records"), row.id, _SUPERVISOR, row.day, row.sealed)
            return Written(row.day, read_entry(raw, row.record))
        except (KeyMissing, SealBroken, ValueError):
            return Written(row.day, None)
