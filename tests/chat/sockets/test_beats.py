"""A line that is quiet shows that it lives, and a beat goes one way only: an idle talk costs a phone little."""

from __future__ import annotations

import anyio
import pytest

from chat.protocol.codec import STEPS
from chat.sockets import loop
from tests.chat.conftest import ChatHouse
from tests.chat.sockets.conftest import Process

pytestmark = pytest.mark.anyio


async def test_a_quiet_line_hears_that_the_server_lives(
    house: ChatHouse, processes: tuple[Process, Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "QUIET_S", 0.3)
    async with await processes[0].visitor(await house.starts()) as visitor:
        for _ in range(3):
            await visitor.hear("Here", within=3)


async def test_a_page_that_beats_hears_one_answer_for_each_beat_and_nothing_beside(
    house: ChatHouse, processes: tuple[Process, Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "QUIET_S", 1.5)
    async with await processes[0].visitor(await house.starts()) as visitor:
        for _ in range(6):
            await anyio.sleep(0.5)
            await visitor.say("Here")
            await visitor.hear("Here", within=3)

        assert [each["type"] for each in visitor.passed].count("Here") == 6


def test_ten_idle_minutes_of_a_socket_fit_the_budget() -> None:
    """A beat each way in each fifteen seconds, of the smallest step, with what a frame of a socket costs around it."""
    beats = 10 * 60 // 15
    assert loop.QUIET_S > 15, "the page's beat comes first, so the server's own is not needed"
    assert beats * (STEPS[0] + 8 + STEPS[0] + 4) <= 30 * 1024
