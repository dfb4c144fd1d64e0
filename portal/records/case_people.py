"""Writes down the people of a case: what is known of each, and apart from it, sealed to the names, who she is."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.errors import NotThere
from portal.ids import random_id
from portal.records.case_holds import CaseHolds, HeldNow
from portal.records.case_shapes import ChangedMeanwhile, OpenCase, TooMany
from portal.records.case_tables import case_people, case_tombstones
from portal.records.case_words import PersonBody, PersonNames
from portal.records.cases import MOST_PEOPLE, Cases
from portal.staff.sessions.session import Signed


class CasePeople:
    """The acts. Each raises NotThere for a case that is not hers or a person who is not in it, and DatabaseAway."""

    def __init__(self, book: Cases, holds: CaseHolds) -> None:
        self._book = book
        self._holds = holds

    async def add(self, signed: Signed, case_id: bytes, body: PersonBody, names: Mapping[str, str]) -> bytes:
        """A person more; answers the name of her row. Names are written without their key. Raises TooMany."""
        book, row = self._book, random_id()
        await book.rows.ready()
        async with book.database.write() as connection:
            case = await book.door(connection, signed, case_id)
            if len(await book.rows.all_of(connection, case_people, case.id)) >= MOST_PEOPLE:
                raise TooMany("no more people in one case")
            values = {"id": row, "day": book.today, "case_id": case.id, "revision": 1}
            sealed = await book.rows.seal(body, row, book.today)
            await book.rows.add(
                connection, case_people, **values, sealed=sealed, names=await self._names(names, row, book.today)
            )
            await self._done(connection, signed, case, "case.person")
        return row

    async def change(
        self,
        signed: Signed,
        case_id: bytes,
        person: bytes,
        body: PersonBody,
        names: Mapping[str, str] | None,
        revision: int,
    ) -> None:
        """Other facts of her. `names` None: they stay as they are; empty: none are kept. Raises ChangedMeanwhile."""
        book = self._book
        await book.rows.ready()
        async with book.database.write() as connection:
            case = await book.door(connection, signed, case_id)
            row = await self._row(connection, case, person)
            if row.revision != revision:
                raise ChangedMeanwhile("somebody changed this person")
            sealed = await book.rows.seal(body, row.id, row.day)
            kept = row.names if names is None else await self._names(names, row.id, row.day)
            changed = {"sealed": sealed, "names": kept, "revision": revision + 1}
            await book.rows.change(connection, case_people, row, **changed)
            await self._done(connection, signed, case, "case.person")

    async def remove(self, signed: Signed, case_id: bytes, person: bytes) -> None:
        """A person less, for good. Raises HeldNow."""
        book = self._book
        await book.rows.ready()
        async with book.database.write() as connection:
            case = await book.door(connection, signed, case_id)
            row = await self._row(connection, case, person)
            if case.id in (await self._holds.read(connection)).named:
                raise HeldNow("a hold keeps it")
            await book.rows.remove(connection, case_people, row)
            await connection.execute(insert(case_tombstones).values(id=row.id, day=book.today))
            await self._done(connection, signed, case, "case.person_gone")
        await book.database.checkpoint(case_people)

    async def _done(self, connection: AsyncConnection, signed: Signed, case: OpenCase, act: str) -> None:
        await self._book.touch(connection, case)
        await self._book.line(connection, signed, act, case.id)

    async def _names(self, names: Mapping[str, str], row: bytes, day: str) -> bytes:
        return await self._book.rows.seal(PersonNames(words=dict(names)), row, day) if names else b""

    async def _row(self, connection: AsyncConnection, case: OpenCase, person: bytes) -> Any:  # Any: a row
        found = (await connection.execute(select(case_people).where(case_people.c.id == person))).one_or_none()
        if found is None or found.case_id != case.id or not self._book.rows.is_ours(case_people, found):
            raise NotThere("no such person in this case")
        return found
