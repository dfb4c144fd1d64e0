"""Follows a report through the house: who drafted, who looked at it, whether it may go now, what is still owed."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

import msgspec

from tips.report.draft import Draft, from_said
from tips.work.entries import Entry, of_acts

DRAFTED: Final = "report_drafted"
APPROVED: Final = "report_approved"
RETURNED: Final = "report_returned"
EXPORTED: Final = "report_exported"
SEEN: Final = "report_seen"
ACTS: Final = (DRAFTED, APPROVED, RETURNED, EXPORTED, SEEN)


class Stage(StrEnum):
    """Where the newest draft of a report stands."""

    WAITING = "waiting"  # for the eyes of somebody else
    RETURNED = "returned"
    APPROVED = "approved"


@dataclass(frozen=True)
class Report:
    """One report. `steps` counts drafts and words about them: a page names it, so that nobody judges what she has
    not seen. That it left as a file is no step.

    `owes_look` is true from the moment it left before anybody else had looked, until somebody has.
    """

    id: str
    steps: int
    draft: Draft = field(repr=False)
    drafted: Entry
    authors: frozenset[bytes]
    stage: Stage = Stage.WAITING
    judged: Entry | None = None
    exports: tuple[Entry, ...] = ()
    owes_look: bool = False

    @property
    def is_waiting(self) -> bool:
        """Whether it waits for a second person before it may leave."""
        return self.stage is Stage.WAITING and not self.owes_look

    @property
    def may_leave(self) -> bool:
        """Whether it may be exported as far as people are concerned: approved, or an emergency nobody has refused."""
        return self.stage is Stage.APPROVED or (self.stage is Stage.WAITING and self.draft.at_once)

    @property
    def may_be_redrafted(self) -> bool:
        """Not while the look at what has left already is owed: that has to be judged as it was."""
        return not self.owes_look

    def may_be_judged_by(self, staff_id: bytes) -> bool:
        """Whether this person may be the second one: never who wrote any of it."""
        return self.stage is Stage.WAITING and staff_id not in self.authors


def reports(entries: Iterable[Entry]) -> tuple[Report, ...]:
    """Every report on a tip, the oldest first. Entries that do not fit (an author's own approval) count for nothing."""
    found: dict[str, Report] = {}
    for entry in sorted(of_acts(entries, *ACTS), key=_place):
        report_id = entry.said.get("report", "")
        before = found.get(report_id)
        after = _drafted(before, report_id, entry) if entry.act == DRAFTED else _moved(before, entry)
        if after is not None:
            found[report_id] = after
    return tuple(found.values())


def flags(found: Iterable[Report]) -> dict[str, bool]:
    """What the desk's list has to show: by the name of a flag of the card."""
    known = tuple(found)
    return {
        "report_waits": any(report.is_waiting for report in known),
        "report_owes_look": any(report.owes_look for report in known),
    }


def _place(entry: Entry) -> tuple[int, bool]:
    """Where an entry stands in its report; a clock that stood still must not put an approval before its draft."""
    step = entry.said.get("step", "")
    return int(step) if step.isascii() and step.isdigit() and len(step) < 8 else 0, entry.act == EXPORTED


def _drafted(before: Report | None, report_id: str, entry: Entry) -> Report | None:
    try:
        draft = from_said(entry.said.get("draft", ""), entry.text)
    except msgspec.DecodeError:
        return before
    if before is None:
        return Report(report_id, 1, draft, entry, frozenset({entry.by}))
    if not before.may_be_redrafted:
        return before
    authors = before.authors | {entry.by}
    return Report(report_id, before.steps + 1, draft, entry, authors, exports=before.exports)


def _moved(before: Report | None, entry: Entry) -> Report | None:
    if before is None:
        return None
    if entry.act == EXPORTED:
        owes = before.owes_look or before.stage is not Stage.APPROVED
        return replace(before, exports=(*before.exports, entry), owes_look=owes)
    if not before.may_be_judged_by(entry.by):
        return before
    stage = Stage.RETURNED if entry.act == RETURNED else Stage.APPROVED
    return replace(before, steps=before.steps + 1, stage=stage, judged=entry, owes_look=False)
