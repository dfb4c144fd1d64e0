"""Keeps decisions on reports: who wrote one, who stood behind it, what came of it; and sends nothing anywhere."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.clock import Clock
from portal.consent.book import audited
from portal.consent.record import known_recipient
from portal.consent.rule import Excepted
from portal.consent.terms import Recipient, Subject
from portal.duty.decision import (
    STANDS_DAYS,
    VERSION,
    Decision,
    Look,
    Outcome,
    Part,
    Word,
    WordsMissing,
    excepted_of,
    looked,
    part_of,
    settled,
)
from portal.duty.tables import decision_words, decisions
from portal.ids import random_id
from portal.rotation.source import Source
from portal.staff.desk import StaffRoom
from portal.staff.sessions.session import Signed
from portal.staff.trail import audit
from portal.store.database import Database
from portal.vault.entries import open_entry, seal_entry
from portal.vault.errors import KeyMissing, SealBroken
from portal.vault.gate_parts import find_of, open_part, seal_part
from portal.vault.marks import is_marked, mark
from portal.vault.rewraps import Turn, entry_again

SHOWN: Final = 50
# After each of these nothing leaves by a decision any more.
LOOKS: Final = ("agreed", "returned")
OVER: Final = ("returned", "made", "impossible", "not_made")
_DECISION: Final = "decision"
_WORD: Final = "decision word"
_parts = msgspec.json.Decoder(Part)
_words = msgspec.json.Decoder(Word)
_decisions = msgspec.json.Decoder(Decision)

_log = logging.getLogger("porchlight.gate")


@dataclass(frozen=True, slots=True)
class Row:
    """One decision as it is read: `part` for the house, `decision` and `words` for whose keys open them."""

    id: bytes
    part: Part
    decision: Decision | None
    words: Sequence[Word] = ()


class Duty:
    """The book of decisions. Every act raises `DatabaseAway` when the database does not answer."""

    def __init__(self, database: Database, staff: StaffRoom, clock: Clock, *, days: Callable[[], int]) -> None:
        """`days`: for how long a decision is kept."""
        self._database = database
        self._staff = staff
        self._clock = clock
        self._days = days

    async def write(self, signed: Signed, decision: Decision, *, row: bytes = b"") -> bytes:
        """Write one down, once under one name. Answers its name."""
        row = row or random_id()
        await self._staff.accounts.ready()
        version, public = (await self._staff.ledger.current()).compartment("records")
        number = self._staff.accounts.newest_pepper()
        pepper = self._staff.accounts.pepper(number)
        part = part_of(decision, pepper, signed.staff_id, decision.day + timedelta(days=STANDS_DAYS))
        until = (decision.day + timedelta(days=self._days())).isoformat()
        sealed = seal_entry(public, version, row, _DECISION, until, msgspec.json.encode(decision))
        find = find_of(pepper, decision.kind, decision.subject)
        values = self._marked(number, row, find, part, sealed, until)
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
        words = [word for each in written if (word := self._word(signed, each)) is not None]
        return Row(found.id, found.part, found.decision, sorted(words, key=lambda word: word.said not in LOOKS))

    async def of(self, signed: Signed, about: Iterable[Subject]) -> Sequence[Row]:
        """Every decision about these things, the newest first."""
        await self._staff.accounts.ready()
        async with self._database.read() as connection:
            rows = (await connection.execute(select(decisions).where(self._is_about(about)))).all()
        return _newest_first([row for each in rows if (row := self._row(each, signed)) is not None])

    async def waiting(self, signed: Signed) -> Sequence[Row]:
        """What waits for a second person, what could not wait first."""
        await self._staff.accounts.ready()
        asked = select(decisions).where(decisions.c.waits == "waits").limit(SHOWN)
        async with self._database.read() as connection:
            rows = (await connection.execute(asked)).all()
        read = [row for each in rows if (row := self._row(each, signed)) is not None]
        return sorted(_newest_first(read), key=lambda row: not row.part.at_once)

    async def made(self, connection: AsyncConnection, about: Iterable[Subject], asked: Recipient) -> Sequence[Excepted]:
        """The uses of an exception that are written down about these things, as the gate's rule reads them."""
        await self._staff.accounts.ready()
        rows = (await connection.execute(select(decisions).where(self._is_about(about)))).all()
        over = await audited(connection, [each.id for each in rows], *(f"duty.{said}" for said in OVER))
        ours = [each for each in rows if each.id not in over]
        found = [(each.pepper, row) for each in ours if (row := self._row(each)) is not None]
        read = (excepted_of(row.id, row.part, self._reader(row.part, number, asked)) for number, row in found)
        return [each for each in read if each is not None]

    async def forget_over(self) -> bool:
        """Delete whatever's last day is past; whether there was any. `empty_log` takes the last of its bytes."""
        today, was_any = self._today().isoformat(), False
        for table in (decisions, decision_words):
            async with self._database.read() as connection:
                over = (await connection.execute(select(table.c.id).where(table.c.until < today).limit(1))).all()
            if over:
                was_any = True
                async with self._database.write() as connection:
                    await connection.execute(delete(table).where(table.c.until < today))
        return was_any

    async def empty_log(self) -> bool:
        """Leave nothing of what was deleted in the database's log and files; False: ask again."""
        return await self._database.checkpoint(decisions) and await self._database.checkpoint(decision_words)

    def sources(self) -> tuple[Source, Source]:
        """What of the decisions is sealed to a compartment, for whoever seals it to a newer key."""
        rows, words = decisions.c, decision_words.c
        return (
            Source("report_decisions", rows.id, rows.sealed, self._again),
            Source("decision_words", words.id, words.sealed, self._word_again),
        )

    # Below: rows. Any: a row of the database, or its columns, typed nowhere before this

    def _again(self, row: Any, turn: Turn) -> Mapping[str, object]:
        part = self._part(row)
        if part is None:
            raise SealBroken("this decision was not written here")
        sealed = entry_again(row.sealed, turn, row.id, _DECISION, row.until)
        return self._marked(row.pepper, row.id, row.find, part, sealed, row.until)

    def _word_again(self, row: Any, turn: Turn) -> Mapping[str, object]:
        if not self._is_our_word(row):
            raise SealBroken("this was not written here")
        sealed = entry_again(row.sealed, turn, row.id, _WORD, row.until)
        marked = mark(self._staff.accounts.pepper(row.pepper), _WORD, row.id, row.decision, sealed, row.until)
        return {"sealed": sealed, "mark": marked}

    async def _change(self, connection: AsyncConnection, signed: Signed, row: bytes, part: Part, word: Word) -> None:
        """The decision as it stands now, what was said to it, and a line of the audit, all in one transaction."""
        kept = (await connection.execute(select(decisions).where(decisions.c.id == row))).one()
        values = self._marked(kept.pepper, row, kept.find, part, kept.sealed, kept.until)
        await connection.execute(update(decisions).where(decisions.c.id == row).values(**values))
        version, public = (await self._staff.ledger.current()).compartment("records")
        name, number = random_id(), self._staff.accounts.newest_pepper()
        sealed = seal_entry(public, version, name, _WORD, kept.until, msgspec.json.encode(word))
        marked = mark(self._staff.accounts.pepper(number), _WORD, name, row, sealed, kept.until)
        said = {"id": name, "decision": row, "sealed": sealed, "pepper": number, "mark": marked, "until": kept.until}
        await connection.execute(insert(decision_words).values(**said))
        await self._line(connection, f"duty.{word.said}", signed, row)

    async def _found(self, connection: AsyncConnection, row: bytes, signed: Signed | None = None) -> Row | None:
        await self._staff.accounts.ready()
        kept = (await connection.execute(select(decisions).where(decisions.c.id == row))).one_or_none()
        return None if kept is None else self._row(kept, signed)

    async def _line(self, connection: AsyncConnection, act: str, signed: Signed, row: bytes) -> None:
        await audit.line(connection, at=self._clock.now(), act=act, staff_id=signed.staff_id, subject=row)

    def _is_about(self, about: Iterable[Subject]) -> Any:
        peppers = list(self._staff.accounts.live_peppers())
        return decisions.c.find.in_([find_of(pepper, each.kind, each.id) for each in about for pepper in peppers])

    def _row(self, row: Any, signed: Signed | None = None) -> Row | None:
        part = self._part(row)
        if part is None:
            return None
        return Row(row.id, part, None if signed is None else self._open(signed, row))

    def _part(self, row: Any) -> Part | None:
        pepper = self._staff.accounts.pepper(row.pepper)
        parts = row.id, row.find, row.waits, row.part, row.sealed, row.until
        if not is_marked((pepper,), row.mark, _DECISION, *parts):
            _log.error("decision_refused")
            return None
        return _parts.decode(open_part(pepper, _DECISION, row.id, row.find, row.part))

    def _open(self, signed: Signed, row: Any) -> Decision | None:
        try:
            keys = signed.compartment_keys("records")
            return _decisions.decode(open_entry(keys, row.id, _DECISION, row.until, row.sealed))
        except (KeyMissing, SealBroken, ValueError):
            return None

    def _word(self, signed: Signed, row: Any) -> Word | None:
        if not self._is_our_word(row):
            _log.error("decision_word_refused")
            return None
        try:
            keys = signed.compartment_keys("records")
            word = _words.decode(open_entry(keys, row.id, _WORD, row.until, row.sealed))
        except (KeyMissing, SealBroken, ValueError):
            return None
        return word if word.decision == row.decision else None

    def _is_our_word(self, row: Any) -> bool:
        parts = row.id, row.decision, row.sealed, row.until
        return is_marked((self._staff.accounts.pepper(row.pepper),), row.mark, _WORD, *parts)

    def _marked(self, number: int, row: bytes, find: bytes, part: Part, sealed: bytes, until: str) -> dict[str, Any]:
        pepper, waits = self._staff.accounts.pepper(number), "waits" if part.waits else ""
        shut = seal_part(pepper, _DECISION, row, find, msgspec.json.encode(part))
        marked = mark(pepper, _DECISION, row, find, waits, shut, sealed, until)
        kept = {"find": find, "waits": waits, "part": shut, "sealed": sealed}
        return {**kept, "until": until, "pepper": number, "mark": marked}

    def _reader(self, part: Part, number: int, asked: Recipient) -> Recipient:
        pepper = self._staff.accounts.pepper(number)
        return known_recipient(part.whom, part.level, part.reader, pepper, asked)

    def _today(self) -> date:
        return self._clock.now().date()


def _newest_first(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: row.part.day, reverse=True)
