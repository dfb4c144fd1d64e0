"""Held off over the lines: her page, of whatever kind, is told so with phone and note; the desk has nothing left."""

from __future__ import annotations

import pytest

from portal.ids import to_text
from tests.chat.conftest import ChatHouse
from tests.chat.plain.conftest import PlainPhone, phone
from tests.chat.sockets.conftest import Process, Spoken, new_key
from tests.chat.sockets.test_card_lines import asks
from tests.chat.sockets.test_lines import talking

__all__ = ["phone"]
pytestmark = pytest.mark.anyio

Both = tuple[Process, Process]


async def holds_off(desk: Spoken, conversation: str) -> None:
    key = new_key()
    await desk.say("HoldOff", key=key, conversation=conversation, why="prank", hours=1, text="")
    await desk.hear("MessageAccepted", key=key)


async def test_her_page_is_told_and_refused_and_the_desk_is_wiped(house: ChatHouse, processes: Both) -> None:
    token, conversation, visitor, desk = await talking(house, *processes)
    async with visitor, desk:
        key = new_key()
        await desk.say("HoldOff", key=key, conversation=conversation, why="prank", hours=1)
        assert (await desk.hear("Refused", key=key))["reason"] == "warn_first"
        await asks(desk, conversation, "firm")
        await visitor.says("more of it")
        await holds_off(desk, conversation)
        await visitor.hear("MessagePosted", author="system", text="held_off")
        gone = [each for each in desk.passed if each["type"] == "ConversationErased"]
        assert (gone or [await desk.hear("ConversationErased")])[0]["by"] is None
        key = new_key()
        await visitor.say("Say", key=key, text="hello?")
        assert (await visitor.hear("Refused", key=key))["reason"] == "held_off"
        async with await processes[1].line("talk") as again:
            await again.say("Resume", token=to_text(token), last=0)
            welcome = await again.hear("Welcome")
            assert (welcome["state"], welcome["place"], welcome["minutes"]) == ("waiting", 0, None)
            await again.hear("MessagePosted", text="held_off")
            (row,) = (await house.services.entries.read(house.advocate)).rows
            assert row.account is not None
            await processes[0].services.let_in(row.account.ref)
            await again.hear("MessagePosted", text="let_in")
            assert (await again.hear("QueueMoved"))["place"] == 1
        waiting = await desk.hear("QueueSnapshot", total=1)
        assert waiting["waiting"][0]["conversation"] == conversation


async def test_without_script_the_frame_shows_phone_and_note_in_her_language(
    house: ChatHouse, phone: PlainPhone
) -> None:
    await phone.starts("fr")
    async with phone.listens() as frame, await phone.process.desk() as desk:
        await frame.shows("prochain")
        conversation = await phone.is_heard_at(desk)
        await asks(desk, conversation, "firm")
        await phone.sends(words="encore")
        await holds_off(desk, conversation)
        await frame.shows("Cette discussion est arrêtée pour quelques heures.")
        await frame.shows("Laisser mes mots")
        assert "555-0142" in frame.text
        await phone.sends(words="allo")
    said = await house.relay.since(await phone.talk(), 0)
    assert [each.text for each in said.messages if each.kind == "words"] == ["bonjour", "encore"]
