"""Keeps what staff write down about a conversation: sealed to the records, marked, and answered by a supervisor."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import msgspec
from sqlalchemy import ColumnElement, and_, delete, insert, or_, select, update

from portal.clock import Clock
from portal.ids import random_id
from portal.records.tables import sealed_entries
from portal.rotation.source import Source
from portal.staff.desk import StaffRoom
from portal.staff.sessions.session import Signed
from portal.staff.trail import audit
from portal.store.database import Database
from portal.vault.entries import open_entry, seal_entry
from portal.vault.errors import KeyMissing, SealBroken
from portal.vault.marks import is_marked, mark
from portal.vault.rewraps import Turn, entry_again

Answer = Literal["", "waits", "yes", "no"]
SHOWN: Final = 100
NOBODY: Final = b""
_PURPOSE: Final = "sealed entry"

_log = logging.getLogger("porchlight.records")


class Account(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is sealed. `about` names the kind in the room that wrote it, `outcome` how it ended, `done` what was ticked.

    `at_ms` is the exact time, which stands nowhere in clear; `ref` lets that room find its own thing again.
    """

    about: str
    outcome: str = ""
    words: str = ""
    by: str = ""  # the alias of whoever wrote it
    who: str = ""
    region: str = ""
    done: tuple[str, ...] = ()
    at_ms: int = 0
    until_ms: int = 0
    ref: bytes = b""

    def __repr__(self) -> str:
        return "Account(...)"


class Sealed(msgspec.Struct, frozen=True, array_like=True):
    """One entry, sealed and not yet in the book; `until`: the last day it is kept, empty where there is none."""

    id: bytes
    day: str
    kind: str
    sealed: bytes
    until: str = ""

    def __repr__(self) -> str:
        return "Sealed(...)"


@dataclass(frozen=True, slots=True)
class Row:
    """One entry as it is read; no `account` for whoever's keys do not open it."""

    id: bytes
    day: str
    kind: str
    answer: Answer
    answered_by: bytes
    account: Account | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a leaf of the book ends: behind this row, among those that wait or among the others."""

    waits: bool
    day: str
    id: bytes


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page of entries; `ends` where more follow."""

    rows: Sequence[Row]
    ends: Place | None


class Entries:
    """The book of entries. Every act raises `DatabaseAway` when the database does not answer."""

    def __init__(self, database: Database, staff: StaffRoom, clock: Clock) -> None:
        self._database = database
        self._staff = staff
        self._clock = clock

    async def write(self, kind: str, account: Account, by: bytes, *, answer: Answer = "", row: bytes = b"") -> bytes:
        """Seal and keep one entry; answers its name. Under the same name (`row`) it is kept once."""
        sealed = await self.seal(kind, account, row=row)
        await self.put(sealed, by, answer=answer)
        return sealed.id

    async def seal(self, kind: str, account: Account, *, row: bytes = b"", until: str = "") -> Sealed:
        """Seal one entry to the records, to be put into the book later. Whoever does this cannot read it again."""
        row = row or random_id()
        version, public = (await self._staff.ledger.current()).compartment("records")
        day = self._clock.now().date().isoformat()
        return Sealed(row, day, kind, seal_entry(public, version, row, kind, day, msgspec.json.encode(account)), until)

    async def put(self, entry: Sealed, by: bytes = bytes(16), *, answer: Answer = "") -> None:
        """Put a sealed entry into the book. Under the same name it is kept once."""
        accounts, row = self._staff.accounts, entry.id
        await accounts.ready()
        number = accounts.newest_pepper()
        parts = _parts(row, entry.day, entry.kind, answer, NOBODY, entry.sealed)
        marked = mark(accounts.pepper(number), _PURPOSE, *parts)
        async with self._database.write() as connection:
            known = await connection.execute(select(sealed_entries.c.id).where(sealed_entries.c.id == row))
            if known.one_or_none() is None:
                await connection.execute(
                    insert(sealed_entries).values(
                        id=row,
                        day=entry.day,
                        kind=entry.kind,
                        answer=answer,
                        answered_by=NOBODY,
                        sealed=entry.sealed,
                        pepper=number,
                        mark=marked,
                        until=entry.until,
                    )
                )
                await audit.line(connection, at=self._clock.now(), act=f"entry.{entry.kind}", staff_id=by, subject=row)

    async def forget_over(self) -> bool:
        """Delete every entry whose last day is past; whether there was one. `empty_log` takes the last of its bytes."""
        today = self._clock.now().date().isoformat()
        over = (sealed_entries.c.until != "", sealed_entries.c.until < today)
        async with self._database.read() as connection:
            if (await connection.execute(select(sealed_entries.c.id).where(*over).limit(1))).one_or_none() is None:
                return False
        async with self._database.write() as connection:
            await connection.execute(delete(sealed_entries).where(*over))
        return True

    async def empty_log(self) -> bool:
        """Leave nothing of what was deleted in the database's log and files; False: ask again."""
        return await self._database.checkpoint(sealed_entries)

    async def read(self, signed: Signed, after: Place | None = None) -> Leaf:
        """The newest entries, those first that wait for an answer, or what follows `after`; opened with her keys."""
        await self._staff.accounts.ready()
        waits_first = (sealed_entries.c.answer != "waits", sealed_entries.c.day.desc(), sealed_entries.c.id)
        asked = select(sealed_entries).order_by(*waits_first).limit(SHOWN + 1)
        if after is not None:
            asked = asked.where(_follows(after))
        async with self._database.read() as connection:
            rows = (await connection.execute(asked)).all()
        # By what lies there, not by what opens: a row that is none of ours must not hide what is behind it.
        last = rows[SHOWN - 1] if len(rows) > SHOWN else None
        ends = None if last is None else Place(last.answer == "waits", last.day, last.id)
        return Leaf([read for row in rows[:SHOWN] if (read := self._open(signed, row)) is not None], ends)

    async def one(self, signed: Signed, row: bytes) -> Row | None:
        """One entry, or None."""
        await self._staff.accounts.ready()
        async with self._database.read() as connection:
            found = (await connection.execute(select(sealed_entries).where(sealed_entries.c.id == row))).one_or_none()
        return None if found is None else self._open(signed, found)

    async def answer(self, signed: Signed, row: bytes, answer: Literal["yes", "no"]) -> bool:
        """A supervisor's word on one that waits; False where none is waited for any more."""
        await self._staff.accounts.ready()
        async with self._database.write() as connection:
            one = sealed_entries.c.id == row
            found = (await connection.execute(select(sealed_entries).where(one))).one_or_none()
            if found is None or found.answer != "waits" or not self._is_ours(found):
                return False
            number = self._staff.accounts.newest_pepper()
            parts = _parts(row, found.day, found.kind, answer, signed.staff_id, found.sealed)
            marked = mark(self._staff.accounts.pepper(number), _PURPOSE, *parts)
            changed = {"answer": answer, "answered_by": signed.staff_id, "pepper": number, "mark": marked}
            await connection.execute(update(sealed_entries).where(one).values(**changed))
            await audit.line(
                connection, at=self._clock.now(), act=f"entry.{answer}", staff_id=signed.staff_id, subject=row
            )
        return True

    def source(self) -> Source:
        """What of the records is sealed to a compartment, for whoever seals it to a newer key."""
        columns = sealed_entries.c
        return Source("entries", columns.id, columns.sealed, self._again)

    def _again(self, row: Any, turn: Turn) -> Mapping[str, object]:  # Any: as in `_open`
        if not self._is_ours(row):
            raise SealBroken("this entry was not written here")
        sealed = entry_again(row.sealed, turn, row.id, row.kind, row.day)
        number = self._staff.accounts.newest_pepper()
        parts = _parts(row.id, row.day, row.kind, row.answer, row.answered_by, sealed)
        return {"sealed": sealed, "pepper": number, "mark": mark(turn.pepper, _PURPOSE, *parts)}

    def _open(self, signed: Signed, row: Any) -> Row | None:  # Any: a row of the database, typed nowhere before this
        if not self._is_ours(row):
            _log.error("sealed_entry_refused")
            return None
        try:
            words = open_entry(signed.compartment_keys("records"), row.id, row.kind, row.day, row.sealed)
            account = msgspec.json.decode(words, type=Account)
        except (KeyMissing, SealBroken):
            account = None
        return Row(row.id, row.day, row.kind, row.answer, row.answered_by, account)

    def _is_ours(self, row: Any) -> bool:  # Any: as above
        parts = _parts(row.id, row.day, row.kind, row.answer, row.answered_by, row.sealed)
        return is_marked((self._staff.accounts.pepper(row.pepper),), row.mark, _PURPOSE, *parts)


def _parts(row: bytes, day: str, kind: str, answer: str, by: bytes, sealed: bytes) -> tuple[bytes | str, ...]:
    return row, day, kind, answer, by, sealed


def _follows(place: Place) -> ColumnElement[bool]:
    row = sealed_entries.c
    waits = row.answer == "waits"
    older = or_(row.day < place.day, and_(row.day == place.day, row.id > place.id))
    return or_(~waits, older) if place.waits else and_(~waits, older)
