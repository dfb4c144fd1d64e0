"""Lets go what belongs to cases when its days are over, unless a hold keeps it; and one case, by hand, at once."""

import contextlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, Select, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.consent.terms import Kind, Subject
from portal.errors import Away
from portal.ids import ID_SIZE
from portal.records.case_holds import CaseHolds, HeldNow
from portal.records.case_proving import CaseProving, names_of
from portal.records.case_tables import PARTS, case_people, cases
from portal.records.case_terms import Terms
from portal.records.cases import NOWHERE, Cases
from portal.staff.sessions.session import Signed
from portal.staff.trail import audit

if TYPE_CHECKING:
    from portal.consent.along import Along

AT_ONCE: Final = 25
"""Cases that lose something in one transaction. So long others wait with what they write."""

_HOUSE: Final = bytes(ID_SIZE)

Step = Callable[[AsyncConnection, Sequence[bytes]], Awaitable[None]]


class CaseStaying:
    """Each step may be done by any process, by several at once, and again after a kill."""

    def __init__(self, book: Cases, proving: CaseProving, terms: Callable[[], Terms], along: "Along") -> None:
        self._book = book
        self._along = along
        self._holds = CaseHolds(book.staff)
        self.proving = proving
        self._terms = terms

    @property
    def terms(self) -> Terms:
        """The days that count now."""
        return self._terms()

    async def forget_over(self) -> bool:
        """Let go names, people and cases whose days are over; whether there was any. Raises DatabaseAway."""
        was_any = False
        for step in (self._names, self._people, self._cases):
            while await step():
                was_any = True
        return was_any

    async def empty_log(self) -> bool:
        """Leave nothing of it in the log, then search the files for it; False: ask again."""
        if not await self._book.database.checkpoint(cases, *PARTS) or not await self._along.empty_log():
            return False
        with contextlib.suppress(Away, OSError):
            await self.proving.search()
        return True

    async def erase(self, signed: Signed, case_id: bytes) -> None:
        """Erase a case by hand, all of it. Raises NotThere, HeldNow, DatabaseAway."""
        await self._book.rows.ready()
        async with self._book.database.write() as connection:
            case = await self._book.door(connection, signed, case_id)
            if case.id in (await self._holds.read(connection)).named:
                raise HeldNow("a hold keeps it")
            await self._gone(connection, [case.id])
            await self._book.line(connection, signed, "case.erased", case.id)
        await self._book.settled(case.id, signed.staff_id)
        await self.empty_log()

    async def _names(self) -> bool:
        over = case_people.c.names != b""
        return await self._step(self._of_people(self.terms.names_of(self._today), over), self._without_names)

    async def _people(self) -> bool:
        return await self._step(self._of_people(self.terms.people_of(self._today)), self._no_people)

    async def _cases(self) -> bool:
        over = select(cases.c.id).where(cases.c.touched < self.terms.cases(self._today), cases.c.merged_into == NOWHERE)
        return await self._step(over, self._gone)

    @property
    def _today(self) -> date:
        return self._book.clock.now().date()

    def _of_people(self, before: str, *which: ColumnElement[bool]) -> Select[Any]:
        return (
            select(cases.c.id)
            .where(cases.c.touched < before)
            .where(cases.c.id.in_(select(case_people.c.case_id).where(*which)))
        )

    async def _step(self, over: Select[Any], act: Step) -> bool:
        """Do it with some cases of which it is due; whether there were any."""
        await self._book.rows.ready()
        async with self._book.database.read() as connection:
            if (await connection.execute(over.limit(1))).one_or_none() is None:
                return False
            held = (await self._holds.read(connection)).named
        async with self._book.database.write() as connection:
            found = await connection.scalars(over.where(cases.c.id.not_in(held)).order_by(cases.c.id).limit(AT_ONCE))
            due = list(found)
            if not due:
                return False
            await act(connection, due)
            for case in due:
                await audit.line(
                    connection, at=self._book.clock.now(), act="case.purged", staff_id=_HOUSE, subject=case
                )
        return True

    async def _without_names(self, connection: AsyncConnection, due: Sequence[bytes]) -> None:
        of = case_people.c.case_id.in_(due)
        for row in (await connection.execute(select(case_people).where(of, case_people.c.names != b""))).all():
            await self.proving.erased(connection, {names_of(row.id): [row.names]})
            # One that is none of ours cannot be marked anew, and whose names it held nobody knows.
            if self._book.rows.is_ours(case_people, row):
                await self._book.rows.change(connection, case_people, row, names=b"")
            else:
                await self._book.rows.remove(connection, case_people, row)

    async def _no_people(self, connection: AsyncConnection, due: Sequence[bytes]) -> None:
        of = case_people.c.case_id.in_(due)
        people = (await connection.execute(select(case_people).where(of))).all()
        await self.proving.erased(connection, {row.id: [row.sealed, row.names] for row in people})
        await connection.execute(delete(case_people).where(of))

    async def _gone(self, connection: AsyncConnection, due: Sequence[bytes]) -> None:
        """The cases, those merged into them, and all that hangs on them."""
        of = or_(cases.c.id.in_(due), cases.c.merged_into.in_(due))
        every = (await connection.execute(select(cases).where(of))).all()
        ids = [row.id for row in every]
        await self._along.forget(connection, [Subject(Kind.CASE, each) for each in ids])
        await self._no_people(connection, ids)
        await self.proving.erased(connection, {row.id: [row.sealed] for row in every})
        for table in PARTS:
            await connection.execute(delete(table).where(table.c.case_id.in_(ids)))
        await connection.execute(delete(cases).where(cases.c.id.in_(ids)))
