"""A page is told its own person's words: whole and marked where it is new, by their number where it said them."""

from __future__ import annotations

import pytest

from chat.handing import Handing
from chat.withdrawing import UNSEND_S
from portal.ids import random_id, to_text
from tests.chat.conftest import ChatHouse
from tests.chat.sockets.conftest import Process, Spoken, new_key, processes
from tests.chat.sockets.test_lines import talking

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


async def older(process: Process, token: bytes) -> Spoken:
    """A page of an older house, which counts by what it is told."""
    line = await process.line("talk", subprotocol="line.5")
    await line.say("Resume", token=to_text(token), last=0)
    await line.hear("Welcome")
    return line


def whole(line: Spoken, key: str) -> int:
    return [each["key"] for each in line.passed if each["type"] == "MessagePosted"].count(key)


async def test_what_a_line_said_is_told_to_it_by_its_number_alone_and_whole_to_every_other(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    token, name, page, desk = await talking(house, *processes)
    async with page, desk, await older(processes[0], token) as older_page, await processes[0].desk() as other_desk:
        hers, ours, last = new_key(), new_key(), new_key()
        await page.say("Say", key=hers, text="from her")
        await desk.hear("MessagePosted", key=hers)
        await desk.say("Say", key=ours, text="from us", conversation=name)
        await page.hear("MessagePosted", key=ours)
        await older_page.say("Say", key=last, text="from her older page")
        for line in (page, desk, other_desk, older_page):
            await line.hear("MessagePosted", key=last)

        lines = (page, older_page, desk, other_desk)
        assert [whole(each, hers) for each in lines] == [0, 1, 1, 1]
        assert [whole(each, ours) for each in lines] == [1, 1, 0, 1]
        for line in (page, desk):
            assert sorted(seq for seq, _ in line.posted()) == [1, 2, 3, 4, 5]
        accepted = [each for each in desk.passed if each["type"] == "MessageAccepted" and each["key"] == ours]
        assert [each["unsend_s"] for each in accepted] == [UNSEND_S], "told once, and it may be taken back"
    # A page that comes back to another process has them whole, from where nothing was missing.
    async with await processes[1].visitor(token, last=2) as again:
        await again.hear("MessagePosted", key=last)
        assert again.posted() == [(3, "from her"), (4, "from us"), (5, "from her older page")]
