"""What is decided about a case: a supervisor's entry, whether it is closed, whose it is, how long it stays."""

from dataclasses import dataclass
from typing import ClassVar, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from portal.errors import NotThere, PorchlightError
from portal.records.case_holds import ACTS, CaseHolds, Word
from portal.records.case_shapes import OpenCase, TooMany
from portal.records.case_tables import case_hands
from portal.records.case_words import OVER, NoteBody, Status
from portal.records.cases import MOST_HANDS, Cases, more_urgent, speed_of, with_status
from portal.records.contact_shapes import Waits
from portal.records.supervising import SupervisorEntry
from portal.staff.rights import RIGHTS, Right
from portal.staff.sessions.session import Signed


class EntryNeeded(PorchlightError):
    """No case is closed before a supervisor has written to it as it stands."""

    phrase: ClassVar[str] = "cases.wrong.entry_needed"
    status: ClassVar[int] = 409


class ReasonNeeded(PorchlightError):
    """This is done with a reason somebody can be asked about."""

    phrase: ClassVar[str] = "cases.wrong.reason_needed"
    status: ClassVar[int] = 400


@dataclass(frozen=True)
class Colleague:
    """Somebody a case is with, or may be given to (`is_here`)."""

    id: bytes
    alias: str
    is_here: bool


class CaseDeciding:
    """The acts. Each raises NotThere for a case that is not hers, and DatabaseAway."""

    def __init__(self, book: Cases, holds: CaseHolds) -> None:
        self._book = book
        self._holds = holds

    async def write(self, signed: Signed, case_id: bytes, entry: SupervisorEntry) -> None:
        """A supervisor's entry: the calling ends, and the case may be closed unless she asked for more."""
        if not signed.may(Right.SUPERVISE_CASES):
            raise NotThere("no such case")
        waits: Waits = "asked" if entry.verdict == "asked_more" else "done"
        async with self._book.database.write() as connection:
            case = await self._opened(connection, signed, case_id)
            await self._book.note(connection, case.id, "entry", NoteBody(by=signed.alias, entry=entry))
            await self._book.touch(connection, case, waits=waits)
            await self._book.line(connection, signed, f"case.{entry.verdict}", case.id)
        await self._book.settled(case.id, signed.staff_id)

    async def ask(self, signed: Signed, case_id: bytes) -> None:
        """Ask a supervisor to write to it, however likely it is: within the shift."""
        async with self._book.database.write() as connection:
            case = await self._opened(connection, signed, case_id)
            waits = more_urgent("shift", case.waits)
            if waits == case.waits:
                return
            await self._book.touch(connection, case, waits=waits)
            await self._book.line(connection, signed, "case.asked", case.id)
        await self._book.tell(case.id, waits)

    async def set_status(self, signed: Signed, case_id: bytes, status: Status, reason: str) -> None:
        """Work on it, follow it up, or close it. Raises EntryNeeded, and ReasonNeeded for a closing without one."""
        async with self._book.database.write() as connection:
            case = await self._opened(connection, signed, case_id)
            if status in OVER:
                if case.waits != "done":
                    raise EntryNeeded("no supervisor has written to it")
                if not reason:
                    raise ReasonNeeded("why it is closed")
            closed = self._book.today if status in OVER else ""
            body = with_status(case, closed, reason if status in OVER else "")
            await self._book.note(connection, case.id, "done", NoteBody(done=status, by=signed.alias, words=reason))
            # Opened again it is another case than the one a supervisor wrote to.
            waits: Waits = speed_of(body) if case.status in OVER and status not in OVER else case.waits
            await self._book.put(connection, case, body, status=status, waits=waits)
            act = "case.closed" if status in OVER else "case.stands"
            await self._book.line(connection, signed, act, case.id)
        if waits != case.waits:
            await self._book.tell(case.id, waits)

    async def add_note(self, signed: Signed, case_id: bytes, words: str) -> None:
        """A note, in words of our own. Raises ReasonNeeded for an empty one, TooMany."""
        if not words:
            raise ReasonNeeded("nothing was written")
        async with self._book.database.write() as connection:
            case = await self._opened(connection, signed, case_id)
            await self._book.note(connection, case.id, "note", NoteBody(words=words, by=signed.alias))
            await self._book.touch(connection, case)
            await self._book.line(connection, signed, "case.note", case.id)

    async def give(self, signed: Signed, case_id: bytes, staff: bytes) -> None:
        """It is hers too, from now on. Raises NotThere for somebody who may not work on cases, TooMany."""
        if not any(each.id == staff and each.is_here for each in await self.colleagues()):
            raise NotThere("nobody of this name works on cases")
        async with self._book.database.write() as connection:
            case = await self._opened(connection, signed, case_id)
            if staff in case.hands:
                return
            if len(case.hands) >= MOST_HANDS:
                raise TooMany("too many people on one case")
            await self._book.rows.add(connection, case_hands, case_id=case.id, staff=staff)
            await self._book.touch(connection, case)
            await self._book.line(connection, signed, "case.given", case.id)

    async def take_off(self, signed: Signed, case_id: bytes, staff: bytes) -> None:
        """It is hers no more: by a supervisor, or by herself."""
        if staff != signed.staff_id and not signed.may(Right.SUPERVISE_CASES):
            raise NotThere("no such case")
        async with self._book.database.write() as connection:
            case = await self._opened(connection, signed, case_id)
            for row in await self._book.rows.all_of(connection, case_hands, case.id):
                if row.staff == staff:
                    await self._book.rows.remove(connection, case_hands, row)
                    await self._book.line(connection, signed, "case.taken_off", case.id)

    async def keep(self, signed: Signed, case_id: bytes) -> None:
        """Its days begin anew."""
        async with self._book.database.write() as connection:
            case = await self._opened(connection, signed, case_id)
            await self._book.touch(connection, case)
            await self._book.line(connection, signed, "case.kept", case.id)

    async def hold(self, signed: Signed, case_id: bytes, reason: str) -> Word:
        """The next word of a legal hold: asked, made, its end asked, ended; the second of each pair is another's.

        Raises ReasonNeeded, and what `CaseHolds.add` raises.
        """
        if not signed.may(Right.SUPERVISE_CASES):
            raise NotThere("no such case")
        if len(reason) < SHORTEST_REASON:
            raise ReasonNeeded("a hold needs a reason")
        async with self._book.database.write() as connection:
            case = await self._opened(connection, signed, case_id)
            word = await self._holds.add(connection, case.id, signed.staff_id)
            done = NoteBody(done=f"hold_{word}", words=reason, by=signed.alias)
            await self._book.note(connection, case.id, "done", done)
            await self._book.touch(connection, case)
            await self._book.line(connection, signed, ACTS[word], case.id)
        return word

    async def colleagues(self) -> list[Colleague]:
        """Everybody there ever was; `is_here` of those a case can be given to now."""
        staff = self._book.staff
        holders = (await staff.ledger.current()).holders("records")
        return [
            Colleague(
                person.id,
                person.alias,
                person.is_active and person.id in holders and Right.WORK_CASES in RIGHTS[person.role],
            )
            for person in await staff.accounts.everyone()
        ]

    async def _opened(self, connection: AsyncConnection, signed: Signed, case_id: bytes) -> OpenCase:
        await self._book.rows.ready()
        return await self._book.door(connection, signed, case_id)


SHORTEST_REASON: Final = 3
