"""Frames at random, as every role: each is answered or ends its own line with the right code, and nothing breaks.

Ten thousand for each role stand in tests/faults/test_protocol_abuse.py (`make abuse`).
"""

from __future__ import annotations

from logging import WARNING

import pytest

from chat.protocol.closing import Closing
from portal.ids import to_text
from portal.staff.sessions.session import COOKIE
from tests.chat.conftest import ChatHouse
from tests.chat.sockets.conftest import Process, new_key
from tests.support.abuse import ROLES, Doors, frames_for

pytestmark = pytest.mark.anyio

FRAMES = 80  # of each role


async def test_frames_at_random_end_their_own_line_and_break_nothing(
    house: ChatHouse, processes: tuple[Process, Process], caplog: pytest.LogCaptureFixture
) -> None:
    talk, _ = await house.talking()
    settings = processes[0].services.settings
    doors = Doors(
        settings.port,
        settings.desk_port,
        settings.public_origin,
        settings.desk_origin,
        to_text(talk.token),
        f"{COOKIE}={house.cookie}",
        house.advocate.csrf,
        to_text(talk.id),
    )
    for role in ROLES:
        await doors.abused(role, frames_for(role, FRAMES, doors.conversation))
        assert sum(many for name, many in doors.outcomes.items() if name.startswith(f"{role}:")) >= FRAMES * 0.9
    assert [each.getMessage() for each in caplog.records if each.levelno >= WARNING] == []
    # And both lines are served as ever; a page that said it is covered hears nothing until it says that it is back.
    (await doors.open("advocate")).cut()
    line = await doors.open("visitor")
    line.say("Uncover", key=new_key())
    assert await line.hear("Uncovered")
    line.cut()
    async with await processes[1].visitor(talk.token) as page:
        assert await page.says("I am still here") > 0


async def test_a_colleague_whose_id_is_none_ends_the_line_as_malformed(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    """Its shape is right and its last letter holds bits that no id has; 10,000 frames at random found it."""
    talk, _ = await house.talking()
    desk = await processes[0].desk([])
    await desk.say("HandOff", key=new_key(), conversation=to_text(talk.id), note="", to="V4A-V5BgXYp-xb5MBYMxHb")
    assert await desk.closing() == Closing.MALFORMED
