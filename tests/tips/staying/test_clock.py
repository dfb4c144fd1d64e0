"""Holds the clock: whole weeks, never shorter than was said, a warning before anything goes, none without an answer."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, strategies as some

from tips.staying.clock import (
    GOES,
    WEEK,
    Step,
    Terms,
    after_warning,
    first_look,
    goes_from,
    monday,
    waits_beyond,
)
from tips.tip import Status

DAYS = some.dates(date(2026, 1, 1), date(2036, 1, 1))
TERMS = some.builds(Terms, some.integers(181, 3650), some.just(0) | some.integers(181, 3650), some.integers(28, 180))


@given(DAYS)
def test_a_week_begins_on_its_monday(day: date) -> None:
    assert monday(day).weekday() == 0
    assert timedelta(0) <= day - monday(day) < WEEK


@given(DAYS, DAYS, TERMS, some.booleans())
def test_two_acts_of_one_week_have_one_look(one: date, other: date, terms: Terms, is_empty: bool) -> None:
    looks = [first_look(monday(day), terms, is_empty=is_empty) for day in (one, other)]
    assert (looks[0] == looks[1]) is (monday(one) == monday(other))
    assert all(look.week.weekday() == 0 and look.step is Step.WARN for look in looks)


@given(DAYS, TERMS, some.booleans(), some.integers(0, 300))
def test_nothing_goes_before_its_days_are_over_nor_before_the_whole_warning_was_given(
    act: date, terms: Terms, is_empty: bool, late: int
) -> None:
    """The round that finds the act is the next week's; the one that warns may come late, as after a stand-still."""
    days = terms.number_days if is_empty else terms.words_days
    found = monday(act) + WEEK
    first = first_look(found, terms, is_empty=is_empty)
    warned_in = monday(max(first.week, act + timedelta(late)))
    goes = after_warning(warned_in, terms)
    assert goes.step is Step.GO
    assert goes.week - warned_in >= timedelta(terms.warning_days)
    if days or not is_empty:
        assert goes.week - act >= timedelta(days)
        if warned_in == first.week:
            assert goes.week - act <= timedelta(days) + 4 * WEEK


@given(some.sampled_from(Step), DAYS, some.sampled_from(Status))
def test_a_day_is_said_only_once_somebody_has_answered_and_the_warning_stands(
    step: Step, week: date, status: Status
) -> None:
    said = goes_from(step, week.isoformat(), status)
    assert said == (week if step is Step.GO and status in GOES else None)


@given(some.sampled_from(Step), DAYS, some.sampled_from(Status), DAYS)
def test_a_tip_nobody_answered_stays_and_is_said_to(step: Step, week: date, status: Status, today: date) -> None:
    beyond = waits_beyond(step, week.isoformat(), status, today)
    assert not (beyond and goes_from(step, week.isoformat(), status))
    assert beyond == (status not in GOES and step is not Step.FRESH and week <= today)


def test_a_tip_that_waits_for_its_round_says_nothing() -> None:
    for status in Status:
        assert goes_from(Step.FRESH, "", status) is None
        assert not waits_beyond(Step.FRESH, "", status, date(2026, 3, 4))
