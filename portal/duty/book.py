"""Keeps decisions on reports: who wrote one, who stood behind it, what came of it; and sends nothing anywhere."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.clock import Clock
from portal.consent.book import audited
from portal.consent.held import Held
from portal.consent.rule import Excepted
from portal.consent.terms import Recipient, Subject
from portal.duty.decision import (
    STANDS_DAYS,
    VERSION,
    Decision,
    Look,
    Outcome,
    OwnDecision,
    Part,
    Word,
    WordsMissing,
    excepted_of,
    looked,
    part_of,
    settled,
)
from portal.duty.rows import DECISION, WORD, DecisionRows, Row
from portal.duty.tables import decision_words, decisions
from portal.duty.two_people import is_same
from portal.ids import random_id
from portal.rotation.source import Source
from portal.staff.desk import StaffRoom
from portal.staff.sessions.session import Signed
from portal.staff.trail import audit
from portal.store.database import Database
from portal.vault.entries import seal_entry
from portal.vault.gate_parts import find_of
from portal.vault.marks import mark

SHOWN: Final = 50
LOOKED_THROUGH: Final = 200  # whose each is stands in no column: so many of the newest are read for her own
# After each of these nothing leaves by a decision any more.
LOOKS: Final = ("agreed", "returned")
OVER: Final = ("returned", "made", "impossible", "not_made")


class Duty:
    """The book of decisions. Every act raises `DatabaseAway` when the database does not answer."""

    def __init__(self, database: Database, staff: StaffRoom, clock: Clock, *, days: Callable[[], int]) -> None:
        """`days`: for how long a decision is kept."""
        self._database = database
        self._staff = staff
        self._clock = clock
        self._days = days
        self._rows = DecisionRows(staff)

    async def write(self, signed: Signed, decision: Decision, *, row: bytes = b"") -> bytes:
        """Write one down, once under one name. Answers its name."""
        row = row or random_id()
        await self._staff.accounts.ready()
        version, public = (await self._staff.ledger.current()).compartment("records")
        number = self._staff.accounts.newest_pepper()
        pepper = self._staff.accounts.pepper(number)
        part = part_of(decision, pepper, signed.staff_id, decision.day + timedelta(days=STANDS_DAYS))
        until = (decision.day + timedelta(days=self._days())).isoformat()
        sealed = seal_entry(public, version, row, DECISION, until, msgspec.json.encode(decision))
        find = find_of(pepper, decision.kind, decision.subject)
        values = self._rows.marked(number, row, find, part, sealed, until)
        async with self._database.write() as connection:
            known = await connection.execute(select(decisions.c.id).where(decisions.c.id == row))
            if known.one_or_none() is None:
                await connection.execute(insert(decisions).values(id=row, **values))
                await self._line(connection, "duty.written", signed, row)
                if part.outcome:
                    await self._line(connection, f"duty.{part.outcome}", signed, row)
        return row

    async def look(self, signed: Signed, row: bytes, look: Look, words: str) -> bool:
        """A second person's look; False where there is no such decision. Raises OwnDecision, NotNow, WordsMissing."""
        if look == "returned" and not words:
            raise WordsMissing("no reason")
        async with self._database.write() as connection:
            found = await self._found(connection, row)
            if found is None:
                return False
            await self._is_another(connection, signed, found.part)
            part = looked(found.part, signed.staff_id, look)
            await self._change(
                connection,
                signed,
                row,
                part,
                Word(version=VERSION, decision=row, said=look, words=words, day=self._today(), by=signed.alias),
            )
            if part.outcome != found.part.outcome:
                await self._line(connection, f"duty.{part.outcome}", signed, row)
        return True

    async def settle(self, signed: Signed, row: bytes, outcome: Outcome, words: str) -> bool:
        """What came of it; False where there is no such decision. Raises NotNow, WordsMissing."""
        if not words:
            raise WordsMissing("nothing said")
        async with self._database.write() as connection:
            found = await self._found(connection, row)
            if found is None:
                return False
            part = settled(found.part, outcome)
            await self._change(
                connection,
                signed,
                row,
                part,
                Word(version=VERSION, decision=row, said=outcome, words=words, day=self._today(), by=signed.alias),
            )
        return True

    async def one(self, signed: Signed, row: bytes) -> Row | None:
        """One decision with what was written to it, or None."""
        async with self._database.read() as connection:
            found = await self._found(connection, row, signed)
            if found is None:
                return None
            asked = select(decision_words).where(decision_words.c.decision == row)
            written = (await connection.execute(asked)).all()
        words = [word for each in written if (word := self._rows.word(signed, each)) is not None]
        return Row(found.id, found.part, found.decision, sorted(words, key=lambda word: word.said not in LOOKS))

    async def of(self, signed: Signed, about: Iterable[Subject]) -> Sequence[Row]:
        """Every decision about these things, the newest first."""
        await self._staff.accounts.ready()
        async with self._database.read() as connection:
            rows = (await connection.execute(select(decisions).where(self._rows.is_about(about)))).all()
        return _newest_first([row for each in rows if (row := self._rows.row(each, signed)) is not None])

    async def waiting(self, signed: Signed) -> Sequence[Row]:
        """What waits for a second person, what could not wait first."""
        await self._staff.accounts.ready()
        asked = select(decisions).where(decisions.c.waits == "waits").limit(SHOWN)
        async with self._database.read() as connection:
            rows = (await connection.execute(asked)).all()
        read = [row for each in rows if (row := self._rows.row(each, signed)) is not None]
        return sorted(_newest_first(read), key=lambda row: not row.part.at_once)

    async def own(self, signed: Signed) -> Sequence[Row]:
        """Those she wrote of which nobody has said what came of it, the newest first."""
        await self._staff.accounts.ready()
        asked = select(decisions).order_by(decisions.c.until.desc(), decisions.c.id).limit(LOOKED_THROUGH)
        async with self._database.read() as connection:
            rows = (await connection.execute(asked)).all()
        read = [row for each in rows if (row := self._rows.row(each, signed)) is not None]
        return _newest_first([row for row in read if row.part.by == signed.staff_id and not row.part.outcome])

    async def made(self, connection: AsyncConnection, about: Iterable[Subject], asked: Recipient) -> Sequence[Excepted]:
        """The uses of an exception that are written down about these things, as the gate's rule reads them."""
        await self._staff.accounts.ready()
        rows = (await connection.execute(select(decisions).where(self._rows.is_about(about)))).all()
        over = await audited(connection, [each.id for each in rows], *(f"duty.{said}" for said in OVER))
        ours = [each for each in rows if each.id not in over]
        found = [(each.pepper, row) for each in ours if (row := self._rows.row(each)) is not None]
        read = (excepted_of(row.id, row.part, self._rows.reader(row.part, number, asked)) for number, row in found)
        return [each for each in read if each is not None]

    async def taken(self, connection: AsyncConnection, about: Iterable[Subject]) -> dict[bytes, list[bytes]]:
        """Delete all of these things, in the caller's transaction; answers what each row held sealed, by its name."""
        return await self._gone(
            connection, (await connection.execute(select(decisions).where(self._rows.is_about(about)))).all()
        )

    async def over(self, connection: AsyncConnection, held: Held) -> dict[bytes, list[bytes]]:
        """The same for whatever's last day is past, but what belongs to a thing that a legal hold keeps."""
        about = await self.past(connection)
        stay = await held(connection, set(about.values()))
        over = decisions.c.until < self._today().isoformat()
        rows = (await connection.execute(select(decisions).where(over))).all()
        return await self._gone(connection, [row for row in rows if about.get(row.id) not in stay])

    async def is_past(self, connection: AsyncConnection) -> bool:
        """Whether the last day of any is past, also of one that this house did not write."""
        over = decisions.c.until < self._clock.now().date().isoformat()
        return (await connection.execute(select(decisions.c.id).where(over).limit(1))).first() is not None

    async def past(self, connection: AsyncConnection) -> dict[bytes, Subject]:
        """What each row is about whose last day is past, by its name; of one this house did not write nothing."""
        over = decisions.c.until < self._today().isoformat()
        await self._staff.accounts.ready()
        rows = (await connection.execute(select(decisions).where(over))).all()
        return {row.id: part.about for row in rows if (part := self._rows.part(row)) is not None}

    async def _gone(self, connection: AsyncConnection, rows: Sequence[Any]) -> dict[bytes, list[bytes]]:
        ids = [row.id for row in rows]
        words = decision_words.c.decision.in_(ids)
        written = (await connection.execute(select(decision_words).where(words))).all()
        await connection.execute(delete(decision_words).where(words))
        await connection.execute(delete(decisions).where(decisions.c.id.in_(ids)))
        return {row.id: [row.sealed] for row in (*rows, *written)}

    def sources(self) -> tuple[Source, Source]:
        """What of the decisions is sealed to a compartment, for whoever seals it to a newer key."""
        rows, words = decisions.c, decision_words.c
        return (
            Source("report_decisions", rows.id, rows.sealed, self._rows.again),
            Source("decision_words", words.id, words.sealed, self._rows.word_again),
        )

    # Below: inside a transaction

    async def _change(self, connection: AsyncConnection, signed: Signed, row: bytes, part: Part, word: Word) -> None:
        """The decision as it stands now, what was said to it, and a line of the audit, all in one transaction."""
        kept = (await connection.execute(select(decisions).where(decisions.c.id == row))).one()
        values = self._rows.marked(kept.pepper, row, kept.find, part, kept.sealed, kept.until)
        await connection.execute(update(decisions).where(decisions.c.id == row).values(**values))
        version, public = (await self._staff.ledger.current()).compartment("records")
        name, number = random_id(), self._staff.accounts.newest_pepper()
        sealed = seal_entry(public, version, name, WORD, kept.until, msgspec.json.encode(word))
        marked = mark(self._staff.accounts.pepper(number), WORD, name, row, sealed, kept.until)
        said = {"id": name, "decision": row, "sealed": sealed, "pepper": number, "mark": marked, "until": kept.until}
        await connection.execute(insert(decision_words).values(**said))
        await self._line(connection, f"duty.{word.said}", signed, row)

    async def _found(self, connection: AsyncConnection, row: bytes, signed: Signed | None = None) -> Row | None:
        await self._staff.accounts.ready()
        kept = (await connection.execute(select(decisions).where(decisions.c.id == row))).one_or_none()
        return None if kept is None else self._rows.row(kept, signed)

    async def _line(self, connection: AsyncConnection, act: str, signed: Signed, row: bytes) -> None:
        await audit.line(connection, at=self._clock.now(), act=act, staff_id=signed.staff_id, subject=row)

    async def _is_another(self, connection: AsyncConnection, signed: Signed, part: Part) -> None:
        """Raises OwnDecision where one person has two accounts: under one name, or with the same keys."""
        first = await self._staff.accounts.person_in(connection, part.by)
        second = await self._staff.accounts.person_in(connection, signed.staff_id)
        if first is not None and is_same(first, second, signed.alias):
            raise OwnDecision("two accounts of one person")

    def _today(self) -> date:
        return self._clock.now().date()


def _newest_first(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: row.part.day, reverse=True)
