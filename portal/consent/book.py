"""Keeps consents: each a row that is only ever added, and taken back by a word of its own that counts at once."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.clock import Clock
from portal.consent.held import Held
from portal.consent.record import (
    Consent,
    Part,
    agreement_of,
    part_of,
    read_consent,
    read_part,
    recipient_of,
    write_consent,
    write_part,
)
from portal.consent.rule import Agreement
from portal.consent.tables import consents
from portal.consent.terms import Recipient, Subject
from portal.ids import random_id
from portal.rotation.source import Source
from portal.staff.desk import StaffRoom
from portal.staff.sessions.session import Signed
from portal.staff.tables import audit as audit_lines
from portal.staff.trail import audit
from portal.store.database import Database
from portal.vault.entries import open_entry, seal_entry
from portal.vault.errors import KeyMissing, SealBroken
from portal.vault.gate_parts import find_of, open_part, reader_of, seal_part
from portal.vault.marks import is_marked, mark
from portal.vault.rewraps import Turn, entry_again

GIVEN: Final = "consent.given"
TAKEN_BACK: Final = "consent.taken_back"
_CONSENT: Final = "consent"
MOST: Final = 200
"""Consents of one thing."""

_log = logging.getLogger("porchlight.gate")


@dataclass(frozen=True, slots=True)
class Row:
    """One consent as it is read; no `consent` for whoever's keys do not open it."""

    id: bytes
    agreement: Agreement
    ended_on: str
    consent: Consent | None


class TooMany(Exception):
    """There are as many consents of this as anybody can look through."""


class Consents:
    """The book of consents. Every act raises `DatabaseAway` when the database does not answer."""

    def __init__(self, database: Database, staff: StaffRoom, clock: Clock, *, days: Callable[[], int]) -> None:
        """`days`: for how long one is kept after its last day, to show that what left was agreed to."""
        self._database = database
        self._staff = staff
        self._clock = clock
        self._days = days

    async def give(self, signed: Signed, consent: Consent, *, row: bytes = b"") -> bytes:
        """Write one down, once under one name; whoever does it need not be able to read it again. Answers its name.

        Raises ValueError for one that names no reader or nothing to be read, TooMany.
        """
        if not consent.to.is_whole or not consent.what:
            raise ValueError("a consent to nobody or to nothing")
        row = row or random_id()
        await self._staff.accounts.ready()
        version, public = (await self._staff.ledger.current()).compartment("records")
        number = self._staff.accounts.newest_pepper()
        pepper = self._staff.accounts.pepper(number)
        find = find_of(pepper, consent.kind, consent.subject)
        until = (consent.until + timedelta(days=self._days())).isoformat()
        sealed = seal_entry(public, version, row, _CONSENT, until, write_consent(consent))
        async with self._database.write() as connection:
            before = await self._rows(connection, [consent.about])
            if any(each.id == row for each, _, _ in before):
                return row
            if len(before) >= MOST:
                raise TooMany("no more consents of this")
            place = 1 + max((max(part.number, part.ended) for _, _, part in before), default=0)
            part = seal_part(pepper, _CONSENT, row, find, write_part(part_of(consent, pepper, place)))
            values = self._marked(number, row, find, part, sealed, until)
            await connection.execute(insert(consents).values(id=row, **values))
            await audit.line(connection, at=self._clock.now(), act=GIVEN, staff_id=signed.staff_id, subject=row)
        return row

    async def take_back(self, signed: Signed, about: Subject, row: bytes) -> bool:
        """She takes it back; from this moment nothing leaves by it. False where there is no such live one."""
        await self._staff.accounts.ready()
        async with self._database.write() as connection:
            every = await self._rows(connection, [about])
            found = next(((each, part) for each, _, part in every if each.id == row), None)
            if found is None or found[1].ended:
                return False
            each, part = found
            place = 1 + max(max(part.number, part.ended) for _, _, part in every)
            ended = msgspec.structs.replace(part, ended=place, ended_on=self._clock.now().date().isoformat())
            pepper = self._staff.accounts.pepper(each.pepper)
            shut = seal_part(pepper, _CONSENT, row, each.find, write_part(ended))
            values = self._marked(each.pepper, row, each.find, shut, each.sealed, each.until)
            await connection.execute(update(consents).where(consents.c.id == row).values(**values))
            await audit.line(connection, at=self._clock.now(), act=TAKEN_BACK, staff_id=signed.staff_id, subject=row)
        return True

    async def of(self, signed: Signed, about: Iterable[Subject]) -> Sequence[Row]:
        """Every consent that belongs to these things, the newest first, opened as far as her keys go."""
        await self._staff.accounts.ready()
        async with self._database.read() as connection:
            found = await self._rows(connection, about)
            gone = await audited(connection, [row.id for row, _, _ in found], TAKEN_BACK)
        read = []
        for row, subject, part in found:
            consent = self._open(signed, row)
            to = consent.to if consent is not None else recipient_of(part, self._staff.accounts.pepper(row.pepper))
            agreement = agreement_of(row.id, subject, _as_audited(part, row.id in gone), to)
            read.append(Row(row.id, agreement, part.ended_on, consent))
        return sorted(read, key=lambda row: row.agreement.number, reverse=True)

    async def agreements(
        self, connection: AsyncConnection, about: Iterable[Subject], asked: Recipient
    ) -> list[Agreement]:
        """What was agreed to about these things, as the rule reads it when `asked` is to have something."""
        await self._staff.accounts.ready()
        found = await self._rows(connection, about)
        gone = await audited(connection, [row.id for row, _, _ in found], TAKEN_BACK)
        return [
            agreement_of(
                row.id,
                subject,
                _as_audited(part, row.id in gone),
                recipient_of(part, self._staff.accounts.pepper(row.pepper), asked),
            )
            for row, subject, part in found
        ]

    async def taken(self, connection: AsyncConnection, about: Iterable[Subject]) -> dict[bytes, list[bytes]]:
        """Delete all of these things, in the caller's transaction; answers what each row held sealed, by its name."""
        asked = select(consents).where(consents.c.find.in_(list(self._finds(about))))
        return await self._gone(connection, (await connection.execute(asked)).all())

    async def over(self, connection: AsyncConnection, held: Held) -> dict[bytes, list[bytes]]:
        """The same for whatever's last day is past, but what belongs to a thing that a legal hold keeps."""
        about = await self.past(connection)
        stay = await held(connection, set(about.values()))
        over = consents.c.until < self._clock.now().date().isoformat()
        rows = (await connection.execute(select(consents).where(over))).all()
        return await self._gone(connection, [row for row in rows if about.get(row.id) not in stay])

    async def is_past(self, connection: AsyncConnection) -> bool:
        """Whether the last day of any is past, also of one that this house did not write."""
        over = consents.c.until < self._clock.now().date().isoformat()
        return (await connection.execute(select(consents.c.id).where(over).limit(1))).first() is not None

    async def past(self, connection: AsyncConnection) -> dict[bytes, Subject]:
        """What each row is about whose last day is past, by its name; of one this house did not write nothing."""
        over = consents.c.until < self._clock.now().date().isoformat()
        await self._staff.accounts.ready()
        rows = (await connection.execute(select(consents).where(over))).all()
        return {row.id: part.about for row in rows if (part := self._part(row)) is not None}

    async def _gone(self, connection: AsyncConnection, rows: Sequence[Any]) -> dict[bytes, list[bytes]]:
        await connection.execute(delete(consents).where(consents.c.id.in_([row.id for row in rows])))
        return {row.id: [row.sealed] for row in rows}

    def source(self) -> Source:
        """What of the consents is sealed to a compartment, for whoever seals it to a newer key."""
        return Source("consents", consents.c.id, consents.c.sealed, self._again)

    def _again(self, row: Any, turn: Turn) -> Mapping[str, object]:  # Any: a row of the database
        part = self._part(row)
        if part is None:
            raise SealBroken("this consent was not written here")
        consent = read_consent(open_entry(turn.privates, row.id, _CONSENT, row.until, row.sealed))
        sealed = entry_again(row.sealed, turn, row.id, _CONSENT, row.until)
        # By the newest pepper too: an older one may be gone one day.
        find = find_of(turn.pepper, part.kind, part.subject)
        reader = reader_of(turn.pepper, consent.whom.value, consent.to.known_as)
        anew = write_part(msgspec.structs.replace(part, reader=reader))
        shut = seal_part(turn.pepper, _CONSENT, row.id, find, anew)
        return self._marked(self._staff.accounts.newest_pepper(), row.id, find, shut, sealed, row.until)

    async def _rows(
        self, connection: AsyncConnection, about: Iterable[Subject]
    ) -> list[tuple[Any, Subject, Part]]:  # Any: as above
        """The rows of these things that this house wrote, with what the gate reads of them."""
        finds = self._finds(about)
        asked = select(consents).where(consents.c.find.in_(list(finds)))
        return [
            (row, finds[row.find], part)
            for row in (await connection.execute(asked)).all()
            if (part := self._part(row)) is not None
        ]

    def _finds(self, about: Iterable[Subject]) -> dict[bytes, Subject]:
        peppers = list(self._staff.accounts.live_peppers())
        return {find_of(pepper, each.kind, each.id): each for each in about for pepper in peppers}

    def _part(self, row: Any) -> Part | None:  # Any: as above
        if not self._is_ours(row):
            _log.error("consent_refused")
            return None
        return read_part(open_part(self._staff.accounts.pepper(row.pepper), _CONSENT, row.id, row.find, row.part))

    def _open(self, signed: Signed, row: Any) -> Consent | None:  # Any: as above
        try:
            keys = signed.compartment_keys("records")
            return read_consent(open_entry(keys, row.id, _CONSENT, row.until, row.sealed))
        except (KeyMissing, SealBroken, ValueError):
            return None

    def _marked(
        self, number: int, row: bytes, find: bytes, part: bytes, sealed: bytes, until: str
    ) -> dict[str, Any]:  # Any: columns
        marked = mark(self._staff.accounts.pepper(number), _CONSENT, row, find, part, sealed, until)
        return {"find": find, "part": part, "sealed": sealed, "until": until, "pepper": number, "mark": marked}

    def _is_ours(self, row: Any) -> bool:  # Any: as above
        parts = row.id, row.find, row.part, row.sealed, row.until
        return is_marked((self._staff.accounts.pepper(row.pepper),), row.mark, _CONSENT, *parts)


async def audited(connection: AsyncConnection, rows: Sequence[bytes], *acts: str) -> frozenset[bytes]:
    """Of which of these the audit says that this was done: an older row that somebody put back gives nothing again."""
    lines = audit_lines.c
    asked = select(lines.subject).where(lines.subject.in_(rows), lines.act.in_(acts))
    return frozenset((await connection.execute(asked)).scalars()) if rows else frozenset()


def _as_audited(part: Part, is_gone: bool) -> Part:
    return msgspec.structs.replace(part, ended=part.number + 1) if is_gone and not part.ended else part
