"""Keeps which cases a legal hold keeps: asked for by one person, made by another, and ended by two in the same way."""

import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Final, Literal

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.errors import PorchlightError
from portal.records.case_tables import case_holds
from portal.staff.desk import StaffRoom
from portal.staff.tables import audit
from portal.vault.marks import is_marked, mark

Word = Literal["asked", "held", "asks_end", "ended"]
# The acts of the audit trail, one line for each row here.
ACTS: Final[Mapping[Word, str]] = {
    "asked": "case.hold_asked",
    "held": "case.hold",
    "asks_end": "case.hold_end_asked",
    "ended": "case.hold_ended",
}
# What may follow what: the second word is another person's.
_AFTER: Final[Mapping[str, Word]] = {
    "": "asked",
    "asked": "held",
    "held": "asks_end",
    "asks_end": "ended",
    "ended": "asked",
}
SECOND: Final[Collection[str]] = ("held", "ended")
KEEPS: Final[Collection[str]] = ("held", "asks_end")
_PURPOSE: Final = "case hold"
BEGINNING: Final = bytes(32)

_log = logging.getLogger("porchlight.records")


class HeldNow(PorchlightError):
    """A hold keeps it: nobody erases it, or makes it a part of another, before the hold is ended."""

    phrase: ClassVar[str] = "cases.wrong.held"
    status: ClassVar[int] = 409


class AnotherPerson(PorchlightError):
    """Whoever asked does not decide too."""

    phrase: ClassVar[str] = "cases.wrong.another_person"
    status: ClassVar[int] = 409


class CaseHoldsBroken(PorchlightError):
    """The list of holds is not as this house wrote it: nothing it names is purged, none begins or ends, until it is."""

    phrase: ClassVar[str] = "cases.wrong.holds_broken"
    status: ClassVar[int] = 409


@dataclass(frozen=True)
class Holds:
    """What the list says: the last word of each case it ever named, and whose it was."""

    last: Mapping[bytes, tuple[str, bytes]]
    is_whole: bool
    length: int = 0
    last_mark: bytes = BEGINNING

    @property
    def named(self) -> frozenset[bytes]:
        """What must not go: what is held; where somebody meddled with the list, everything it names."""
        held = {case for case, (word, _) in self.last.items() if word in KEEPS}
        return frozenset(held if self.is_whole else self.last)

    def of(self, case_id: bytes) -> tuple[str, bytes]:
        """The last word on a case, and whose it was; two empty ones where there is none."""
        return self.last.get(case_id, ("", b""))


def fold(rows: Iterable[tuple[int, bytes, str, bytes, bytes]], peppers: Collection[bytes]) -> Holds:
    """What rows (number, case, word, staff, mark) in their order say."""
    last: dict[bytes, tuple[str, bytes]] = {}
    is_whole, before, length = True, BEGINNING, 0
    for number, case, word, staff, found in rows:
        length += 1
        parts = said(number, case, word, staff, before)
        is_whole &= number == length and is_marked(peppers, found, *parts)
        last[case], before = (word, staff), found
    return Holds(last, is_whole, length, before)


def said(number: int, case: bytes, word: str, staff: bytes, before: bytes) -> tuple[str, *tuple[bytes | str, ...]]:
    """What the mark of a row is made of, behind a row with the mark `before`: its purpose, then its parts."""
    return _PURPOSE, number.to_bytes(4, "big"), case, word, staff, before


def next_word(holds: Holds, case_id: bytes, staff: bytes) -> Word:
    """What this person may say next of this case. Raises AnotherPerson where the next word is another's."""
    word, by = holds.of(case_id)
    following = _AFTER[word]
    if following in SECOND and by == staff:
        raise AnotherPerson("who asked does not decide")
    return following


class CaseHolds:
    """Reads the list, and adds to it, inside the caller's transaction."""

    def __init__(self, staff: StaffRoom) -> None:
        self._staff = staff

    async def read(self, connection: AsyncConnection) -> Holds:
        """The list as it stands. Where it was changed from outside, that is logged and said by `is_whole`."""
        await self._staff.accounts.ready()
        rows = (await connection.execute(select(case_holds).order_by(case_holds.c.n))).all()
        typed = ((row.n, row.case_id, row.word, row.staff, row.mark) for row in rows)
        holds = fold(typed, self._staff.accounts.live_peppers())
        if not holds.is_whole:
            _log.error("case_holds_refused")
        return holds

    async def audited(self, connection: AsyncConnection) -> Holds:
        """The same, compared with the audit too: rows cut off at the end are missed there. Raises CaseHoldsBroken."""
        holds = await self.read(connection)
        lines = await connection.scalar(select(func.count()).where(audit.c.act.in_(ACTS.values())))
        if holds.is_whole and lines == holds.length:
            return holds
        _log.error("case_holds_refused")
        raise CaseHoldsBroken("the list of holds was changed from outside")

    async def add(self, connection: AsyncConnection, case_id: bytes, staff: bytes) -> Word:
        """The next word on a case; its line of the audit is the caller's, in the same transaction. Raises
        CaseHoldsBroken, AnotherPerson.
        """
        holds = await self.audited(connection)
        word, number = next_word(holds, case_id, staff), holds.length + 1
        accounts = self._staff.accounts
        parts = said(number, case_id, word, staff, holds.last_mark)
        made = mark(accounts.pepper(accounts.newest_pepper()), *parts)
        await connection.execute(
            insert(case_holds).values(n=number, case_id=case_id, word=word, staff=staff, mark=made)
        )
        return word
