"""Holds of whom a second proof is asked, and that no desk falls shut in the middle of a shift."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from portal.staff.proofs.asking import HAS_ONE, NEVER_ASKED, TAKEN_AWAY, Asking, roles_with_keys
from portal.staff.rights import Role

ASKED_ON = date(2026, 3, 1)
WEEK = Asking(roles_with_keys(), days=7)
AT_ONCE = Asking(roles_with_keys(), days=0)


@pytest.mark.parametrize(("later", "is_shut"), [(0, False), (6, False), (7, False), (8, True), (30, True)])
def test_after_her_days_and_one_for_the_night_a_new_session_is_shut(later: int, is_shut: bool) -> None:
    began = ASKED_ON + timedelta(days=later)
    assert WEEK.shuts(Role.ADVOCATE, ASKED_ON.isoformat(), began) is is_shut


def test_she_is_told_her_days_and_not_the_one_for_the_night() -> None:
    left = [WEEK.days_left(Role.ADVOCATE, ASKED_ON.isoformat(), ASKED_ON + timedelta(days=each)) for each in range(9)]
    assert left == [7, 6, 5, 4, 3, 2, 1, 0, 0]


@pytest.mark.parametrize("second", [ASKED_ON.isoformat(), NEVER_ASKED])
def test_where_the_house_gives_no_days_it_is_asked_at_once(second: str) -> None:
    assert AT_ONCE.shuts(Role.ADVOCATE, second, ASKED_ON)


@pytest.mark.parametrize("asking", [WEEK, AT_ONCE])
def test_who_lost_it_by_two_colleagues_makes_another_before_anything_opens(asking: Asking) -> None:
    assert asking.shuts(Role.ADVOCATE, TAKEN_AWAY, ASKED_ON)
    assert asking.shuts(Role.STATISTICS_VIEWER, TAKEN_AWAY, ASKED_ON)


@pytest.mark.parametrize("asking", [WEEK, AT_ONCE])
def test_who_has_one_or_can_read_nothing_is_never_shut_out(asking: Asking) -> None:
    assert not asking.shuts(Role.ADVOCATE, HAS_ONE, ASKED_ON)
    assert not asking.shuts(Role.STATISTICS_VIEWER, ASKED_ON.isoformat(), ASKED_ON + timedelta(days=99))
