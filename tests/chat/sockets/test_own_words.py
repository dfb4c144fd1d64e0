"""A page that is new is told which words its own person said, and whose the others are."""

from __future__ import annotations

import pytest

from chat.handing import Handing
from portal.ids import random_id
from tests.chat.conftest import ChatHouse
from tests.chat.sockets.conftest import Process, processes

pytestmark = pytest.mark.anyio

__all__ = ["processes"]


async def test_ones_own_words_are_ones_own_over_a_reload_and_a_colleagues_stand_under_her_name(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    talk, handing = await house.waiting(), Handing(house.relay)
    sam, robin = await house.ready(house.another("Sam")), await house.ready()
    first = await house.relay.take(sam, talk.id)
    await house.relay.advocate_says(first, "from Sam", random_id(), 0)
    await handing.offer(first, robin.staff_id, "for you", random_id(), 0)
    reads = await handing.take_over(robin, talk.id)
    held = await handing.shown(reads, (await house.relay.since(reads, 0)).last, random_id())
    assert held is not None
    await house.relay.advocate_says(held, "from Robin", random_id(), 0)

    async with await processes[0].desk() as desk:
        while "from Robin" not in [each.get("text") for each in desk.passed]:
            await desk.hear("MessagePosted")
        told = {each["text"]: each for each in desk.passed if each["type"] == "MessagePosted"}

    assert [told[text].get("own", False) for text in ("hello", "from Sam", "from Robin")] == [False, False, True]
    assert (told["from Sam"]["name"], told["from Sam"]["author"]) == ("Sam", "advocate")
