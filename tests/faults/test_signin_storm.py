"""Storms the desk's door beside a talk: no word is lost, no name is told, and who is known there still comes in."""

from __future__ import annotations

import asyncio

import pytest

from bench.signin.run import measured, stormed, told_apart
from tests.support.line_people import LineVisitor
from tests.support.open_house import OpenHouse
from tests.support.signin_storm import Storm, said

pytestmark = pytest.mark.fault


@pytest.mark.asvs("6.3.1")
def test_a_storm_at_the_door_stops_no_talk_and_nobody_who_is_known_there(open_house: OpenHouse) -> None:
    with LineVisitor.starts(open_house.house) as visitor:
        visitor.says("hello")
        desk = open_house.admin.opens_the_line()
        conversation = desk.takes_next()
        storm = Storm(open_house.house.desk_port, "nobody at all", tries=12, lines=8)
        storm.start()
        times = said(desk, visitor, conversation, 4)
        open_house.admin.signs_in()
        storm.join()
        desk.close()
    assert len(times) == 8
    assert dict(storm.answers) == {"303": 12}


def test_times_that_differ_are_told_apart_and_equal_ones_are_not() -> None:
    same = [float(each) for each in range(200)]
    share, p = told_apart(same, [each + 0.5 for each in same])
    assert abs(share - 0.5) < 0.01
    assert p > 0.9
    share, p = told_apart(same, [each + 80.5 for each in same])
    assert share > 0.7
    assert p < 0.001


@pytest.mark.long
@pytest.mark.asvs("6.3.8")
def test_known_and_unknown_names_take_the_same_time() -> None:
    unknown, *others = asyncio.run(measured(150))
    for other in others:
        share, _ = told_apart(unknown.times_ms, other.times_ms)
        assert abs(share - 0.5) < 0.1, (other.name, share)


@pytest.mark.long
def test_a_thousand_tries_beside_a_talk() -> None:
    for line in stormed(1000):
        print(line)
