"""The guarded door to a case, and its book: begin one, read it, change its facts, say whose it is."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any, Final, Literal

from msgspec.structs import replace
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.alerts.desk import Alerts
from portal.alerts.ladder import Kind
from portal.clock import Clock
from portal.errors import NotThere
from portal.ids import random_id
from portal.records.case_fields import LIKELY, SPEEDS
from portal.records.case_rows import CaseRows
from portal.records.case_shapes import ChangedMeanwhile, Contact, Note, OpenCase, Person, TooMany, Whole
from portal.records.case_tables import case_contacts, case_hands, case_notes, case_people, cases
from portal.records.case_words import CaseBody, ContactLink, NoteBody, PersonBody, PersonNames
from portal.records.contact_shapes import Waits
from portal.records.contacts import SHIFT, WAITING
from portal.staff.desk import StaffRoom
from portal.staff.rights import Right
from portal.staff.sessions.session import Signed
from portal.staff.trail import audit
from portal.store.database import Database
from portal.store.valkey import ValkeyAway

NOWHERE: Final = b""
CALLS: Final[tuple[Kind, ...]] = ("case", "case_shift")
MOST_PEOPLE: Final = 40
MOST_CONTACTS: Final = 200
MOST_NOTES: Final = 400
MOST_HANDS: Final = 12
_URGENT: Final[Sequence[Waits]] = ("", "done", "asked", "shift", "now")

_log = logging.getLogger("porchlight.records")


class Cases:
    """The book of cases. Every act raises `DatabaseAway`, and `NotThere` for what is not hers or not there."""

    def __init__(self, database: Database, staff: StaffRoom, clock: Clock, alerts: Alerts) -> None:
        self.database = database
        self.staff = staff
        self.clock = clock
        self.alerts = alerts
        self.rows = CaseRows(staff)

    @property
    def today(self) -> str:
        """This day, as rows have it."""
        return self.clock.now().date().isoformat()

    async def open(self, signed: Signed, case_id: bytes) -> OpenCase:
        """The door: a case, for whom it is assigned to and for supervisors, by the key of the records.

        A case that was merged opens as the one it is in now. Raises NotThere in every other case, with no other answer.
        """
        await self.rows.ready()
        async with self.database.read() as connection:
            return await self.door(connection, signed, case_id)

    async def door(self, connection: AsyncConnection, signed: Signed, case_id: bytes) -> OpenCase:
        """The same inside a transaction: what a change stands on is read where it is written."""
        row = await self._followed(connection, case_id)
        if row is None or not await self.may_open(connection, signed, row.id):
            raise NotThere("no such case")
        body = self.rows.open(signed, CaseBody, row)
        if body is None:
            raise NotThere("no such case")
        hands = {each.staff for each in await self.rows.all_of(connection, case_hands, row.id)}
        merged = select(cases.c.id).where(cases.c.merged_into == row.id).order_by(cases.c.id)
        ids = (row.id, *(await connection.scalars(merged)))
        return OpenCase(
            row.id, row.day, row.touched, row.status, row.waits, row.revision, body, frozenset(hands), ids, row
        )

    async def may_open(self, connection: AsyncConnection, signed: Signed, case_id: bytes) -> bool:
        """Whether the door lets her through to this very case: a supervisor, or whose it is."""
        if signed.may(Right.SUPERVISE_CASES):
            return True
        if not signed.may(Right.WORK_CASES):
            return False
        hand = case_hands.c
        found = await connection.execute(
            select(case_hands).where(hand.case_id == case_id, hand.staff == signed.staff_id)
        )
        row = found.one_or_none()
        return row is not None and self.rows.is_ours(case_hands, row)

    async def _followed(self, connection: AsyncConnection, case_id: bytes) -> Any:  # Any: a row
        """The row of a case, or of the one it was merged into; None for one this house did not write."""
        for _ in range(2):
            row = (await connection.execute(select(cases).where(cases.c.id == case_id))).one_or_none()
            if row is None or not self.rows.is_ours(cases, row):
                return None
            if not row.merged_into:
                return row
            case_id = row.merged_into
        return None

    async def whole(self, signed: Signed, case_id: bytes) -> Whole:
        """A case with all that hangs on it, through the same door; the seals are opened beside the event loop."""
        await self.rows.ready()
        async with self.database.read() as connection:
            case = await self.door(connection, signed, case_id)
            people = await self.rows.all_of(connection, case_people, case.id)
            contacts = await self.rows.all_of(connection, case_contacts, case.id)
            notes = await self.rows.all_of(connection, case_notes, case.id)
        return await asyncio.to_thread(self._opened, signed, case, people, contacts, notes)

    def _opened(
        self, signed: Signed, case: OpenCase, people: Sequence[Any], contacts: Sequence[Any], notes: Sequence[Any]
    ) -> Whole:
        return Whole(
            case,
            [self.person(signed, row) for row in people],
            [Contact(row.id, row.day, self.rows.open(signed, ContactLink, row)) for row in contacts],
            [Note(row.id, row.day, row.kind, self.rows.open(signed, NoteBody, row)) for row in notes],
        )

    def person(self, signed: Signed, row: Any) -> Person:  # Any: a row of `case_people`
        """A person, as far as her keys open it."""
        names = self.rows.open(signed, PersonNames, row, "names")
        return Person(row.id, row.revision, self.rows.open(signed, PersonBody, row), names, bool(row.names))

    async def begin(
        self, signed: Signed, body: CaseBody, people: Sequence[PersonBody] = (), link: ContactLink | None = None
    ) -> bytes:
        """Begin a case, which is then hers; answers its id. A contact that has a case already leads to that one.

        A supervisor is brought in at once where somebody in it may be trafficked. Raises NotThere for a contact whose
        case is not hers.
        """
        await self.rows.ready()
        case_id, day = random_id(), self.today
        waits = self._asks(body, "")
        async with self.database.write() as connection:
            if link is not None:
                known = await self.case_of(connection, link)
                if known is not None:
                    return (await self.door(connection, signed, known)).id
            sealed = await self.rows.seal(body, case_id, day)
            values = {"touched": day, "status": "active", "waits": waits, "merged_into": NOWHERE, "revision": 1}
            await self.rows.add(connection, cases, id=case_id, day=day, sealed=sealed, **values)
            await self.rows.add(connection, case_hands, case_id=case_id, staff=signed.staff_id)
            for person in people:
                also = {"case_id": case_id, "revision": 1, "names": b""}
                await self.rows.add_sealed(connection, case_people, person, day, **also)
            if link is not None:
                await self.add_link(connection, case_id, link)
            await self.line(connection, signed, "case.begun", case_id)
        await self.tell(case_id, waits)
        return case_id

    async def change(self, signed: Signed, case_id: bytes, body: CaseBody, revision: int) -> None:
        """Other facts. Raises ChangedMeanwhile where `revision` is not its revision any more."""
        await self.rows.ready()
        async with self.database.write() as connection:
            case = await self.door(connection, signed, case_id)
            if case.revision != revision:
                raise ChangedMeanwhile("somebody changed this case")
            waits = self._asks(body, case.waits, was=case.body)
            await self.put(connection, case, body, waits=waits)
            await self.line(connection, signed, "case.changed", case.id)
        if waits != case.waits:
            await self.tell(case.id, waits)

    async def waiting(self) -> tuple[int, int]:
        """How many cases wait for a supervisor: now, and within the shift."""
        asked = select(cases.c.waits, func.count()).where(cases.c.waits.in_(WAITING)).group_by(cases.c.waits)
        async with self.database.read() as connection:
            counted = {row.waits: row[1] for row in await connection.execute(asked)}
        return counted.get("now", 0), sum(count for waits, count in counted.items() if waits != "now")

    async def put(self, connection: AsyncConnection, case: OpenCase, body: CaseBody, **values: Any) -> None:
        """The case with another body, touched today; `values`: of its row besides."""
        sealed = await self.rows.seal(body, case.id, case.day)
        changed = {"sealed": sealed, "revision": case.revision + 1, "touched": self.today, **values}
        await self.rows.change(connection, cases, case.row, **changed)

    async def touch(self, connection: AsyncConnection, case: OpenCase, **values: Any) -> None:
        """Something was done with it: its clock begins anew."""
        await self.rows.change(connection, cases, case.row, touched=self.today, **values)

    async def case_of(self, connection: AsyncConnection, link: ContactLink) -> bytes | None:
        """The case that holds this contact, for whoever then asks the door; None where there is none."""
        asked = select(case_contacts).where(case_contacts.c.find.in_(self.rows.finds(link.kind, link.ref)))
        ours = self.rows.ours(case_contacts, (await connection.execute(asked)).all())
        return ours[0].case_id if ours else None

    async def add_link(self, connection: AsyncConnection, case_id: bytes, link: ContactLink) -> bytes:
        """A contact more, under a name of its own."""
        found = self.rows.find(link.kind, link.ref)
        return await self.rows.add_sealed(connection, case_contacts, link, self.today, case_id=case_id, find=found)

    async def note(
        self, connection: AsyncConnection, case_id: bytes, kind: Literal["note", "entry", "done"], body: NoteBody
    ) -> None:
        """Something written to it. Raises TooMany."""
        if len(await self.rows.all_of(connection, case_notes, case_id)) >= MOST_NOTES:
            raise TooMany("no more notes in one case")
        await self.rows.add_sealed(connection, case_notes, body, self.today, case_id=case_id, kind=kind)

    async def line(self, connection: AsyncConnection, signed: Signed, act: str, case_id: bytes) -> None:
        """A line of the audit, in the same transaction."""
        await audit.line(connection, at=self.clock.now(), act=act, staff_id=signed.staff_id, subject=case_id)

    async def tell(self, case_id: bytes, waits: Waits) -> None:
        """Whoever is on call: at once, or at the open desks at once and up the ladder when its shift is over."""
        try:
            if waits == "now":
                await self.alerts.raise_("case", case_id)
            elif waits == "shift":
                await self.alerts.raise_("case_shift", case_id, within_s=SHIFT.total_seconds())
        except ValkeyAway:
            _log.warning("case_not_told")  # it stands first in the list of what waits

    async def settled(self, case_id: bytes, by: bytes) -> None:
        """Nobody is called for it any more."""
        try:
            for kind in CALLS:
                await self.alerts.settle(kind, case_id, by=by)
        except ValkeyAway:
            _log.warning("case_not_settled")  # whoever is called finds it as it is

    def _asks(self, body: CaseBody, waits: Waits, was: CaseBody | None = None) -> Waits:
        """How soon a supervisor is asked, where its likelihood rose; else as it was."""
        how = LIKELY.index(body.get("likelihood")) if body.get("likelihood") in LIKELY else 0
        before = LIKELY.index(was.get("likelihood")) if was is not None and was.get("likelihood") in LIKELY else 0
        speed = speed_of(body)
        if not speed or (waits and how <= before):
            return waits
        return speed if waits == "done" else more_urgent(waits, speed)


def speed_of(body: CaseBody) -> Waits:
    """How soon a supervisor is asked for a case as likely as this; empty: she is not."""
    return SPEEDS.get(body.get("likelihood"), "")


def more_urgent(one: Waits, other: Waits) -> Waits:
    """The one of the two that is waited for more."""
    return max(one, other, key=_URGENT.index)


def with_status(case: OpenCase, closed: str, reason: str) -> CaseBody:
    """The body of a case that is closed on a day, or opened again."""
    words = {name: said for name, said in case.body.words.items() if name != "closure"}
    return replace(case.body, closed=closed, words=words | ({"closure": reason} if reason else {}))
