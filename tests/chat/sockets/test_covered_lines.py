"""A covered page hears nothing but the end, whichever way it listens; what waited comes when she is back."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from chat.comeback import Comebacks
from portal.ids import random_id, to_text
from tests.chat.conftest import ChatHouse
from tests.chat.poll.conftest import asking
from tests.chat.sockets.conftest import Process, Spoken, new_key
from tests.chat.sockets.test_lines import talking

pytestmark = pytest.mark.anyio

Both = tuple[Process, Process]
WORD = "blue kettle"
# Long enough for what is published to arrive anywhere on a busy machine; nothing may come in it.
QUIET_S = 0.6


async def resumed(process: Process, token: bytes) -> tuple[Spoken, dict[str, Any]]:
    """A page's line, and what it was answered first."""
    line = await process.line("talk")
    await line.say("Resume", token=to_text(token), last=0)
    return line, await line.hear("Welcome", "Covered")


async def covers(line: Spoken, **more: str) -> None:
    key = new_key()
    await line.say("Cover", key=key, **more)
    await line.hear("Covered", key=key)


async def uncovers(line: Spoken, **more: str) -> None:
    key = new_key()
    await line.say("Uncover", key=key, **more)
    await line.hear("Uncovered", key=key)


async def heard(line: Spoken) -> list[str]:
    """What comes in a while; the line is of no use afterwards but to be looked at."""
    before = len(line.passed)
    with pytest.raises(AssertionError, match="waited"):
        await line.hear("nothing of this name", within=QUIET_S)
    return [each["type"] for each in line.passed[before:] if each["type"] != "Here"]


async def test_a_covered_page_hears_nothing_and_then_everything_by_number(house: ChatHouse, processes: Both) -> None:
    token, conversation, line, desk = await talking(house, *processes)
    async with line, desk:
        await covers(line, word=WORD)
        await desk.says("are you there", conversation=conversation)
        await desk.say("Typing", conversation=conversation)
        # The same page on a new line, at another process: it is still covered.
        again, first = await resumed(processes[1], token)
        async with again:
            assert first == {"type": "Covered", "key": ""}
            # Her own words still go out, and are answered without a word.
            assert await again.says("written before") == 4
            assert await heard(line) == []
            await uncovers(again, word="Blue  Kettle")
        whole, first = await resumed(processes[0], token)
        async with whole:
            assert (first["type"], first["last"]) == ("Welcome", 4)
            await whole.hear("MessagePosted", seq=4)
            assert whole.posted() == [
                (1, "hello"),
                (2, "AdvocateJoined"),
                (3, "are you there"),
                (4, "written before"),
            ]


async def test_every_other_line_of_hers_falls_silent_too(house: ChatHouse, processes: Both) -> None:
    token, conversation, line, desk = await talking(house, *processes)
    other, _ = await resumed(processes[1], token)
    async with line, desk, other:
        await other.hear("AdvocateJoined")
        await covers(line)
        await asyncio.sleep(QUIET_S)
        await desk.says("are you there", conversation=conversation)
        assert set(await heard(other)) <= {"LineChanged"}


async def test_the_desk_reads_covered_and_how_she_came_back(house: ChatHouse, processes: Both) -> None:
    _, conversation, line, desk = await talking(house, *processes)
    async with line, desk:
        await covers(line, word=WORD)
        told = await desk.hear("LineChanged", line="covered")
        assert (told["conversation"], told["gone_s"]) == (conversation, 0)
        await uncovers(line, word="flour")
        assert (await desk.hear("CardChanged"))["card"]["back"] == "held"
        assert (await desk.hear("LineChanged"))["line"] == "connected"
        await covers(line)
        await desk.hear("LineChanged", line="covered")
        await uncovers(line, word=WORD)
        assert (await desk.hear("CardChanged"))["card"]["back"] == "word"


async def test_the_end_is_told_behind_a_cover(house: ChatHouse, processes: Both) -> None:
    _, conversation, line, desk = await talking(house, *processes)
    async with line, desk:
        await covers(line)
        await desk.say("Close", key=new_key(), conversation=conversation)
        await line.hear("ConversationClosed")
        assert await line.closing() == 1000


async def test_a_page_without_a_socket_is_told_that_it_is_covered_once(house: ChatHouse, processes: Both) -> None:
    token, conversation, line, desk = await talking(house, *processes)
    async with line, desk, asking(processes[1], token) as page:
        await page.hears()
        told = await page.says({"type": "Cover", "key": new_key(), "word": WORD})
        assert [each["type"] for each in told["told"]] == ["Covered"]
        await desk.says("are you there", conversation=conversation)
        assert [each["type"] for each in await page.hears()] == ["Covered"]
        # A question that waits is not answered at once again and again.
        assert await page.hears(1) == []
        told = await page.says({"type": "Uncover", "key": new_key(), "word": WORD})
        assert [each["type"] for each in told["told"]] == ["Uncovered"]
        page.last = 0
        await page.hears()
        assert "are you there" in [each.get("text") for each in page.told]


async def test_her_number_lifts_the_cover_of_the_page_she_lost(house: ChatHouse, processes: Both) -> None:
    _, _, line, desk = await talking(house, *processes)
    async with line, desk:
        await line.say("AskComeback", key=new_key())
        code = (await line.hear("ComebackMade"))["code"]
        await covers(line)
        fresh, _ = await Comebacks(house.relay).resume(code, random_id())
        back, first = await resumed(processes[1], fresh)
        async with back:
            assert first["type"] == "Welcome"
            await desk.hear("LineChanged", line="connected")
