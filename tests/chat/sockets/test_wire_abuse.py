"""What no page sends, byte by byte: each ends its own line with the right code, and the log has no word about it."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from itertools import product
from logging import WARNING
from typing import Any

import pytest

from chat.protocol.closing import Closing
from chat.sockets import loop
from portal.ids import to_text
from portal.line_wire import MOST_PIECES, SIGNS_AT_ONCE
from portal.staff.sessions.session import COOKIE
from tests.chat.conftest import ChatHouse
from tests.chat.sockets.conftest import Process
from tests.support.raw_line import BINARY, CONT, NO_CLOSE, PING, PONG, TEXT, NoLine, RawLine

pytestmark = pytest.mark.anyio

Both = tuple[Process, Process]
ROLES = ("visitor", "advocate", "stranger", "stranger at the desk")


@pytest.fixture(autouse=True)
def nothing_is_written(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """No line of these stories may leave one in the log: whoever sends it would fill the house's disk."""
    yield
    said = {f"{each.levelname} {each.getMessage()}" for each in caplog.get_records("call") if each.levelno >= WARNING}
    # What is no request at all is said in these words, whatever it was.
    assert said <= {"WARNING Invalid HTTP request received."}


async def line_of(role: str, house: ChatHouse, process: Process) -> RawLine:
    """A line as far as this role gets."""
    settings = process.services.settings
    if role in ("visitor", "stranger"):
        line = await RawLine.open(settings.port, "/line/talk", settings.public_origin)
        if role == "visitor":
            line.say("Resume", token=to_text(await house.starts()), last=0)
            assert await line.hear("Welcome")
        return line
    cookie = f"{COOKIE}={house.cookie}" if role == "advocate" else ""
    line = await RawLine.open(settings.desk_port, "/line/desk", settings.desk_origin, cookie)
    if role == "advocate":
        line.say("Resume", csrf=house.advocate.csrf, talks=[])
        assert await line.hear("QueueSnapshot")
    return line


BROKEN: dict[str, tuple[list[dict[str, Any]], int]] = {
    "bad text": ([{"payload": b'{"type":"Here","pad":"\xff"}'}], 1007),
    "half a letter": ([{"payload": b'{"pad":"\xe2\x82'}], 1007),
    "bad text in pieces": ([{"payload": b"\xf0\x9f", "fin": False}, {"payload": b"\x98", "opcode": CONT}], 1007),
    "bytes": ([{"payload": b"\x00\x01", "opcode": BINARY}], Closing.MALFORMED),
    "nothing": ([{"payload": b""}], Closing.MALFORMED),
    "too large": ([{"payload": b"x" * (16 * 1024 + 1)}], Closing.TOO_LARGE),
    "claims too much": ([{"payload": b"x", "claimed": 1 << 40}], Closing.TOO_LARGE),
    "too large in pieces": ([{"payload": b"x" * 16_000, "fin": False}, {"payload": b"x" * 400, "opcode": CONT}], 1009),
    "a piece of nothing": ([{"payload": b"x", "opcode": CONT}], 1002),
    "another begins in one": ([{"payload": b"x", "fin": False}, {"payload": b"y"}], 1002),
    "no mask": ([{"payload": b"{}", "masked": False}], 1002),
    "reserved bits": ([{"payload": b"{}", "rsv": 4}], 1002),
    "an opcode nobody has": ([{"payload": b"{}", "opcode": 0x5}], 1002),
    "a ping in pieces": ([{"payload": b"", "opcode": PING, "fin": False}], 1002),
    "a ping that is too long": ([{"payload": b"x" * 126, "opcode": PING}], 1002),
}


async def test_what_is_no_frame_ends_the_line_that_sent_it(house: ChatHouse, processes: Both) -> None:
    for role, (name, (frames, code)) in product(ROLES, BROKEN.items()):
        line = await line_of(role, house, processes[0])
        for frame in frames:
            line.put(**frame)
        ended = await line.ending()
        assert ended.code == code, (role, name)
        if code == Closing.MALFORMED:
            assert ended.reason == Closing.MALFORMED.phrase
        line.cut()


async def test_a_flood_of_signs_is_cut_off_and_never_piles_up(house: ChatHouse, processes: Both) -> None:
    """Each ping is owed an answer: whoever sends them and reads nothing would have the house keep all answers."""
    for role, opcode in product(ROLES, (PING, PONG)):
        line = await line_of(role, house, processes[0])
        for _ in range(SIGNS_AT_ONCE + 20):
            line.put(b"x" * 125, opcode)
        await line.drain()
        assert (await line.ending()).code == 1008, (role, opcode)
        line.cut()


async def test_as_many_signs_as_a_browser_sends_are_answered(house: ChatHouse, processes: Both) -> None:
    line = await line_of("visitor", house, processes[0])
    for _ in range(5):
        line.put(b"x", PING)
    line.say("Here")
    assert await line.hear("Here")
    line.cut()


async def test_a_frame_in_more_pieces_than_anybody_needs_is_cut_off(house: ChatHouse, processes: Both) -> None:
    for role in ROLES:
        line = await line_of(role, house, processes[0])
        line.put(b"{", fin=False)
        for _ in range(MOST_PIECES + 10):
            line.put(b"", CONT, fin=False)
        assert (await line.ending()).code == 1008, role
        line.cut()


async def test_a_frame_in_a_few_pieces_is_a_frame(house: ChatHouse, processes: Both) -> None:
    line = await line_of("visitor", house, processes[0])
    line.put('{"type":', fin=False)
    line.put(b"x", PING)
    line.put('"He', CONT, fin=False)
    line.put('re"}', CONT)
    assert await line.hear("Here")
    line.cut()


async def test_half_a_frame_and_a_cut_line_leave_nothing_behind(house: ChatHouse, processes: Both) -> None:
    whole = b'{"type":"Here"}'
    raw = bytes([0x80 | TEXT, 0x80 | len(whole)]) + bytes(4) + whole
    for role, cut_at in product(ROLES, (1, 4, len(raw) - 1)):
        line = await line_of(role, house, processes[0])
        line.writer.write(raw[:cut_at])
        await line.drain()
        line.cut()
    # Another line of the same house is served as ever.
    other = await line_of("visitor", house, processes[0])
    other.say("Here")
    assert await other.hear("Here")
    other.cut()


async def test_whoever_says_half_a_first_frame_has_five_seconds_too(
    house: ChatHouse, processes: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert loop.FIRST_FRAME_S == 5
    monkeypatch.setattr(loop, "FIRST_FRAME_S", 0.3)
    for role in ("stranger", "stranger at the desk"):
        line = await line_of(role, house, processes[0])
        line.put('{"type":"Res', fin=False)
        ended = await line.ending()
        assert (ended.code, ended.reason) == (Closing.NO_FIRST_FRAME, Closing.NO_FIRST_FRAME.phrase)
        line.cut()


HANDSHAKES: list[tuple[bytes, bytes]] = [
    (b"/line/talk\xff", b""),
    (b"/line/talk?\xc3\xa9", b""),
    (b"/line/talk/" + b"a" * 3_000, b""),
    (b"/line/%00%ff%2e%2e", b""),
    (b"/line/talk", b"X-Name: \xff\xfe"),
    (b"/line/talk", b"Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=99"),
    (b"/line/talk", b"Sec-WebSocket-Key: twice"),
    (b"/line/talk", b"Sec-WebSocket-Version: 12"),
    (b"/line/talk", b"Content-Length: 5"),
    (b"/line/talk", b"Origin: https://elsewhere.example"),
    (b"/line/talk", b"Cookie: " + b"a=\xff;" * 200),
]


async def test_a_handshake_no_browser_sends_is_refused_or_gets_a_line(house: ChatHouse, processes: Both) -> None:
    """One that nobody can read, with a body, is cut off: before, it was kept for ever, and no clock looked at it."""
    settings = processes[0].services.settings
    for path, more in HANDSHAKES:
        answered = 101
        try:
            line = await RawLine.open(settings.port, path, settings.public_origin, more=more)
        except NoLine as refused:
            answered = refused.args[0]
        else:
            line.put(b"{")
            assert (await line.ending()).code in (Closing.MALFORMED, NO_CLOSE), (path, more)
            line.cut()
        assert answered in (0, 101, 400, 403, 404, 426), (path, more)


async def test_the_compression_every_browser_offers_is_declined(house: ChatHouse, processes: Both) -> None:
    """What is compressed tells by its size what it holds, and one small frame could fill the memory."""
    settings = processes[0].services.settings
    offer = b"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"
    line = await RawLine.open(settings.port, "/line/talk", settings.public_origin, more=offer)
    assert line.head.startswith(b"HTTP/1.1 101")
    assert b"sec-websocket-extensions" not in line.head.lower()
    line.put(zlib.compress(b"{}"), rsv=4)
    assert (await line.ending()).code in (1002, NO_CLOSE)
    line.cut()
