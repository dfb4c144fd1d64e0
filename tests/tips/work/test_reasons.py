"""The table of openings: which tip opens at once for whom, and which asks for a reason."""

from __future__ import annotations

import itertools

import pytest

from tips.tip import Status, Urgency
from tips.work.card import BLANK, DeskCard
from tips.work.deeds import A_SUPERVISOR
from tips.work.reasons import Reason, needs_reason

ME, KIM, GONE = (bytes([n]) * 16 for n in (1, 2, 3))
HERE = {ME, KIM}
OPEN = (Status.NEW, Status.BEING_READ, Status.ANSWERED)


def asked(
    status: Status,
    desk: DeskCard,
    *,
    urgency: Urgency = Urgency.UNSAID,
    supervises: bool = False,
    closed_it: bool = False,
) -> bool:
    return needs_reason(status, urgency, desk, me=ME, supervises=supervises, here=HERE, closed_it=closed_it)


@pytest.mark.parametrize(
    ("desk", "open_asks", "closed_asks"),
    [
        (BLANK, False, True),
        (DeskCard(assignee=ME), False, False),
        (DeskCard(assignee=KIM), True, True),
        (DeskCard(assignee=GONE), False, True),
        (DeskCard(assignee=KIM, eyes=(ME,)), False, False),
        (DeskCard(assignee=KIM, eyes=(KIM,)), True, True),
        (DeskCard(assignee=KIM, eyes=(A_SUPERVISOR,)), True, True),
    ],
)
def test_what_is_mine_or_nobodys_opens_and_the_rest_asks(desk: DeskCard, open_asks: bool, closed_asks: bool) -> None:
    assert {asked(status, desk) for status in OPEN} == {open_asks}
    assert asked(Status.CLOSED, desk) == closed_asks


def test_a_supervisor_who_may_be_asked_is_not_asked_why() -> None:
    assert not asked(Status.CLOSED, DeskCard(assignee=KIM, eyes=(A_SUPERVISOR,)), supervises=True)
    assert asked(Status.BEING_READ, DeskCard(assignee=KIM), supervises=True)


@pytest.mark.parametrize(("status", "urgency"), list(itertools.product(Status, Urgency)))
def test_what_happens_now_and_is_unread_is_kept_from_nobody(status: Status, urgency: Urgency) -> None:
    free = status is Status.NEW and urgency is Urgency.NOW
    assert asked(status, DeskCard(assignee=KIM), urgency=urgency) == (not free)


def test_the_list_of_reasons_is_short_and_fits_into_a_line_of_the_audit() -> None:
    assert len(Reason) <= 7
    assert all(len(f"tip.opened.{reason}") <= 40 for reason in Reason)


def test_what_one_closed_oneself_opens_again_and_only_that() -> None:
    assert not asked(Status.CLOSED, BLANK, closed_it=True)
    assert not asked(Status.CLOSED, DeskCard(assignee=KIM), closed_it=True)
    assert asked(Status.ANSWERED, DeskCard(assignee=KIM), closed_it=True)
