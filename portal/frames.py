"""The plain websocket frames, taken apart and put together in a few steps; all others are the library's.

Nearly all a page says, and all it is told, are whole text frames. The library reads those in some forty steps, which
was a fifth of what a relayed message cost (docs/relay.md). Whatever is not plainly such a frame goes to the library as
it came, so that its rules hold: here nothing is refused and nothing forgiven.
"""

from __future__ import annotations

from typing import Final

from websockets.frames import apply_mask  # type: ignore[attr-defined]

FINAL_TEXT: Final = 0x81
MASKED: Final = 0x80
RESERVED: Final = 0x70
IN_TWO, IN_EIGHT = 126, 127
HEAD_BYTES: Final = 2
MASK_BYTES: Final = 4


class NotPlain(Exception):
    """From here on only the library can say what this is: too large, unmasked, or of no kind there is."""


def next_frame(heard: bytes | bytearray, at: int, most: int) -> tuple[int, bytes | None] | None:
    """Where the frame that begins at `at` ends, and what it says; None while more of it is to come. Raises `NotPlain`.

    What it says is None where it is whole and no plain text: then it is the library's. A frame that announces more
    than `most` bytes is not plain: it is not to be waited for.
    """
    payload_at = at + HEAD_BYTES
    if len(heard) < payload_at:
        return None
    first, size = heard[at], heard[at + 1]
    if size < MASKED or first & RESERVED:
        raise NotPlain
    size -= MASKED
    if size == IN_TWO:
        if len(heard) < payload_at + 2:
            return None
        size = int.from_bytes(heard[payload_at : payload_at + 2], "big")
        payload_at += 2
    elif size == IN_EIGHT:
        raise NotPlain
    if size > most:
        raise NotPlain
    payload_at += MASK_BYTES
    end = payload_at + size
    if len(heard) < end:
        return None
    if first != FINAL_TEXT:
        return end, None
    return end, apply_mask(heard[payload_at:end], heard[payload_at - MASK_BYTES : payload_at])


def text_frame(said: bytes) -> bytes:
    """A whole text frame as a server sends it."""
    size = len(said)
    if size < IN_TWO:
        return bytes((FINAL_TEXT, size)) + said
    if size < 1 << 16:
        return bytes((FINAL_TEXT, IN_TWO)) + size.to_bytes(2, "big") + said
    return bytes((FINAL_TEXT, IN_EIGHT)) + size.to_bytes(8, "big") + said
