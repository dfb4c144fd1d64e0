"""The number over the line: asked for, told once, and the page before it hung up on at whichever process it is."""

from __future__ import annotations

import asyncio
import logging

import pytest

from chat.comeback import Comebacks, NumberNotKnown
from chat.protocol.closing import Closing
from chat.relay import Relay
from portal.ids import random_id, to_text
from portal.vault.comebacks import read_comeback
from tests.chat.conftest import ChatHouse
from tests.chat.sockets.conftest import Process, Spoken, new_key
from tests.chat.sockets.test_lines import talking

pytestmark = pytest.mark.anyio


async def asks(line: Spoken) -> str:
    key = new_key()
    await line.say("AskComeback", key=key)
    made = await line.hear("ComebackMade", key=key)
    assert made["lasts_s"] == 2 * 3600
    assert read_comeback(made["code"]) == made["code"]
    return str(made["code"])


async def test_the_page_before_is_hung_up_on_at_every_process_and_the_desk_is_told(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    hers, ours = processes
    token, conversation, visitor, desk = await talking(house, hers, ours)
    elsewhere = await ours.visitor(token)
    await visitor.say("Answer", key=new_key(), question="safe", choice="yes")
    await desk.hear("CardChanged", conversation=conversation)
    code = await asks(visitor)
    again, _ = await Comebacks(Relay(ours.services)).resume(code, random_id())
    # Both pages of before: the one at this process and the one at the other.
    codes = await asyncio.gather(visitor.closing(), elsewhere.closing())
    assert set(codes) == {Closing.GONE}
    async with await hers.visitor(again) as back, desk:
        assert back.passed[0]["answers"] == {}
        assert back.passed[0]["state"] == "talking"
        await back.hear("MessagePosted", text="hello")
        assert (await back.hear("MessagePosted", author="system"))["text"] == "back"
        posted = await desk.hear("MessagePosted", conversation=conversation, author="system", text="back")
        assert posted["key"] == ""
        card = (await desk.hear("CardChanged", conversation=conversation))["card"]
        assert (card["safe"], card["safe_s"]) == ("", 0)
        await desk.hear("LineChanged", conversation=conversation, line="connected")
        await back.says("I am here again")
        await desk.hear("MessagePosted", text="I am here again")
        old = await hers.line("talk")
        await old.say("Resume", token=to_text(token))
        assert await old.closing() == Closing.GONE


async def test_a_number_is_told_to_the_line_that_asked_and_never_again(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    hers, ours = processes
    token, _, visitor, desk = await talking(house, hers, ours)
    other = await ours.visitor(token)
    async with visitor, other, desk:
        code = await asks(visitor)
        await visitor.says("after it")
        await other.hear("MessagePosted", text="after it")
        await desk.hear("MessagePosted", text="after it")
        resumed = await ours.visitor(token)
        async with resumed:
            await resumed.hear("MessagePosted", text="after it")
            for line in (other, desk, resumed):
                assert all(code not in str(fact) for fact in line.passed)


async def test_neither_number_nor_token_is_written_to_a_log(
    house: ChatHouse, processes: tuple[Process, Process], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    hers, ours = processes
    _, _, visitor, desk = await talking(house, hers, ours)
    async with visitor, desk:
        code = await asks(visitor)
        again, _ = await Comebacks(Relay(ours.services)).resume(code, random_id())
        assert await visitor.closing() == Closing.GONE
    for secret in (code, again.hex(), repr(again)):
        assert secret not in caplog.text


async def test_an_exit_by_the_new_page_leaves_the_number_worth_nothing(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    hers, ours = processes
    _, _, visitor, desk = await talking(house, hers, ours)
    code = await asks(visitor)
    again, _ = await Comebacks(Relay(ours.services)).resume(code, random_id())
    async with await ours.visitor(again) as back, desk:
        second = await asks(back)
        await back.say("Leave", how="exit")
        assert await back.closing() == Closing.DONE
        for old in (code, second):
            with pytest.raises(NumberNotKnown):
                await Comebacks(Relay(hers.services)).resume(old, random_id())
