"""Holds both time-outs of a session to one rule: only a held conversation carries it past them, and then locked."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, strategies as st

from portal.staff.sessions.lasting import LAST_HOUR, PAUSE, Lasting, Limits

LIMITS = Limits(idle=timedelta(minutes=30), absolute=timedelta(hours=12))
ZERO = timedelta(0)

found = st.builds(
    Lasting,
    quiet=st.timedeltas(ZERO, timedelta(minutes=40)),
    left=st.timedeltas(-timedelta(minutes=10), timedelta(hours=12)),
    is_locked=st.booleans(),
)


@given(found)
def test_with_nobody_in_her_hands_both_times_end_it_locked_or_not(lasting: Lasting) -> None:
    standing = lasting.standing(LIMITS, is_holding=False)

    has_run_out = lasting.quiet >= LIMITS.idle or lasting.left <= ZERO
    assert standing == ("over" if has_run_out else "locked" if lasting.is_locked else "open")


@given(found)
def test_with_somebody_in_her_hands_it_never_ends_and_never_stays_open_past_its_time(lasting: Lasting) -> None:
    standing = lasting.standing(LIMITS, is_holding=True)

    assert standing != "over"
    if lasting.has_run_out(LIMITS) or lasting.is_locked:
        assert standing == "locked"


@given(found, st.booleans())
def test_a_lock_is_taken_away_by_no_time(lasting: Lasting, is_holding: bool) -> None:
    assert not (lasting.is_locked and lasting.standing(LIMITS, is_holding=is_holding) == "open")


@given(found)
def test_whom_she_holds_is_asked_only_where_it_matters(lasting: Lasting) -> None:
    if not lasting.asks_who_is_held(LIMITS):
        assert lasting.standing(LIMITS, is_holding=True) == lasting.standing(LIMITS, is_holding=False)


def test_in_its_last_hour_a_pause_is_enough_and_a_busy_hand_is_not_stopped() -> None:
    busy = Lasting(quiet=PAUSE - timedelta(seconds=1), left=LAST_HOUR)
    paused = Lasting(quiet=PAUSE, left=LAST_HOUR)

    assert busy.standing(LIMITS, is_holding=True) == "open"
    assert paused.standing(LIMITS, is_holding=True) == "locked"
    assert paused.standing(LIMITS, is_holding=False) == "open"
    assert Lasting(quiet=ZERO, left=ZERO).standing(LIMITS, is_holding=True) == "locked"
