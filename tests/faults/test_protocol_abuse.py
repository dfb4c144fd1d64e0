"""Ten thousand frames at random as each role, against a real house: no exception in its log, and its memory flat.

`make abuse` runs it and shows the figures; the short form is tests/chat/sockets/test_random_frames.py.
"""

from __future__ import annotations

import asyncio
import gc
from pathlib import Path
from time import monotonic

import pytest

from portal.ids import from_text, to_text
from tests.support.abuse import ROLES, Doors, Frame, Role, frames_for
from tests.support.open_house import OpenHouse, open_house_at
from tests.support.server_process import House

pytestmark = [pytest.mark.long, pytest.mark.timeout(3_600)]

FRAMES = 10_000
WARM = 2_000  # after so many the caches are full, and what is measured can only be what stays
MAY_GROW = 4 * 1024 * 1024


def memory(house: House) -> int:
    """What the one worker holds."""
    (worker,) = house.workers()
    return int(worker.memory_info().rss)


def doors_of(opened: OpenHouse) -> Doors:
    """A visitor and the advocate who took her, and what opens their lines."""
    house, admin = opened.house, opened.admin
    visitor = opened.visitor_on_the_line()
    visitor.says("hello")
    desk = admin.opens_the_line()
    desk.is_ready()
    conversation = desk.takes_next()
    desk.line.close()
    visitor.line.close()
    return Doors(
        house.port,
        house.desk_port,
        house.public,
        house.desk,
        to_text(from_text(visitor.token, 32)),
        admin.reader.cookie,
        admin.csrf,
        conversation,
    )


@pytest.mark.parametrize("role", ROLES)
def test_ten_thousand_frames_at_random_break_nothing_and_leave_nothing(
    tmp_path: Path, role: Role, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_house_at(tmp_path, workers=1) as opened:
        doors, house = doors_of(opened), opened.house
        frames: list[Frame] = []
        while len(frames) < FRAMES:
            frames += frames_for(role, min(2_500, FRAMES - len(frames)), doors.conversation)
        gc.collect()
        before, began = memory(house), monotonic()
        asyncio.run(doors.abused(role, frames[:WARM]))
        warm = memory(house)
        asyncio.run(doors.abused(role, frames[WARM:]))
        after, took = memory(house), monotonic() - began
        wrong = [
            line for line in house.printed().splitlines() if any(word in line for word in ("Trace", "ERROR", "rror:"))
        ]
        with capsys.disabled():
            print(f"\n{role}: {len(frames)} frames in {took:.0f} s; {dict(sorted(doors.outcomes.items()))}")
            print(
                f"memory of the worker: {before / 2**20:.1f} MiB before, {warm / 2**20:.1f} after {WARM},"
                f" {after / 2**20:.1f} at the end; lines in the log about it: {len(wrong)}"
            )
        assert wrong == []
        assert sum(doors.outcomes.values()) == len(frames) >= FRAMES * 0.9
        assert after - warm < MAY_GROW
