"""What one person's doing could move by the minute stands still for a whole hour; what cannot wait is said at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from portal.operation.hourly import Hourly
from portal.operation.judging import Disk, Finding, Grade, Matter, Seen

THREE = datetime(2026, 3, 4, 3, 0, tzinfo=UTC)


def looks(hourly: Hourly, minute: float, *, write_ms: float | None = 2.0, free: float = 0.5, **grades: Grade) -> None:
    """One look, so many minutes after three."""
    seen = Seen(THREE + timedelta(minutes=minute), disks=(Disk("data", free, 2**40),), write_ms=write_ms)
    hourly.note(seen, [finding(name, grade) for name, grade in grades.items()])


def finding(matter: str, grade: Grade) -> Finding:
    named: dict[str, Matter] = {"disk": "disk", "writing": "writing", "keys": "keys", "ember": "ember"}
    return Finding(named[matter], grade, "any")


def said(hourly: Hourly) -> tuple[float, float]:
    assert hourly.held is not None
    return hourly.held.write_ms, hourly.held.free["data"]


def test_a_photo_that_slows_the_disk_for_a_minute_and_a_word_that_passes_a_twentieth_are_not_seen() -> None:
    with_one, with_none = Hourly(), Hourly()
    for minute in range(121):
        is_here = 7 <= minute < 51
        looks(with_none, minute)
        looks(with_one, minute, write_ms=180.0 if minute in (9, 12, 20) else 2.0, free=0.4999 if is_here else 0.5)
        assert said(with_one) == said(with_none)
        assert with_one.grade(finding("writing", Grade.SOON if is_here else Grade.WELL)) is Grade.WELL


def test_a_disk_that_is_slow_for_good_is_said_when_its_hour_is_over() -> None:
    hourly = Hourly()
    for minute in range(61):
        looks(hourly, minute, write_ms=2.0 if minute < 10 else 80.0, free=0.5 - minute / 200)
    assert said(hourly) == (80.0, 0.2)
    assert hourly.grade(finding("writing", Grade.SOON)) is Grade.SOON


def test_what_cannot_wait_is_said_at_once_and_is_over_at_once() -> None:
    hourly = Hourly()
    looks(hourly, 0, write_ms=None, disk=Grade.NOW, ember=Grade.WELL)
    assert said(hourly)[0] >= 3000
    assert hourly.grade(finding("disk", Grade.BAD)) is Grade.BAD
    assert hourly.grade(finding("disk", Grade.WELL)) is Grade.SOON, "and no longer what calls"
    assert hourly.grade(finding("ember", Grade.NOW)) is Grade.NOW


def test_a_key_that_was_late_is_in_order_when_the_hour_is_over_and_not_as_its_holder_signs_in() -> None:
    hourly = Hourly()
    looks(hourly, 0, keys=Grade.BAD)
    looks(hourly, 9, keys=Grade.WELL)
    assert hourly.grade(finding("keys", Grade.WELL)) is Grade.BAD
    looks(hourly, 60, keys=Grade.WELL)
    assert hourly.grade(finding("keys", Grade.WELL)) is Grade.WELL


def test_before_anything_was_looked_at_nothing_is_held() -> None:
    assert Hourly().held is None
    assert Hourly().grade(finding("disk", Grade.NOW)) is Grade.NOW
