"""Plain frames by the short way say what the library says of them, in whatever pieces they come."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given, strategies as st
from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.server import ServerProtocol

from portal.frames import NotPlain, next_frame, text_frame
from portal.line_wire import MOST_UNHEARD, Events

MOST = 16 * 1024

_sizes = st.sampled_from([125, 126, 127, 4_000])
_texts = st.one_of(st.text(max_size=200), _sizes.map(lambda size: "x" * size)).map(str.encode)
_plain = _texts.map(lambda said: (Frame(Opcode.TEXT, said).serialize(mask=True), said))
_signs = st.tuples(st.sampled_from([Opcode.PING, Opcode.PONG]), st.binary(max_size=125))
_other = _signs.map(lambda sign: (Frame(*sign).serialize(mask=True), None))
_pieces = st.tuples(_texts, st.booleans()).map(
    lambda piece: (Frame(Opcode.CONT, piece[0], piece[1]).serialize(mask=True), None)
)


@given(st.lists(st.one_of(_plain, _other, _pieces), max_size=6))
def test_frames_are_found_one_after_the_other_and_only_plain_ones_are_read(
    frames: list[tuple[bytes, bytes | None]],
) -> None:
    heard, at = b"".join(packed for packed, _ in frames), 0
    for packed, said in frames:
        found = next_frame(heard, at, MOST)
        assert found == (at + len(packed), said)
        at += len(packed)
    assert next_frame(heard, at, MOST) is None


@given(_texts, st.data())
def test_a_frame_that_is_not_all_there_is_waited_for(said: bytes, data: st.DataObject) -> None:
    packed = Frame(Opcode.TEXT, said).serialize(mask=True)
    assert next_frame(packed[: data.draw(st.integers(0, len(packed) - 1))], 0, MOST) is None


@pytest.mark.parametrize(
    "heard",
    [
        b"\x81\x05hello",  # unmasked
        b"\xc1\x85\0\0\0\0hello",  # as if it were compressed
        b"\x81\xfe\x40\x01",  # announces one byte too many, and nothing of it need come
        b"\x81\xff" + (2**40).to_bytes(8, "big"),
        b"\x81\xff" + (5).to_bytes(8, "big") + b"\0\0\0\0hello",  # longer written than it need be
    ],
)
def test_what_is_not_plain_is_left_to_the_library_before_it_is_waited_for(heard: bytes) -> None:
    with pytest.raises(NotPlain):
        next_frame(heard, 0, MOST)


@given(st.one_of(st.binary(max_size=300), st.sampled_from([b"y" * size for size in (125, 126, 65_535, 65_536)])))
def test_what_is_sent_is_what_the_library_would_send(said: bytes) -> None:
    library = ServerProtocol(state=State.OPEN)
    library.send_text(said)
    assert [text_frame(said)] == library.data_to_send()


async def test_events_come_in_order_and_are_waited_for() -> None:
    events = Events()
    asked = asyncio.create_task(events.get())
    await asyncio.sleep(0)
    told: list[Any] = [{"type": "websocket.receive", "text": str(number)} for number in range(MOST_UNHEARD)]
    for event in told:
        events.put_nowait(event)

    assert [await asked, *[await events.get() for _ in told[1:]]] == told
    assert events.empty()


async def test_an_event_is_not_lost_with_one_who_was_cancelled_while_waiting() -> None:
    events = Events()
    asked = asyncio.create_task(events.get())
    await asyncio.sleep(0)
    asked.cancel()
    events.put_nowait({"type": "websocket.receive", "text": "still here"})

    assert (await events.get())["type"] == "websocket.receive"
