"""Tells every desk of every process what the chat's switch says, and serves on whoever had begun."""

from __future__ import annotations

import asyncio

import pytest

from portal.ids import random_id
from portal.staff.household.doorkeeping import Doorkeeping
from tests.chat.conftest import ChatHouse
from tests.chat.sockets.conftest import Process
from tests.support.spoken import new_key

pytestmark = pytest.mark.anyio


async def test_a_switch_in_one_process_is_seen_at_the_desks_of_another_and_holds_at_start_there(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    one, two = processes
    begun = await house.waiting("said before the door closed")
    async with await two.desk() as desk:
        assert {each["door"] for each in desk.passed if each["type"] == "QueueSnapshot"} == {"always"}
        # Read just now, and believed for a second: what was said since is heard of, not waited for.
        assert (await two.services.availability("en")).state == "open"
        await Doorkeeping(one.services).switch(house.advocate, "closed", 60)

        snapshot = await desk.hear("QueueSnapshot", door="closed")
        assert snapshot["door_until"] == "13:00"
        assert (await two.services.availability("en")).state == "closed"
        assert len(snapshot["waiting"]) == 1
        key = new_key()
        await desk.say("Take", key=key, conversation=snapshot["waiting"][0]["conversation"])
        await desk.hear("TalkOpened", key=key)
        await desk.hear("MessagePosted", text="said before the door closed")
        await house.relay.visitor_says(begun, "and after it", random_id(), 0)
        await desk.hear("MessagePosted", text="and after it")

        await Doorkeeping(one.services).let_hours_decide(house.advocate)
        await desk.hear("QueueSnapshot", door="always")


async def test_without_being_told_a_process_finds_out_within_five_seconds(
    house: ChatHouse, processes: tuple[Process, Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = processes
    assert (await two.services.availability("en")).state == "nobody"

    async def nobody_hears(*_: object) -> None:
        return None

    monkeypatch.setattr(one.services.durable, "publish", nobody_hears)
    await Doorkeeping(one.services).switch(house.advocate, "closed", None)
    # Longer than any process believes what it read, and far from five seconds.
    await asyncio.sleep(1.5)
    assert (await two.services.availability("en")).state == "closed"
