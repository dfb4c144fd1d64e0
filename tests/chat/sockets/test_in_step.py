"""Two devices of one advocate: what she reads, says and is in on one of them the other knows within a second."""

from __future__ import annotations

import pytest

from portal.ids import to_text
from tests.chat.conftest import ChatHouse
from tests.chat.sockets.conftest import Process, new_key

pytestmark = pytest.mark.anyio


async def test_states_takes_reading_and_ends_are_the_same_on_two_devices(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    here, there = processes
    visitor = await house.waiting("one")
    name = to_text(visitor.id)
    async with await here.desk() as phone, await there.desk() as desk:
        key = new_key()
        await desk.say("Take", key=key, conversation=name, why="")
        await desk.hear("TalkOpened", key=key)
        await phone.hear("TalkOpened", conversation=name)
        await phone.hear("MessagePosted", conversation=name, text="one")
        assert not any(one["read"] for each in phone.passed for one in each.get("mine", ()))
        await desk.say("Looked", key=new_key(), conversation=name, seq=1)
        while not (mine := (await phone.hear("QueueSnapshot"))["mine"]) or not mine[0]["read"]:
            pass
        assert mine[0]["read"] == 1
        # Never back, never beyond what was told, and nothing of it reaches her.
        await desk.say("Looked", key=new_key(), conversation=name, seq=0)
        await desk.say("Looked", key=new_key(), conversation=name, seq=900)
        await desk.say("Shift", state="break", knows=True)
        told = await phone.hear("QueueSnapshot", shift="break")
        assert told["mine"][0]["read"] <= 3

        await phone.say("Close", key=new_key(), conversation=name)
        await desk.hear("ConversationClosed", conversation=name)


async def test_nobody_says_how_far_she_has_read_what_is_not_hers(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    visitor = await house.waiting("one")
    async with await processes[0].desk() as desk:
        key = new_key()
        await desk.say("Looked", key=key, conversation=to_text(visitor.id), seq=1)
        assert (await desk.hear("Refused", key=key))["reason"] == "not_there"
