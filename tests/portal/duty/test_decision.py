"""A decision on a report: who stands behind it, what it lets out, what may come of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from portal.consent.terms import Basis, Kind, Recipient, What, Whom
from portal.duty.decision import (
    Decision,
    NotNow,
    Outcome,
    OwnDecision,
    Part,
    Plan,
    excepted_of,
    looked,
    part_of,
    settled,
    wrongs,
)

TODAY = date(2026, 11, 23)
PEPPER, AUTHOR, SECOND = b"p" * 32, b"r" * 16, b"k" * 16
DECISION = Decision(
    version=1,
    kind=Kind.CASE,
    subject=b"c" * 16,
    basis=Basis.MINOR,
    plan="report",
    region="ca-on",
    whom=Whom.CHILD_PROTECTION,
    what=(What.STORY, What.NAME),
    grounds="She is fifteen.",
    harm_of_telling="He may learn of it.",
    harm_of_silence="It goes on.",
    day=TODAY,
    by="Robin",
)


def part(plan: Plan = "report", basis: Basis = Basis.MINOR, *, at_once: bool = False) -> Part:
    decision = replace(DECISION, plan=plan, basis=basis, at_once=at_once)
    return part_of(decision, PEPPER, AUTHOR, TODAY + timedelta(days=7))


def lets(found: Part) -> bool:
    made = excepted_of(b"row", found, Recipient(found.whom))
    return made is not None and (bool(made.second) or (made.at_once and made.basis is Basis.HARM))


@pytest.mark.parametrize("name", ["grounds", "harm_of_telling", "harm_of_silence"])
def test_grounds_and_both_harms_are_written_whatever_is_decided(name: str) -> None:
    for plan in ("report", "not", "impossible"):
        assert set(wrongs(replace(DECISION, plan=plan, **{name: ""}))) == {name}


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({}, set()),
        ({"what": ()}, {"what"}),
        ({"whom": Whom.ORGANISATION, "to_key": "hope-house"}, {"to"}),
        ({"whom": Whom.COURT}, {"to"}),  # a minor at risk is no matter for a court's order
        ({"whom": Whom.POLICE}, {"to"}),  # which police
        ({"at_once": True}, {"at_once"}),
        ({"at_once": True, "basis": Basis.HARM}, set()),
        ({"plan": "not", "what": (), "whom": Whom.COURT}, set()),
    ],
)
def test_a_report_has_a_reader_the_exception_reaches_and_says_what_goes(
    changed: dict[str, object], wrong: set[str]
) -> None:
    assert set(wrongs(replace(DECISION, **changed))) == wrong


def test_nothing_leaves_before_a_second_person_who_did_not_write_it() -> None:
    waiting = part()
    assert waiting.waits
    assert not lets(waiting)
    with pytest.raises(OwnDecision):
        looked(waiting, AUTHOR, "agreed")
    agreed = looked(waiting, SECOND, "agreed")
    assert (agreed.waits, agreed.may_be_made, lets(agreed)) == (False, True, True)
    with pytest.raises(NotNow):
        looked(agreed, SECOND, "returned")
    returned = looked(waiting, SECOND, "returned")
    assert (returned.may_be_made, lets(returned)) == (False, False)


def test_in_an_emergency_one_person_may_go_first_and_the_look_is_owed() -> None:
    urgent = part(basis=Basis.HARM, at_once=True)
    assert (urgent.waits, urgent.may_be_made, lets(urgent)) == (True, True, True)
    made = settled(urgent, "made")
    assert (made.waits, lets(made)) == (True, False)  # owed still; and nothing more leaves by it
    assert looked(made, SECOND, "agreed").outcome == "made"
    back = looked(urgent, SECOND, "returned")
    assert (back.may_be_made, lets(back)) == (False, False)


def test_that_no_report_was_possible_is_an_outcome_and_is_looked_at_too() -> None:
    found = part("impossible")
    assert (found.outcome, found.waits, lets(found)) == ("impossible", True, False)
    assert looked(found, SECOND, "agreed").outcome == "impossible"


def test_not_to_report_is_decided_by_two() -> None:
    found = part("not")
    assert (found.outcome, lets(found)) == ("", False)
    assert looked(found, SECOND, "agreed").outcome == "not_made"
    assert looked(found, SECOND, "returned").outcome == ""


@pytest.mark.parametrize(
    ("found", "fits"),
    [
        (part(), {"impossible"}),
        (looked(part(), SECOND, "agreed"), {"made", "impossible", "not_made"}),
        (looked(part(), SECOND, "returned"), {"impossible"}),
        (part(basis=Basis.HARM, at_once=True), {"made", "impossible"}),
        (part("not"), set()),
        (part("impossible"), set()),
        (settled(looked(part(), SECOND, "agreed"), "made"), set()),
    ],
)
def test_what_came_of_it_is_one_of_what_can_have_come_of_it_once(found: Part, fits: set[Outcome]) -> None:
    for outcome in ("made", "impossible", "not_made"):
        if outcome in fits:
            assert settled(found, outcome).outcome == outcome
            assert not lets(settled(found, outcome))
        else:
            with pytest.raises(NotNow):
                settled(found, outcome)
