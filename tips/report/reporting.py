"""What staff do with a report: draft it, approve it or send it back, let it leave, look at what left in an emergency.

Nothing here sends anything. A report leaves when a person who proved once more that it is her takes it as a file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.consent.rule import Passage
from portal.errors import NotThere, PorchlightError
from portal.services import Services
from portal.staff.sessions.session import Signed
from portal.staff.unlock import Unlocking
from tips.access import Doors
from tips.report.course import APPROVED, DRAFTED, EXPORTED, RETURNED, SEEN, Report, flags, reports
from tips.report.draft import LONG, Draft, to_said
from tips.report.forms import Form
from tips.report.reading import Opened, open_for_report
from tips.report.refusing import ItChanged, NotYet, NotYours, ReasonMissing, check_allowed, check_leaves
from tips.review import Review
from tips.work.book import Book
from tips.work.card import DeskCard
from tips.work.entries import Entry

LEAVING: Final = "report"


@dataclass(frozen=True)
class Step:
    """How far a report was when a page was drawn (0: there was none), and the id of what the page posts."""

    number: int
    part: bytes


class Leave(msgspec.Struct, frozen=True, array_like=True):
    """What a pass to a file says: whose it is, of what, as what. Nothing of the report is in it."""

    staff: bytes
    tip: bytes
    report: str
    steps: int
    form: Form
    language: str


class Reporting:
    """The acts on reports. Each is one sealed entry and one audit line, in one transaction.

    `part` is the id a page gave to what it posts: sent twice it is done once.
    """

    def __init__(self, services: Services, doors: Doors, book: Book, review: Review) -> None:
        self._services = services
        self._doors = doors
        self._book = book
        self._review = review
        staff = services.staff
        self._unlocking = Unlocking(staff.accounts, staff.ledger, services.pools, staff.journal.count)

    async def look(self, signed: Signed, tip_id: bytes) -> Opened:
        """Open a tip to write or judge a report on it: an opening like every other. Raises as `Review.open`."""
        await self._review.open(signed, tip_id)
        async with self._services.database.read() as connection:
            return await open_for_report(self._doors, connection, signed, tip_id)

    async def draft(self, signed: Signed, tip_id: bytes, report_id: str, step: Step, draft: Draft, seen: str) -> None:
        """Write a draft, new (step 0) or in place of the one that stands; it waits for somebody else from now on.

        `seen` is `Opened.mark` of the page it was written on. Raises NotThere, ItChanged (also where words came
        that the author has not seen), NoLongerAllowed, NamesClosed.
        """
        async with self._services.database.write() as connection:
            opened = await open_for_report(self._doors, connection, signed, tip_id)
            if opened.is_done(step.part):
                return
            before = next((report for report in opened.reports if report.id == report_id), None)
            if (0 if before is None else before.steps) != step.number or opened.mark != seen:
                raise ItChanged("not what was looked at")
            if before is not None and not before.may_be_redrafted:
                raise NotYet("the look at what left is owed first")
            check_allowed(opened, draft)
            said, account = to_said(msgspec.structs.replace(draft, parts=opened.parts))
            done = _Done(report_id, step, DRAFTED, {"draft": said}, account)
            await self._write(connection, signed, opened, done)

    async def judge(
        self, signed: Signed, tip_id: bytes, report_id: str, step: Step, act: str, reason: str = ""
    ) -> None:
        """Be the second person: approve it, send it back, or have looked at what left already.

        `act` is one of APPROVED, RETURNED, SEEN. Raises NotThere, NotYours, ItChanged, ReasonMissing, and for an
        approval what `export` raises about the fields.
        """
        async with self._services.database.write() as connection:
            opened = await open_for_report(self._doors, connection, signed, tip_id)
            report = opened.report(report_id)
            if opened.is_done(step.part):
                return
            if signed.staff_id in report.authors:
                raise NotYours("the author is not the second person")
            owed = RETURNED if act == RETURNED else SEEN if report.owes_look else APPROVED
            if report.steps != step.number or not report.may_be_judged_by(signed.staff_id) or act != owed:
                raise ItChanged("not what was looked at")
            if act != APPROVED and not reason.strip():
                raise ReasonMissing("no reason")
            if act == APPROVED:
                check_allowed(opened, report.draft)
            done = _Done(report_id, step, act, {}, reason.strip()[:LONG])
            await self._write(connection, signed, opened, done)

    async def export(
        self, signed: Signed, tip_id: bytes, report_id: str, step: Step, passphrase: str, form: Form, language: str
    ) -> str:
        """Let a report leave as a file: a pass, for a minute, by which this person alone has it.

        Written down in the audit chain before there is a file. Raises NotThere, WrongPassphrase, TooManyTries,
        PoolFull, ItChanged, NotYet, NoLongerAllowed, ReachChanged, NamesClosed.
        """
        try:
            return await self._export(signed, tip_id, report_id, step, passphrase, form, language)
        except PorchlightError as wrong:
            if wrong.status < 500 and not isinstance(wrong, NotThere):
                await self._services.staff.journal.refused("tip.export_refused", signed.staff_id, tip_id)
            raise

    async def _export(
        self, signed: Signed, tip_id: bytes, report_id: str, step: Step, passphrase: str, form: Form, language: str
    ) -> str:
        await self._unlocking.by_id(signed.staff_id, passphrase)
        async with self._services.database.write() as connection:
            opened = await open_for_report(self._doors, connection, signed, tip_id)
            report = opened.report(report_id)
            if report.steps != step.number:
                raise ItChanged("not what was looked at")
            check_leaves(opened, report, self._today())
            said = {"form": form, "language": language}
            if not opened.is_done(step.part):
                done = _Done(report_id, step, EXPORTED, said, line="tip.exported")
                await self._write(connection, signed, opened, done)
        leave = Leave(signed.staff_id, tip_id, report_id, step.number, form, language)
        return await self._services.passes.issue(LEAVING, msgspec.msgpack.encode(leave))

    async def leaving(self, signed: Signed, token: str) -> tuple[Leave, Opened, Report]:
        """What a pass leads to, judged once more at this very moment: consents live now, or nothing.

        Raises NotThere for a pass that is over, of somebody else, or whose tip is gone; and as `export`.
        """
        carried = await self._services.passes.open(token, LEAVING)
        if carried is None:
            raise NotThere("no such pass")
        leave = msgspec.msgpack.decode(carried, type=Leave)
        if leave.staff != signed.staff_id:
            raise NotThere("somebody else's pass")
        async with self._services.database.read() as connection:
            opened = await open_for_report(self._doors, connection, signed, leave.tip)
        report = opened.report(leave.report)
        if report.steps != leave.steps:
            raise ItChanged("it was judged since")
        check_leaves(opened, report, self._today())
        return leave, opened, report

    def passage(self, opened: Opened, report: Report) -> Passage:
        """The gate's leave for the file that is made now. Raises as `export`."""
        return check_leaves(opened, report, self._today())

    def _today(self) -> date:
        return self._services.clock.now().date()

    async def _write(self, connection: AsyncConnection, signed: Signed, opened: Opened, done: "_Done") -> None:
        step = done.step.number + (done.act != EXPORTED)
        said = {"report": done.report, "step": str(step), **done.said}
        entry = Entry(self._services.clock.now(), signed.staff_id, signed.alias, done.act, said, done.text)
        shown = flags(reports([*opened.entries, entry]))

        def flagged(card: DeskCard) -> DeskCard:
            for flag, on in shown.items():
                card = card.flagged(flag, on=on)
            return card

        await self._book.write(
            connection,
            signed,
            opened.tip,
            done.act,
            part=done.step.part,
            said=said,
            text=done.text,
            card=flagged,
            line=done.line,
        )


@dataclass(frozen=True)
class _Done:
    """One act, as its entry keeps it."""

    report: str
    step: "Step"
    act: str
    said: Mapping[str, str]
    text: str = ""
    line: str = ""
