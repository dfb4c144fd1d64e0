"""Turns frames into text and back, padded to steps so that a length tells little to whoever watches the wire."""

from typing import TypeVar

import msgspec

from chat.protocol import advocate, visitor
from chat.protocol.kinds import FRAME_LIMIT
from chat.protocol.server import Told

STEPS = (256, 512, 1_024, 2_048, 4_096, 8_192, 16_384, 32_768)  # bytes; the last for a full queue snapshot

_PAD = b',"pad":"'
_PAD_END = b'"}'
_FILL = b"0" * STEPS[-1]

_encoder = msgspec.json.Encoder()
_visitor: msgspec.json.Decoder[visitor.Spoken] = msgspec.json.Decoder(visitor.Spoken, strict=True)
_advocate: msgspec.json.Decoder[advocate.Spoken] = msgspec.json.Decoder(advocate.Spoken, strict=True)

Spoken = TypeVar("Spoken")


def step_over(size: int) -> int:
    """The first of STEPS that holds `size` bytes, or the first multiple of the largest."""
    return next((step for step in STEPS if size <= step), -(-size // STEPS[-1]) * STEPS[-1])


class Malformed(ValueError):
    """The frame is none of those its speaker may say. Its text is never repeated: it may hold words."""


class TooLarge(ValueError):
    """The frame is over 16 KiB."""


def read_visitor(frame: str | bytes) -> visitor.Spoken:
    """What a visitor's page said. Raises Malformed, TooLarge."""
    return _read(_visitor, frame)


def read_advocate(frame: str | bytes) -> advocate.Spoken:
    """What an advocate's desk said. Raises Malformed, TooLarge."""
    return _read(_advocate, frame)


def write(told: Told) -> bytes:
    """The frame as JSON text, its `pad` chosen so that its length in UTF-8 is one of STEPS (longer ones stay so)."""
    body = _encoder.encode(told)
    bare = len(body) - 1 + len(_PAD) + len(_PAD_END)
    for step in STEPS:
        if bare <= step:
            return b"".join((body[:-1], _PAD, _FILL[: step - bare], _PAD_END))
    return body


def _read(decoder: "msgspec.json.Decoder[Spoken]", frame: str | bytes) -> Spoken:
    # A character is one to four bytes: the cheap count first, the exact one only when it could matter.
    if len(frame) > FRAME_LIMIT or (isinstance(frame, str) and len(frame.encode(errors="replace")) > FRAME_LIMIT):
        raise TooLarge
    try:
        return decoder.decode(frame)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        raise Malformed from None
