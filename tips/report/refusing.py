"""Says why a report may not leave, or not be approved, just now: the last look before anything goes."""

from datetime import date
from typing import ClassVar, Final

from portal.consent.rule import Passage, decide
from portal.errors import PorchlightError
from tips.agreed import agreements
from tips.report.course import Report, Stage
from tips.report.draft import Draft
from tips.report.reading import Opened
from tips.report.rules import Basis, Ground, asked, content_of, excepted, stopped
from tips.tip import Names

REACHING: Final = frozenset(Names.__struct_fields__)
"""The fields that open by the key to names alone."""


class ItChanged(PorchlightError):
    """Somebody was faster: what was judged is not what stands there now."""

    phrase: ClassVar[str] = "report.error.changed"
    status: ClassVar[int] = 409


class NotYours(PorchlightError):
    """Whoever wrote a report is never its second person."""

    phrase: ClassVar[str] = "report.error.own"
    status: ClassVar[int] = 403


class NotYet(PorchlightError):
    """It may not leave before somebody else has looked."""

    phrase: ClassVar[str] = "report.error.not_yet"
    status: ClassVar[int] = 409


class NoLongerAllowed(PorchlightError):
    """What it rests on no longer lets out what stands in it: the sender has taken something back."""

    phrase: ClassVar[str] = "report.error.taken_back"
    status: ClassVar[int] = 409


class ReachChanged(PorchlightError):
    """She has changed how she may be reached since; the old way may not be safe any more."""

    phrase: ClassVar[str] = "report.error.reach_changed"
    status: ClassVar[int] = 409


class NamesClosed(PorchlightError):
    """It holds who she is, and this person's keys do not open that."""

    phrase: ClassVar[str] = "report.error.names_closed"
    status: ClassVar[int] = 403


class ReasonMissing(PorchlightError):
    """Sending back, and the second look, say something."""

    phrase: ClassVar[str] = "report.error.reason"
    status: ClassVar[int] = 422


def ground_of(opened: Opened, draft: Draft) -> Ground:
    """What a draft rests on at this moment."""
    return Ground(draft.basis, draft.recipient, opened.standing)


def check_allowed(opened: Opened, draft: Draft) -> None:
    """Raises NoLongerAllowed for a field that may not leave now, and NamesClosed for one this person cannot read."""
    if not draft.fields or stopped(draft.fields, ground_of(opened, draft)):
        raise NoLongerAllowed("the rule does not let it out")
    if REACHING & draft.fields.keys() and not opened.has_names:
        raise NamesClosed("without the key to names")


def check_leaves(opened: Opened, report: Report, today: date) -> Passage:
    """The gate's leave for this report. Raises NotYet, ReachChanged, MayNotLeave, and as `check_allowed`: nothing
    leaves where it raises.
    """
    if not report.may_leave:
        raise NotYet("nobody else has looked")
    check_allowed(opened, report.draft)
    known = frozenset(report.draft.parts)
    if REACHING & report.draft.fields.keys() and not opened.names_parts(opened.parts) <= known:
        raise ReachChanged("another way was left since")
    return _passage(opened, report, today)


def _passage(opened: Opened, report: Report, today: date) -> Passage:
    draft, tip = report.draft, opened.tip.sealed.id
    what = content_of(draft.fields)
    leaving = asked(tip, draft.recipient, what)
    if draft.basis is Basis.CONSENT:
        return decide(leaving, agreements(opened.standing, tip, leaving.to), (), today)
    is_approved = report.stage is Stage.APPROVED and report.judged is not None
    second = report.judged.by if is_approved and report.judged is not None else b""
    made = excepted(tip, draft.basis, draft.recipient, what, by=report.drafted.by, second=second, at_once=draft.at_once)
    return decide(leaving, (), (made,), today)
