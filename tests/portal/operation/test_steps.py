"""A count is said so that one person more or less is nowhere to be seen."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.clock import StillClock
from portal.operation.steps import FLOOR, STEPS, WAITS, step, wait_step, waited
from portal.operation.tally import MOST_WORKERS, Count, Tally

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_under_five_is_nobody_and_the_rest_goes_in_steps() -> None:
    assert {step(count) for count in range(-1, FLOOR)} == {0}
    assert [step(count) for count in (5, 9, 10, 19, 20, 99, 100, 10**9)] == [5, 5, 10, 10, 20, 50, 100, STEPS[-1]]


def test_of_few_waits_none_is_said() -> None:
    assert waited({30: 4}, 0.5) is None
    assert waited({30: 3, 300: 2}, 0.5) == 30
    assert waited({30: 18, 300: 1}, 0.9) is None, "the slowest tenth of nineteen is two people"
    assert waited({30: 17, 300: 3}, 0.9) == 300
    assert [wait_step(each) for each in (0, 30, 31, 99_999)] == [30, 30, 60, WAITS[-1]]


def test_nothing_of_an_hour_is_seen_before_it_is_over(clock: StillClock) -> None:
    tally = Tally(clock.now)
    for each in range(7):
        tally.count("turned_away")
        tally.peak("waiting", 6)
        tally.was_taken(bytes([each]), 12)

    assert (tally.last("turned_away", "hour"), tally.last("waiting", "hour"), sum(tally.waits("hour").values())) == (
        (0, 0, 0)
    )
    clock.advance(HOUR)
    assert (tally.last("turned_away", "hour"), tally.last("waiting", "hour"), tally.waits("hour")[30]) == (7, 6, 7)
    tally.count("turned_away")
    tally.peak("waiting", 1)
    assert (tally.last("turned_away", "hour"), tally.last("waiting", "hour")) == (7, 6), "one more moves nothing"
    clock.advance(HOUR)
    assert (tally.last("turned_away", "hour"), tally.last("turned_away", "day")) == (1, 0)
    clock.advance(HOUR)
    assert tally.last("turned_away", "hour") == 0
    clock.advance(DAY)
    assert tally.last("turned_away", "day") == 8


def test_workers_are_counted_together_and_what_all_of_them_see_once(clock: StillClock) -> None:
    tally = Tally(clock.now)
    for place in (0, 1, MOST_WORKERS - 1):
        tally.take_place(place)
        tally.count("turned_away", 2)
        tally.peak("waiting", 3 + place % 2)
        tally.count("engine_away_seconds", 60)
        tally.clock_jumped()
        tally.beat()
    clock.advance(HOUR)

    assert tally.last("turned_away", "hour") == 6
    assert tally.last("waiting", "hour") == 4
    assert tally.last("engine_away_seconds", "hour") == 60
    assert (tally.clock_jumps(), tally.living()) == (1, 3)


@pytest.mark.parametrize("count", ["drops_visitor", "waiting"])
def test_an_hour_with_one_person_looks_like_an_hour_with_none(clock: StillClock, count: Count) -> None:
    with_one, with_none = Tally(clock.now), Tally(clock.now)
    for _ in range(9):
        with_one.count_once("drops_visitor", b"her")
    with_one.peak("waiting", 1)
    with_one.was_taken(b"her", 40)
    clock.advance(HOUR)

    def seen(tally: Tally) -> list[object]:
        return [step(tally.last(count, "hour")), *(waited(tally.waits("hour"), each) for each in (0.5, 0.9))]

    assert seen(with_one) == seen(with_none)


def test_one_phone_in_a_tunnel_is_one_and_five_phones_are_five(clock: StillClock) -> None:
    tally = Tally(clock.now)
    for phone in [b"hers"] * 9 + [b"a", b"b", b"c", b"d"]:
        tally.count_once("drops_visitor", phone)
        tally.was_taken(phone, 12)
    clock.advance(HOUR)
    assert (tally.last("drops_visitor", "hour"), tally.waits("hour")[30]) == (5, 5)
    tally.count_once("drops_visitor", b"hers")
    clock.advance(DAY)
    assert tally.last("drops_visitor", "day") == 5, "in another hour, and still one of that day"


def test_few_who_lose_their_line_at_several_workers_are_few(clock: StillClock) -> None:
    tally = Tally(clock.now)
    for place in (0, 1):
        tally.take_place(place)
        for phone in (b"a", b"b", b"c"):
            tally.count_once("drops_visitor", phone + bytes([place]))
    clock.advance(HOUR)
    assert tally.last("drops_visitor", "hour") == 0
