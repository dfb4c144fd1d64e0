"""A locked desk's line: it lives and holds, tells no word, does no act, and makes room for the one after it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, get_args

import pytest

from chat.protocol import advocate
from chat.sockets import advocate as desk_line, loop
from portal.ids import to_text
from portal.staff.acts import Acts
from portal.staff.sessions.lasting import KEPT
from portal.staff.sessions.session import COOKIE, Signed
from tests.chat.conftest import ChatHouse
from tests.chat.sockets.conftest import Process, Spoken, new_key

pytestmark = pytest.mark.anyio

SILENT = {"Locked", "Here", "Refused"}
PASSPHRASE = "seven lamps beside the quiet harbour"
FIELDS: dict[str, Any] = {"text": "x", "note": "x", "card": "limits", "word": "123456", "seq": 1, "to": "", "csrf": "x"}
FIELDS |= {"danger": "coming", "outcome": "passed", "is_other": True, "why": "prank", "hours": 1}
FIELDS |= {"state": "ready", "ready": True, "step": "near", "of": "safety", "is_set": True}
FIELDS |= {"person": new_key(), "come_as": "colleague"}


async def held(process: Process, desk: Spoken, words: str) -> tuple[Spoken, bytes]:
    """A visitor's line, and her conversation, which the desk has taken."""
    token = await process.house.starts()
    talk = await process.house.relay.access.conversation_for_visitor(token)
    visitor = await process.visitor(token)
    await visitor.says(words)
    await desk.say("Take", key=new_key(), conversation=to_text(talk.id))
    await desk.hear("MessagePosted", text=words)
    return visitor, talk.id


async def at_the_desk(process: Process, cookie: str, csrf: str, *, version: str = "line.5") -> Spoken:
    line = await process.line("desk", subprotocol=version, additional_headers={"Cookie": f"{COOKIE}={cookie}"})
    await line.say("Resume", csrf=csrf, talks=[])
    return line


async def unlocked(house: ChatHouse) -> tuple[str, Signed]:
    """She types her passphrase."""
    signed = await house.services.staff.who_even_locked(house.cookie)
    new = await Acts(house.services).sign_in.unlock(signed, PASSPHRASE)
    return new.token, await house.services.staff.who(new.token)


def every_act(conversation: bytes) -> list[dict[str, Any]]:
    """One frame of every kind that a desk may say, whole."""
    frames = []
    for kind in get_args(advocate.Spoken):
        named = {"key": new_key(), "call": new_key(), "conversation": to_text(conversation), **FIELDS}
        if kind is advocate.Take:
            named["why"] = "other"
        fields = {name: named[name] for name in kind.__struct_fields__ if name in named}
        frames.append({"type": kind.__struct_config__.tag, **fields})
    return frames


async def test_a_locked_line_tells_no_word_does_no_act_and_lets_nobody_fall(
    house: ChatHouse, processes: tuple[Process, Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_line, "HERE_EVERY_S", 0.0)
    monkeypatch.setattr(loop, "BURST", 100)
    one, other = processes
    async with await one.desk() as desk:
        await desk.say("Shift", state="ready")
        visitor, conversation = await held(other, desk, "the heron stands")
        assert await house.services.staff.sessions.lock(house.advocate.session)
        assert (await desk.hear("Locked"))["words"] == 0
        heard = len(desk.passed)

        await visitor.says("the heron flies")
        await desk.hear("Locked", words=1)
        waiting = await house.waiting("an owl calls")
        await desk.hear("Locked", waiting=1)
        acts = [frame for frame in every_act(conversation) if frame["type"] not in ("Here", "Typing")]
        assert len(acts) > 20
        for frame in acts:
            await desk.say(**{"kind": frame.pop("type"), **frame})
            assert (await desk.hear("Refused"))["reason"] == "locked", frame
        await desk.say("Typing", conversation=to_text(conversation))
        house.clock.advance(timedelta(seconds=80))
        await desk.say("Here")
        await desk.hear("Here")
        house.clock.advance(timedelta(seconds=80))
        await house.sweeper.sweep()

        assert {each["type"] for each in desk.passed[heard:]} <= SILENT
        assert not any("heron" in str(each) or "owl" in str(each) for each in desk.passed[heard:])
        owner = await house.relay.desk.owner(conversation)
        assert owner is not None
        assert owner.staff_id == house.advocate.staff_id, "her lease lives by the beat of the locked page"
        assert [each["type"] for each in visitor.passed].count("MessagePosted") <= 2, "nothing was said to her"
        assert not {"Typing"} & {each["type"] for each in visitor.passed}
        assert await house.relay.desk.owner(waiting.id) is None
        assert not await house.relay.desk.is_ready(house.advocate.staff_id), "nobody is promised a locked desk"
        await visitor.socket.close()


async def test_the_passphrase_moves_the_desk_to_a_new_session_and_the_talk_stays(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    one, other = processes
    async with await one.desk() as desk:
        await desk.say("Shift", state="ready")
        visitor, conversation = await held(other, desk, "the heron stands")
        # A reload while it is locked: the page asks again, and is told what calls and nothing of what was said before.
        assert await house.services.staff.sessions.lock(house.advocate.session)
        await desk.hear("Locked")
        again = await at_the_desk(other, house.cookie, house.advocate.csrf)
        await again.hear("Locked", words=1)
        await visitor.says("the heron flies")
        await again.hear("Locked", words=2)
        assert {each["type"] for each in again.passed} <= SILENT

        cookie, signed = await unlocked(house)

        assert await desk.closing() == 1012
        assert await again.closing() == 1012
        assert "SignedOut" not in {each["type"] for each in [*desk.passed, *again.passed]}
        refused = await at_the_desk(one, house.cookie, house.advocate.csrf)
        assert await refused.closing() == 4401
        new = await at_the_desk(one, cookie, signed.csrf)
        await new.hear("QueueSnapshot", shift="ready", ready=True)
        assert (await new.hear("TalkOpened"))["conversation"] == to_text(conversation)
        await new.hear("MessagePosted", text="the heron stands")
        await new.hear("MessagePosted", text="the heron flies")
        await new.says("Here I am", conversation=to_text(conversation))
        await visitor.hear("MessagePosted", text="Here I am")
        assert "LineChanged" not in {each["type"] for each in visitor.passed}
        await new.socket.close()
        await visitor.socket.close()


async def test_a_page_that_does_not_know_the_lock_is_closed_and_nobody_falls(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    one, other = processes
    old = await at_the_desk(one, house.cookie, house.advocate.csrf, version="line.4")
    await old.say("Shift", state="ready")
    await old.hear("QueueSnapshot", ready=True)
    visitor, conversation = await held(other, old, "the heron stands")
    assert await house.services.staff.sessions.lock(house.advocate.session)
    await old.hear("SignedOut")
    assert await old.closing() == 4401
    await house.sweeper.sweep()
    owner = await house.relay.desk.owner(conversation)
    assert owner is not None
    assert owner.staff_id == house.advocate.staff_id
    await visitor.socket.close()


async def test_half_an_hour_without_a_hand_locks_the_line_that_only_beats(
    house: ChatHouse, processes: tuple[Process, Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_line, "SESSION_EVERY_S", 0.1)
    one, _ = processes
    async with await one.desk() as desk:
        visitor, _ = await held(one, desk, "the heron stands")
        monkeypatch.setattr(desk_line, "RENEW_EVERY_S", 0.0)
        await house.services.embers.extend(b"es:" + house.advocate.session, KEPT)
        await desk.say("Here")
        await desk.hear("Locked")
        # Nobody is held any more: the locked desk ends, and is told so.
        await visitor.say("Leave", how="end")
        await desk.hear("SignedOut")
        assert await desk.closing() == 4401
