"""What the lines refuse: strangers before there is a line, and whatever is too much, each with its own close code."""

from __future__ import annotations

import asyncio
import json
import socket

import pytest
from websockets.exceptions import InvalidStatus

from chat.protocol.closing import Closing
from chat.sockets import loop
from portal.ids import random_key, to_text
from portal.staff.sessions.session import COOKIE
from tests.chat.conftest import ChatHouse
from tests.chat.sockets.conftest import Process, new_key

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("face", ["talk", "desk"])
@pytest.mark.parametrize(
    "origin", [None, "null", "http://127.0.0.1", "https://elsewhere.example", "longer", "sibling", "other face"]
)
async def test_a_foreign_origin_gets_403_and_no_line(
    processes: tuple[Process, Process], face: str, origin: str | None
) -> None:
    settings = processes[0].services.settings
    own, other = settings.public_origin, settings.desk_origin
    if face == "desk":
        own, other = other, own
    asked = {"longer": own + ".example", "sibling": own.replace("//", "//a."), "other face": other}.get(
        origin or "", origin
    )
    with pytest.raises(InvalidStatus) as refused:
        await processes[0].line(face, origin=asked)
    assert refused.value.response.status_code == 403


async def test_another_version_of_the_protocol_gets_no_line(processes: tuple[Process, Process]) -> None:
    for version in ("porchlight.2", "chat", "line.9"):
        with pytest.raises(InvalidStatus) as refused:
            await processes[0].line("talk", subprotocol=version)
        assert refused.value.response.status_code == 403


async def test_a_page_that_speaks_several_versions_is_answered_the_newest_of_ours(
    processes: tuple[Process, Process],
) -> None:
    for offered, answered in (
        (["line.1"], "line.1"),
        (["line.1", "line.2"], "line.2"),
        (["line.9", "line.1"], "line.1"),
    ):
        async with await processes[0].line("talk", subprotocol=offered) as line:
            assert line.socket.subprotocol == answered


async def test_each_face_has_only_its_own_line(processes: tuple[Process, Process]) -> None:
    from websockets.asyncio.client import connect

    settings = processes[0].services.settings
    for port, path in ((settings.port, "/line/desk"), (settings.desk_port, "/line/talk")):
        with pytest.raises(InvalidStatus) as refused:
            await connect(f"ws://127.0.0.1:{port}{path}", proxy=None)
        assert refused.value.response.status_code in (403, 404)


async def test_an_unknown_token_and_one_that_has_ended_close_alike(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    talk = await house.waiting()
    await house.relay.leave(talk, "end")
    for token in (talk.token, random_key()):
        line = await processes[0].line("talk")
        await line.say("Resume", token=to_text(token), last=0)
        assert await line.closing() == Closing.GONE
        assert line.passed == []


async def test_a_desk_without_a_session_or_with_a_foreign_form_token_is_signed_out(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    for cookie, csrf in (
        ("", house.advocate.csrf),
        (to_text(random_key()), house.advocate.csrf),
        (house.cookie, "x"),
        (house.cookie, "\N{SNOWMAN}"),
    ):
        headers = {"Cookie": f"{COOKIE}={cookie}"} if cookie else None
        line = await processes[0].line("desk", additional_headers=headers)
        await line.say("Resume", csrf=csrf, talks=[])
        assert await line.closing() == Closing.SIGNED_OUT
        assert line.passed == []


@pytest.mark.parametrize(
    "frame", ["", "[]", "{", '{"type":"Here"}x', '{"type":"Take"}', b"\x00\x01", '{"type":"Say","key":"a","text":"b"}']
)
async def test_a_malformed_frame_closes_the_line(
    house: ChatHouse, processes: tuple[Process, Process], frame: str | bytes
) -> None:
    line = await processes[0].visitor(await house.starts())
    await line.socket.send(frame)
    assert await line.closing() == Closing.MALFORMED


async def test_anything_but_resume_first_is_malformed(processes: tuple[Process, Process]) -> None:
    for face in ("talk", "desk"):
        line = await processes[0].line(face)
        await line.say("Here")
        assert await line.closing() == Closing.MALFORMED


async def test_a_frame_over_the_limit_closes_with_1009_and_a_long_text_is_only_refused(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    token = await house.starts()
    line = await processes[0].visitor(token)
    key = new_key()
    await line.say("Say", key=key, text="x" * 4_001)
    assert (await line.hear("Refused", key=key))["reason"] == "too_long"
    await line.socket.send(json.dumps({"type": "Here", "pad": "0" * 17_000}))
    assert await line.closing() == Closing.TOO_LARGE
    assert await (await processes[0].visitor(token)).says("the longest: " + "\N{GRINNING FACE}" * 3_900) == 1


async def test_a_flood_closes_the_line_and_loses_nothing_that_was_accepted(
    house: ChatHouse, processes: tuple[Process, Process]
) -> None:
    token = await house.starts()
    line = await processes[0].visitor(token)
    for _ in range(60):
        await line.say("Here")
    assert await line.closing() == Closing.FLOODING
    assert (await processes[0].visitor(token)) is not None


async def test_a_line_that_says_nothing_is_closed(
    house: ChatHouse, processes: tuple[Process, Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "FIRST_FRAME_S", 0.2)
    assert await (await processes[0].line("talk")).closing() == Closing.NO_FIRST_FRAME
    monkeypatch.undo()
    monkeypatch.setattr(loop, "SILENCE_S", 0.3)
    assert await (await processes[0].visitor(await house.starts())).closing() == Closing.SILENT


async def test_a_page_that_takes_no_byte_is_closed_and_holds_up_nobody_else(
    house: ChatHouse, processes: tuple[Process, Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "WRITE_S", 2.0)
    was_too_slow = asyncio.Event()
    really_close = loop.Line.close

    async def close(line: loop.Line[object], code: Closing) -> None:
        if code is Closing.LATER:
            was_too_slow.set()
        await really_close(line, code)

    monkeypatch.setattr(loop.Line, "close", close)
    talk, desk = await house.talking()
    narrow = socket.create_connection(("127.0.0.1", processes[0].services.settings.port))
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    slow = await processes[0].line("talk", sock=narrow)
    await slow.say("Resume", token=to_text(talk.token), last=0)
    slow.socket.transport.pause_reading()
    quick = await processes[0].visitor(talk.token)
    reading = asyncio.create_task(quick.hear("MessagePosted", seq=1_202, within=90))
    text = "x" * 4_000
    try:
        # More than the kernel's buffers and our own queue hold together.
        for number in range(1_200):
            await house.relay.advocate_says(desk, f"{number} {text}"[:4_000], random_key()[:16], 0)
        await reading
        assert [seq for seq, _ in quick.posted()] == list(range(1, 1_203))
        async with asyncio.timeout(20):
            await was_too_slow.wait()
    finally:
        slow.cut()


async def test_what_a_line_tells_has_stepped_sizes(house: ChatHouse, processes: tuple[Process, Process]) -> None:
    from chat.protocol.codec import STEPS

    talk, desk = await house.talking()
    line = await processes[0].line("talk")
    await line.say("Resume", token=to_text(talk.token), last=0)
    await house.relay.advocate_says(desk, "short", random_key()[:16], 0)
    sizes = {len(await line.socket.recv(decode=False)) for _ in range(4)}
    assert sizes <= set(STEPS)
