"""Hides how long words are by filling them up to a few fixed sizes before they are sealed.

A sealed message as long as its words tells whoever sees the disk or the line how much was said, and a one-word
answer ("yes", "no") could be told from a cry for help. So every body is laid out as

    length, unsigned 32 bits, big-endian | the bytes | zero bytes up to the next step

and only the step can be seen from outside. Sizes are in bytes and count the four length bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from portal.vault.errors import SealBroken, TooLong

Steps = Sequence[int]

LENGTH_BYTES: Final = 4
"""Bytes in front of the words that say how many there are."""

EXACT: Final[tuple[int, ...]] = ()
"""No steps: for contents whose size is the same for everybody (keys), so that there is nothing to hide."""

MESSAGE_STEPS: Final[tuple[int, ...]] = (256, 512, 1024, 2048, 4096, 8192, 16384)
"""Steps of one chat message, note or card."""

RECORD_STEPS: Final[tuple[int, ...]] = tuple(range(4096, 65536 + 1, 4096))
"""Steps of a tip, a reply or a record: every 4 KiB up to 64 KiB."""


def longest(steps: Steps) -> int:
    """How many bytes of words fit into the largest of these steps."""
    return steps[-1] - LENGTH_BYTES


def pad(plaintext: bytes, steps: Steps) -> bytes:
    """Lay out `plaintext` with its length in front and zeros up to the smallest step it fits into.

    With `EXACT` only the length is put in front. Raises `TooLong` when it does not fit into the largest step.
    """
    framed = len(plaintext).to_bytes(LENGTH_BYTES, "big") + plaintext
    if not steps:
        return framed
    for step in steps:
        if len(framed) <= step:
            return framed.ljust(step, b"\0")
    raise TooLong(f"does not fit into {steps[-1]} bytes")


def unpad(padded: bytes) -> bytes:
    """Give back what `pad` was given.

    Which steps were used need not be known, so the steps may change without old words becoming unreadable.
    Raises `SealBroken` when the length does not fit or a filling byte is not zero: one text, one layout.
    """
    if len(padded) < LENGTH_BYTES:
        raise SealBroken("padded bytes are cut short")
    end = LENGTH_BYTES + int.from_bytes(padded[:LENGTH_BYTES], "big")
    if end > len(padded):
        raise SealBroken("padded bytes are cut short")
    if padded.count(0, end) != len(padded) - end:
        raise SealBroken("padding is not empty")
    return padded[LENGTH_BYTES:end]
