"""What a line is due for, by what is known of it; one clock asks all of them."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, strategies as st

from chat.sockets import pulse
from chat.sockets.pulse import Due, Limits, Pulse, due

LIMITS = Limits(silence=75, write=20, quiet=20)


@pytest.mark.parametrize(
    ("expected", "heard", "told", "waits", "has_room"),
    [
        ("", 0, 0, None, True),
        ("", 74, 19, None, True),
        ("silent", 75, 0, None, True),
        ("silent", 75, 0, 30, False),
        ("beat", 10, 20, None, True),
        ("", 10, 20, 19, True),
        ("stuck", 10, 20, 20, False),
        ("", 10, 39, None, False),
        ("stuck", 10, 40, None, False),
    ],
)
def test_a_line_is_due_for(expected: Due, heard: float, told: float, waits: float | None, has_room: bool) -> None:
    now = 1000.0
    since = None if waits is None else now - waits
    assert due(now, LIMITS, heard_at=now - heard, told_at=now - told, waits_since=since, has_room=has_room) == expected


@given(heard=st.floats(0, 200), told=st.floats(0, 200), waits=st.none() | st.floats(0, 200), has_room=st.booleans())
def test_nobody_is_closed_before_a_limit_and_a_beat_is_never_laid_on_a_heap(
    heard: float, told: float, waits: float | None, has_room: bool
) -> None:
    now = 1000.0
    since = None if waits is None else now - waits
    is_due = due(now, LIMITS, heard_at=now - heard, told_at=now - told, waits_since=since, has_room=has_room)
    assert (is_due == "silent") == (now - (now - heard) >= LIMITS.silence)
    if is_due == "stuck":
        assert (waits or told) >= LIMITS.write - 1e-6
    if is_due == "beat":
        assert has_room
        assert waits is None


@pytest.mark.anyio
async def test_one_clock_looks_at_every_line_for_as_long_as_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "LOOK_EVERY_S", 0.01)

    class Looked:
        def __init__(self) -> None:
            self.times = 0
            self.enough = asyncio.Event()

        def look(self, now: float) -> None:
            self.times += 1
            if self.times == 2:
                self.enough.set()

    clock, lines = Pulse(), [Looked() for _ in range(3)]
    for line in lines:
        clock.watch(line)
    await asyncio.gather(*(line.enough.wait() for line in lines))
    clock.leave(lines[0])
    left_at = lines[0].times
    lines[1].enough.clear()
    lines[1].times = 0
    await lines[1].enough.wait()
    assert lines[0].times == left_at
    for line in lines[1:]:
        clock.leave(line)
    await asyncio.sleep(0.03)
    assert clock._clock is None, "with no line there is no clock"
