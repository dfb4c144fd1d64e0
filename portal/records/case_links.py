"""Puts contacts into a case, takes them out, moves them to another, and makes one case of two."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.errors import NotThere
from portal.records.case_holds import CaseHolds, HeldNow
from portal.records.case_shapes import OpenCase, TooMany
from portal.records.case_tables import case_contacts, case_hands, case_notes, case_people, cases
from portal.records.case_words import ContactLink, NoteBody, merged
from portal.records.cases import MOST_CONTACTS, MOST_HANDS, MOST_NOTES, MOST_PEOPLE, Cases, more_urgent
from portal.records.contact_shapes import Waits
from portal.staff.sessions.session import Signed


class InAnother(HeldNow):
    """This contact belongs to another case already."""

    phrase = "cases.wrong.in_another"


class CaseLinks:
    """The acts. Each raises NotThere for a case or a contact that is not hers or not there, and DatabaseAway."""

    def __init__(self, book: Cases, holds: CaseHolds) -> None:
        self._book = book
        self._holds = holds

    async def put_in(self, signed: Signed, case_id: bytes, link: ContactLink) -> bytes:
        """A contact more; answers the id of the case, also where it was in it already. Raises InAnother, TooMany."""
        book = self._book
        await book.rows.ready()
        async with book.database.write() as connection:
            case = await book.door(connection, signed, case_id)
            known = await book.case_of(connection, link)
            if known == case.id:
                return case.id
            if known is not None:
                raise InAnother("it belongs to another case")
            await self._has_place(connection, case)
            await book.add_link(connection, case.id, link)
            await book.touch(connection, case)
            await book.line(connection, signed, "case.contact_in", case.id)
        return case.id

    async def take_out(self, signed: Signed, case_id: bytes, contact: bytes) -> None:
        """A contact less. What it was in its own room stays there."""
        book = self._book
        await book.rows.ready()
        async with book.database.write() as connection:
            case = await book.door(connection, signed, case_id)
            row = await self._contact(connection, case, contact)
            await book.rows.remove(connection, case_contacts, row)
            await book.touch(connection, case)
            await book.line(connection, signed, "case.contact_out", case.id)

    async def move(self, signed: Signed, case_id: bytes, contact: bytes, to: bytes) -> None:
        """A contact from one case into another; both must be hers. Raises TooMany."""
        book = self._book
        await book.rows.ready()
        async with book.database.write() as connection:
            case, other = await book.door(connection, signed, case_id), await book.door(connection, signed, to)
            row = await self._contact(connection, case, contact)
            if case.id == other.id:
                return
            await self._has_place(connection, other)
            await book.rows.change(connection, case_contacts, row, case_id=other.id)
            for each in (case, other):
                await book.touch(connection, each)
                await book.line(connection, signed, "case.contact_moved", each.id)

    async def merge(self, signed: Signed, case_id: bytes, into: bytes) -> bytes:
        """Make one case of two: all that hangs on the first hangs on the second. Answers the id of the second.

        The first stays as a row that leads there, so whatever names it still finds it. Whoever had to look at either
        looks again. Raises HeldNow where a hold keeps the first, TooMany.
        """
        book = self._book
        await book.rows.ready()
        async with book.database.write() as connection:
            old, new = await book.door(connection, signed, case_id), await book.door(connection, signed, into)
            if old.id == new.id:
                raise NotThere("no two cases")
            if old.id in (await self._holds.audited(connection)).named:
                raise HeldNow("a hold keeps it")
            await self._hang_over(connection, old, new)
            waits = _waits(old.waits, new.waits)
            await book.note(
                connection, new.id, "done", NoteBody(done="merged", by=signed.alias, words=old.body.word("situation"))
            )
            await book.put(connection, new, merged(new.body, old.body), waits=waits)
            for row in await self._leading_to(connection, old):
                await book.rows.change(connection, cases, row, merged_into=new.id)
            gone = {"status": "merged", "waits": "", "merged_into": new.id, "revision": old.revision + 1}
            await book.rows.change(connection, cases, old.row, **gone)
            for each in (old.id, new.id):
                await book.line(connection, signed, "case.merged", each)
        await book.settled(old.id, signed.staff_id)
        if waits != new.waits:
            await book.tell(new.id, waits)
        return new.id

    async def _hang_over(self, connection: AsyncConnection, old: OpenCase, new: OpenCase) -> None:
        rows = self._book.rows
        for table, most in ((case_people, MOST_PEOPLE), (case_contacts, MOST_CONTACTS), (case_notes, MOST_NOTES - 1)):
            moved, there = [await rows.all_of(connection, table, each.id) for each in (old, new)]
            if len(moved) + len(there) > most:
                raise TooMany("too much for one case")
            for row in moved:
                await rows.change(connection, table, row, case_id=new.id)
        for row in await rows.all_of(connection, case_hands, old.id):
            await rows.remove(connection, case_hands, row)
            if row.staff not in new.hands:
                if len(new.hands | old.hands) > MOST_HANDS:
                    raise TooMany("too many people on one case")
                await rows.add(connection, case_hands, case_id=new.id, staff=row.staff)

    async def _leading_to(self, connection: AsyncConnection, case: OpenCase) -> list[Any]:  # Any: rows
        asked = select(cases).where(cases.c.merged_into == case.id)
        return self._book.rows.ours(cases, (await connection.execute(asked)).all())

    async def _contact(self, connection: AsyncConnection, case: OpenCase, contact: bytes) -> Any:  # Any: a row
        for row in await self._book.rows.all_of(connection, case_contacts, case.id):
            if row.id == contact:
                return row
        raise NotThere("no such contact in this case")

    async def _has_place(self, connection: AsyncConnection, case: OpenCase) -> None:
        if len(await self._book.rows.all_of(connection, case_contacts, case.id)) >= MOST_CONTACTS:
            raise TooMany("no more contacts in one case")


def _waits(one: Waits, other: Waits) -> Waits:
    """For whom two cases that become one wait: what a supervisor wrote to one she did not write to both."""
    if {one, other} == {"", "done"}:
        return "shift"
    return more_urgent(one, other)
