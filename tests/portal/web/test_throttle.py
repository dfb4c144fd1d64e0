"""Holds the throttle to its pace and to forgetting."""

from __future__ import annotations

from hypothesis import given, strategies as some

from portal.web.throttle import Pace, Throttle


def test_a_burst_passes_and_then_the_pace_rules() -> None:
    throttle = Throttle(burst=3, each_second=1)

    assert [throttle.allows("a", at=0.0) for _ in range(4)] == [True, True, True, False]
    assert throttle.allows("a", at=1.0)
    assert not throttle.allows("a", at=1.5)


def test_names_do_not_slow_each_other() -> None:
    throttle = Throttle(burst=1, each_second=1)

    assert throttle.allows("a", at=0.0)
    assert throttle.allows("b", at=0.0)
    assert not throttle.allows("a", at=0.0)


def test_what_is_refused_costs_nothing() -> None:
    throttle = Throttle(burst=2, each_second=0)

    assert not throttle.allows("a", cost=3, at=0.0)
    assert throttle.allows("a", cost=2, at=0.0)


def test_a_long_rest_fills_the_bucket_to_its_brim_only() -> None:
    throttle = Throttle(burst=2, each_second=1)
    throttle.allows("a", cost=2, at=0.0)

    assert [throttle.allows("a", at=1000.0) for _ in range(3)] == [True, True, False]


def test_a_clock_that_steps_back_gives_nothing() -> None:
    throttle = Throttle(burst=1, each_second=1)
    throttle.allows("a", at=10.0)

    assert not throttle.allows("a", at=5.0)


def test_only_so_many_names_are_remembered() -> None:
    throttle = Throttle(burst=1, each_second=0, names=2)
    for name in ("a", "b", "c"):
        throttle.allows(name, at=0.0)

    assert not throttle.allows("c", at=0.0)
    assert throttle.allows("a", at=0.0), "the longest unused was forgotten"


def test_a_closed_case_is_forgotten() -> None:
    throttle = Throttle(burst=1, each_second=0)
    throttle.allows("a", at=0.0)
    throttle.forget("a")

    assert throttle.allows("a", at=0.0)


@given(some.lists(some.floats(0, 100), max_size=60))
def test_one_lines_pace_allows_what_a_throttle_of_one_name_would(steps: list[float]) -> None:
    pace, throttle = Pace(burst=3, each_second=0.5), Throttle(burst=3, each_second=0.5, names=1)
    throttle.allows(cost=0, at=0.0)
    pace.allows(at=0.0)
    throttle.allows(at=0.0)
    now = 0.0
    for step in steps:
        now += step

        assert pace.allows(at=now) == throttle.allows(at=now)
