"""Holds the course of a report, in whatever order things are done: never out by one person who owes no look."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings, strategies as st

from tests.tips.report.conftest import draft
from tests.tips.test_tip import NOON
from tips.report.course import ACTS, APPROVED, DRAFTED, EXPORTED, RETURNED, SEEN, Stage, flags, reports
from tips.report.draft import to_said
from tips.report.rules import Basis
from tips.work.entries import Entry

PEOPLE = (b"a" * 16, b"b" * 16, b"c" * 16)


def entry(act: str, by: bytes, step: int, *, at_once: bool = False, minute: int = 0, report: str = "r") -> Entry:
    said, text = {"report": report, "step": str(step)}, "why"
    if act == DRAFTED:
        written, text = to_said(draft(basis=Basis.HARM, at_once=at_once))
        said["draft"] = written
    return Entry(NOON + timedelta(minutes=minute), by, "Robin", act, said, text)


MOVES = st.lists(st.tuples(st.sampled_from(ACTS), st.sampled_from(PEOPLE), st.booleans()), max_size=12)


@settings(max_examples=300, deadline=None)
@given(MOVES)
def test_whatever_is_done_nothing_may_leave_that_only_its_authors_have_seen(
    moves: list[tuple[str, bytes, bool]],
) -> None:
    """Unless it is an emergency that says so; what left so owes a look until one who did not write it has looked."""
    entries = [entry(DRAFTED, PEOPLE[0], 1)]
    for number, (act, by, at_once) in enumerate(moves, start=1):
        found = reports(entries)[0]
        step = found.steps + (act != EXPORTED)
        entries.append(entry(act, by, step, at_once=at_once, minute=number))
        (after,) = reports(entries)
        if after.stage is not Stage.WAITING:
            assert after.judged is not None
            assert after.judged.by not in after.authors
        assert after.may_leave == (
            after.stage is Stage.APPROVED or (after.stage is Stage.WAITING and after.draft.at_once)
        )
        if act == EXPORTED and found.stage is not Stage.APPROVED:
            assert after.owes_look
        if found.owes_look and not after.owes_look:
            assert act in (APPROVED, RETURNED, SEEN)
            assert by not in after.authors
        assert not after.may_be_judged_by(PEOPLE[0])


@settings(max_examples=100, deadline=None)
@given(st.permutations(range(4)))
def test_entries_of_one_moment_count_in_the_order_of_their_steps(order: list[int]) -> None:
    """A clock may stand still, and rows come in any order."""
    steps = [
        entry(DRAFTED, PEOPLE[0], 1, at_once=True),
        entry(EXPORTED, PEOPLE[0], 1),
        entry(SEEN, PEOPLE[1], 2),
        entry(EXPORTED, PEOPLE[0], 2),
    ]
    (found,) = reports(steps[place] for place in order)
    assert (found.stage, found.owes_look, len(found.exports), found.steps) == (Stage.APPROVED, False, 2, 2)


def test_what_is_not_ours_counts_for_nothing() -> None:
    stray = Entry(NOON, PEOPLE[0], "Robin", DRAFTED, {"report": "x", "step": "1", "draft": "{}"}, "")
    later = Entry(NOON, PEOPLE[0], "Robin", "report_blessed", {"report": "r", "step": "2"}, "")
    lone = entry(APPROVED, PEOPLE[1], 2, report="y")
    found = reports([stray, later, lone, entry(DRAFTED, PEOPLE[0], 1)])
    assert [report.id for report in found] == ["r"]
    assert flags(found) == {"report_waits": True, "report_owes_look": False}
