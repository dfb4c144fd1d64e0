"""Danger over the lines: marked by the desk, read on its card, sealed afterwards; her page hears not one word of it."""

from __future__ import annotations

from time import monotonic
from typing import Any

import pytest

from chat.sockets.advocate import SNAPSHOT_EVERY_S
from tests.chat.conftest import ChatHouse
from tests.chat.sockets.conftest import Process, Spoken, new_key
from tests.chat.sockets.test_lines import talking

pytestmark = pytest.mark.anyio

Both = tuple[Process, Process]


async def test_a_danger_is_marked_by_one_frame_and_her_page_hears_nothing_of_it(
    house: ChatHouse, processes: Both
) -> None:
    _, conversation, visitor, desk = await talking(house, *processes)
    async with visitor, desk:
        key = new_key()
        await desk.say("MarkDanger", key=key, conversation=conversation, danger="coming", who="the uncle")
        await desk.hear("MessageAccepted", key=key)
        heard = [each for each in desk.passed if each["type"] == "NotePosted"] or [await desk.hear("NotePosted")]
        assert (heard[0]["danger"], heard[0]["text"]) == ("coming", "the uncle")
        changed = [each for each in desk.passed if each["type"] == "CardChanged" and each["card"]["danger"]]
        card = (changed or [await desk.hear("CardChanged")])[-1]["card"]
        assert (card["danger"], card["who"], card["outcome"]) == ("coming", "the uncle", "")
        key = new_key()
        await desk.say("Ask", key=key, conversation=conversation, card="age")
        assert (await desk.hear("Refused", key=key))["reason"] == "limits_first"
        key = new_key()
        ending = {"outcome": "passed", "text": "She is out.", "done": ["near"]}
        await desk.say("EndDanger", key=key, conversation=conversation, **ending)
        await desk.hear("MessageAccepted", key=key)
        await desk.say("Say", key=new_key(), conversation=conversation, text="Good.")
        await visitor.hear("MessagePosted", text="Good.")
        told = str(visitor.passed)
        assert not any(word in told for word in ("danger", "uncle", "coming", "She is out."))
    (row,) = (await house.services.entries.read(house.advocate)).rows
    assert row.account is not None
    assert (row.account.words, row.account.done) == ("She is out.", ("near",))


async def test_a_kind_or_an_end_that_nobody_knows_ends_the_line_that_says_it(house: ChatHouse, processes: Both) -> None:
    _, conversation, visitor, desk = await talking(house, *processes)
    async with visitor, desk:
        await desk.say("MarkDanger", key=new_key(), conversation=conversation, danger="weather")
        assert await desk.closing() == 4400


async def test_an_open_desk_elsewhere_hears_of_it_at_once_and_a_yes_said_there_is_read_by_name(
    house: ChatHouse, processes: Both
) -> None:
    _, conversation, visitor, desk = await talking(house, *processes)
    elsewhere = await processes[0].desk()
    async with visitor, desk, elsewhere:
        began = monotonic()
        await desk.say("MarkDanger", key=new_key(), conversation=conversation, danger="coming")
        (call,) = (await called(elsewhere))["calls"]
        assert monotonic() - began < SNAPSHOT_EVERY_S, "told by the event, not by the next look at everything"
        assert (call["kind"], call["by"]) == ("danger", "")
        await elsewhere.say("SayYes", key=new_key(), call=call["call"])
        while not (told := await called(desk))["calls"][0]["by"]:
            pass
        assert told["calls"][0]["by"] == "Robin"
        assert not any(word in str(visitor.passed) for word in ("danger", "coming"))


async def called(desk: Spoken) -> dict[str, Any]:
    """The next snapshot that tells of a call."""
    while not (snapshot := await desk.hear("QueueSnapshot"))["calls"]:
        pass
    return snapshot
