"""Holds the lines to what other systems learned the hard way, where nothing else here does.

Which lesson each one is about stands in docs/chat-lessons.md.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from chat.queue import Tier, rank
from chat.sockets import advocate
from chat.store import keys
from portal.ids import to_text
from tests.chat.conftest import ChatHouse
from tests.chat.sockets.conftest import Process, Spoken, new_key
from tests.support.patience import PATIENCE_S

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The queue is shown again sooner than to people, so that no test waits for that."""
    monkeypatch.setattr(advocate, "SNAPSHOT_PAUSE_S", 0.05)


async def until(is_so: Callable[[], Awaitable[bool]]) -> None:
    """Wait for what has to come."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            if await is_so():
                return
            await asyncio.sleep(0.05)


async def heard(line: Spoken, kind: str) -> dict[str, object]:
    """The first fact of this name, whether it has come already or not."""
    return next((each for each in line.passed if each["type"] == kind), None) or await line.hear(kind)


async def test_a_row_that_nobody_told_of_stands_in_a_later_snapshot(
    house: ChatHouse, processes: tuple[Process, Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(advocate, "SNAPSHOT_EVERY_S", 0.2)
    talk = await house.waiting()
    await house.services.durable.zrem(keys.WAITING, talk.id)
    async with await processes[0].desk() as desk:
        await desk.hear("QueueSnapshot", total=0)
        # As after a lost message: the queue has changed and no channel said so.
        await house.services.durable.zadd(keys.WAITING, {talk.id: rank(Tier.ORDINARY, talk.facts.arrived_ms)})

        (row,) = (await desk.hear("QueueSnapshot", total=1))["waiting"]
        assert row["conversation"] == to_text(talk.id)


async def test_what_happens_in_one_conversation_is_heard_in_no_other(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    leaving, staying = await house.starts(), await house.starts()
    one, other = await processes[0].visitor(leaving), await processes[0].visitor(staying)
    async with other, await processes[0].desk() as desk:
        await one.says("I must go")
        row = (await desk.hear("QueueSnapshot", total=1))["waiting"][0]
        await desk.say("Take", key=new_key(), conversation=row["conversation"])
        await one.hear("AdvocateJoined")
        await desk.say("Typing", conversation=row["conversation"])
        await desk.says("Go safely", conversation=row["conversation"])
        await one.hear("MessagePosted", text="Go safely")
        await one.say("Leave", how="exit")
        assert await one.closing() == 1000
        assert await other.says("is somebody there") == 1

        async with await processes[1].visitor(staying) as again:
            await again.hear("MessagePosted")
            assert {each["type"] for each in again.passed} <= {"Welcome", "QueueMoved", "MessagePosted"}
            assert again.posted() == [(1, "is somebody there")]
        assert {each["type"] for each in other.passed} <= {"Welcome", "QueueMoved", "MessageAccepted", "MessagePosted"}
        assert [text for _, text in other.posted()] in ([], ["is somebody there"])


async def test_a_desk_that_was_away_learns_that_she_left(house: ChatHouse, processes: tuple[Process, Process]) -> None:
    talk, _ = await house.talking()
    conversation = to_text(talk.id)
    held = {"conversation": conversation, "last": 2, "last_note": 0}
    (await processes[0].desk([held])).cut()
    await house.relay.leave(talk, "exit")

    async with await processes[0].desk([held]) as desk:
        assert (await heard(desk, "TalkOpened"))["state"] == "ended"
        assert (await heard(desk, "ConversationClosed"))["how"] == "exit"
        await desk.say("Say", key=new_key(), conversation=conversation, text="are you there")
        assert (await desk.hear("Refused"))["reason"] == "closed"


async def test_lines_that_broke_leave_nothing_behind_in_the_process(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    talk = await house.waiting()
    durable, channel = house.services.durable, keys.talk_channel(talk.id)

    async def is_heard(by: int) -> bool:
        # One subscription for each process that listens, however many lines it has.
        return dict(await durable.pubsub_numsub(channel)).get(channel, 0) == by

    async with await processes[1].visitor(talk.token):
        await until(lambda: is_heard(1))
        tasks = len(asyncio.all_tasks())
        for _ in range(12):
            line = await processes[0].visitor(talk.token)
            await until(lambda: is_heard(2))
            line.cut()
            await until(lambda: is_heard(1))

        async def is_calm() -> bool:
            return len(asyncio.all_tasks()) <= tasks

        await until(is_calm)
