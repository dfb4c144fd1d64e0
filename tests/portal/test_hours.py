"""Holds the rule of hours to the clock on the wall: nights, the end of a week, days when clocks are changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings, strategies as st

from portal.doors import Doors, Switch
from portal.hours import DAY_MINUTES, Days, Span, by_days, do_overlap, is_within, next_within

TORONTO = ZoneInfo("America/Toronto")
WEEK_MINUTES = 7 * DAY_MINUTES
MINUTE = timedelta(minutes=1)

# Each with a day in 2026 on which its clocks are changed: by an hour, by half of one, at midnight, and not at all.
ZONES = {
    "America/Toronto": (datetime(2026, 3, 8, 7, tzinfo=UTC), datetime(2026, 11, 1, 6, tzinfo=UTC)),
    "Australia/Lord_Howe": (datetime(2026, 4, 4, 15, tzinfo=UTC), datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
    "Africa/Cairo": (datetime(2026, 4, 23, 22, tzinfo=UTC), datetime(2026, 10, 29, 21, tzinfo=UTC)),
    "Asia/Kolkata": (datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)),
}

spans = st.lists(
    st.builds(
        Span,
        weekday=st.integers(0, 6),
        begins=st.integers(0, DAY_MINUTES - 1),
        ends=st.integers(0, DAY_MINUTES - 1),
    ),
    max_size=4,
)


@st.composite
def moments(draw: st.DrawFn) -> tuple[datetime, ZoneInfo]:
    """A moment within three days of a change of clocks, and the zone it happens in."""
    name = draw(st.sampled_from(sorted(ZONES)))
    change = draw(st.sampled_from(ZONES[name]))
    return change + draw(st.integers(-3 * DAY_MINUTES, 3 * DAY_MINUTES)) * MINUTE, ZoneInfo(name)


def minutes_of(kept: list[Span]) -> set[int]:
    """Every minute of the week that lies in these spans, counted one by one."""
    return {
        (span.weekday * DAY_MINUTES + span.begins + passed) % WEEK_MINUTES
        for span in kept
        for passed in range((span.ends - span.begins) % DAY_MINUTES or DAY_MINUTES)
    }


def wall(at: datetime, zone: ZoneInfo) -> int:
    there = at.astimezone(zone)
    return there.weekday() * DAY_MINUTES + there.hour * 60 + there.minute


@given(spans, moments())
def test_open_is_what_the_clock_on_the_wall_says(kept: list[Span], moment: tuple[datetime, ZoneInfo]) -> None:
    at, zone = moment
    minutes = minutes_of(kept)
    for passed in range(0, 3 * DAY_MINUTES, 17):
        later = at + passed * MINUTE
        assert is_within(kept, later, zone) is (wall(later, zone) in minutes)


@given(spans, moments())
@settings(max_examples=40)
def test_the_next_opening_is_the_first_minute_that_is_open(kept: list[Span], moment: tuple[datetime, ZoneInfo]) -> None:
    at, zone = moment
    minutes = minutes_of(kept)
    # An opening in the hour that a zone leaves out may take two weeks to come round.
    ahead = (at + passed * MINUTE for passed in range(15 * DAY_MINUTES if minutes else 0))
    opens = next_within(kept, at, zone)

    assert (opens and opens.astimezone(UTC)) == next((later for later in ahead if wall(later, zone) in minutes), None)


def test_a_night_goes_on_past_midnight_and_past_the_end_of_the_week() -> None:
    sunday_night = [Span(6, 22 * 60, 6 * 60)]
    sunday = datetime(2026, 6, 7, tzinfo=TORONTO)

    assert not is_within(sunday_night, sunday.replace(hour=21, minute=59), TORONTO)
    assert is_within(sunday_night, sunday.replace(hour=22), TORONTO)
    assert is_within(sunday_night, sunday + timedelta(hours=29, minutes=59), TORONTO)
    assert not is_within(sunday_night, sunday + timedelta(hours=30), TORONTO)


def test_a_span_in_the_hour_that_is_left_out_begins_after_it() -> None:
    saturday = datetime(2026, 3, 7, 12, tzinfo=TORONTO)

    opens = next_within([Span(6, 2 * 60 + 30, 5 * 60)], saturday, TORONTO)

    assert opens is not None
    assert opens.astimezone(UTC) == datetime(2026, 3, 8, 7, 0, tzinfo=UTC)


def test_the_hour_that_comes_twice_is_open_twice() -> None:
    kept = [Span(6, 60, 90)]
    first = datetime(2026, 11, 1, 1, 10, tzinfo=TORONTO).astimezone(UTC)
    again = next_within(kept, first + timedelta(minutes=30), TORONTO)

    assert is_within(kept, first, TORONTO)
    assert again is not None
    assert again.astimezone(UTC) == first + timedelta(minutes=50)


def test_a_week_is_said_by_days_that_follow_each_other() -> None:
    kept = [Span(day, 540, 1020) for day in range(5)] + [Span(6, 0, 0)]

    assert by_days(kept) == [Days(0, 4, ((540, 1020),)), Days(6, 6, ((0, 0),))]
    assert by_days([]) == []


@pytest.mark.parametrize(
    ("kept", "answer"),
    [
        ([], False),
        ([Span(0, 0, 0)], False),
        ([Span(0, 540, 720), Span(0, 720, 1020)], False),
        ([Span(0, 540, 721), Span(0, 720, 1020)], True),
        ([Span(0, 540, 600), Span(0, 540, 600)], True),
        ([Span(6, 1320, 360), Span(0, 359, 400)], True),
        ([Span(6, 1320, 360), Span(0, 360, 400)], False),
    ],
)
def test_hours_that_share_a_minute_are_found(kept: list[Span], answer: bool) -> None:
    assert do_overlap(kept) is answer


# The switch, and whose hours count

NOON = datetime(2026, 6, 3, 12, tzinfo=TORONTO)  # a Wednesday
DAYTIME = tuple(Span(day, 540, 1020) for day in range(5))
NIGHT = (Span(2, 1320, 360),)
DOORS = Doors(zone="America/Toronto", hours={"": DAYTIME, "ar": NIGHT})


def test_a_language_has_its_own_hours_or_those_of_the_rest() -> None:
    assert DOORS.judge("en", NOON).is_open
    assert DOORS.judge("ar", NOON) == DOORS.judge("ar", NOON + timedelta(hours=9))
    assert DOORS.judge("ar", NOON).opens == NOON.replace(hour=22)
    assert not DOORS.judge("en", NOON.replace(hour=23)).is_open
    assert DOORS.judge("ar", NOON.replace(hour=23)).is_open


def test_without_any_hours_no_hour_is_outside_them() -> None:
    assert Doors().judge("en", NOON).is_open
    assert Doors(hours={"ar": NIGHT}).judge("en", NOON).is_open


def test_a_book_that_was_never_read_promises_nothing() -> None:
    assert not Doors(is_known=False).judge("en", NOON).is_open


def test_the_switch_is_above_the_hours_until_its_end() -> None:
    until = NOON + timedelta(hours=2)
    shut = Doors(DOORS.zone, DOORS.hours, Switch("closed", until, b"r" * 16))
    lent = Doors(DOORS.zone, DOORS.hours, Switch("open", until, b"r" * 16))

    assert not shut.judge("en", NOON).is_open
    assert shut.judge("en", NOON).opens == until
    assert shut.judge("en", until).is_open
    assert shut.judge("ar", NOON).opens == NOON.replace(hour=22)
    assert lent.judge("ar", NOON).is_open
    assert not lent.judge("ar", until).is_open


def test_a_switch_without_an_end_holds_until_it_is_touched_again() -> None:
    shut = Doors(DOORS.zone, DOORS.hours, Switch("closed", None, b"r" * 16))

    judged = shut.judge("en", NOON + timedelta(days=400))
    assert (judged.is_open, judged.opens) == (False, None)
