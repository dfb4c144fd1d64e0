"""Walks the chat's part of a guided first shift: the house plays a visitor, and what is done there is ticked."""

from __future__ import annotations

import time

import pytest

import chat.sample_visitor
from chat.practising import Practising
from chat.sample_visitor import LASTS
from portal.ids import random_id, to_text
from tests.chat.conftest import ChatHouse
from tests.chat.sockets.conftest import Process, new_key
from tests.chat.sockets.test_practice import first_in_line, practice_desk

pytestmark = pytest.mark.anyio

SAID = "My boss has my passport. He says it is for safety. Is that normal?"


async def test_a_visitor_the_house_plays_waits_answers_and_every_step_is_ticked(
    house: ChatHouse, processes: tuple[Process, Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat.sample_visitor, "THINKS_S", 0.0)
    walks, person = house.services.first_shifts, house.advocate.staff_id
    # Sent by one process, taken at another.
    await Practising(house.services).visitors.send("en")
    desk = await practice_desk(processes[0], house)
    row = await first_in_line(desk)
    assert (row["safe"], row["language"]) == ("yes", "en")
    talk = {"conversation": row["conversation"]}

    refused = new_key()
    await desk.say("Take", key=refused, why="other", conversation=to_text(random_id()))
    await desk.hear("Refused", key=refused)
    assert (await walks.of(person)).done == {"ready"}
    await desk.say("Take", key=new_key(), why="other", **talk)
    await desk.hear("MessagePosted", text="Hello. Can I ask something? I work on a farm.")
    await desk.says("Yes. I am Robin, a person. Are you safe to write?", **talk)
    await desk.hear("MessagePosted", author="visitor", text=SAID)
    await desk.say("Ask", key=new_key(), card="safe", **talk)
    await desk.hear("MessagePosted", author="visitor")
    await desk.say("Note", key=new_key(), text="Passport.", **talk)
    await desk.hear("NotePosted")
    while not any(each["type"] == "QueueSnapshot" and each["mine"] for each in desk.passed):
        await desk.hear("QueueSnapshot")
    await desk.say("Close", key=new_key(), **talk)
    await desk.hear("ConversationClosed")
    await desk.say("Here")
    await desk.hear("Here")  # what she did before is ticked by then

    assert (await walks.of(person)).upcoming == "record"
    assert (await house.relay.desk.counts(house.relay.now_ms())).waiting == 0


async def test_one_that_nobody_takes_leaves_by_itself(house: ChatHouse) -> None:
    practising = Practising(house.services)
    await practising.visitors.send("fr")
    at, relay = time.monotonic(), practising.apart.relay
    await practising.visitors.look(at)
    assert (await relay.desk.counts(relay.now_ms())).waiting == 1

    await practising.visitors.look(at + LASTS.total_seconds() + 1)
    assert practising.visitors.count == 0
    assert (await relay.desk.counts(relay.now_ms())).waiting == 0
