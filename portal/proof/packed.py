"""Unpacks what stands packed inside bytes: what a Valkey squeezes into its files, and what rotated logs are."""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Final

# In a Valkey's base file, and in what DUMP answers, a longer string is 0xC3, packed length, length, packed bytes.
_LZF: Final = 0xC3
_LONGEST: Final = 64 * 1024 * 1024


def layers(content: bytes) -> Iterator[bytes]:
    """The bytes as they are, then everything that is packed in them, one layer deep."""
    yield content
    yield from squeezed(content)
    yield from _streams(content)


def squeezed(content: bytes) -> Iterator[bytes]:
    """Every string a Valkey has squeezed (LZF), wherever it stands. Two bytes may only look like a beginning."""
    at = content.find(_LZF)
    while at != -1:
        packed, after = _length(content, at + 1)
        whole, start = _length(content, after)
        # Squeezed is always smaller: that alone rules out nearly all that only looks like it.
        if 0 < packed < whole <= _LONGEST and start + packed <= len(content):
            unpacked = lzf(content[start : start + packed], whole)
            if unpacked is not None:
                yield unpacked
        at = content.find(_LZF, at + 1)


def lzf(packed: bytes, whole: int) -> bytes | None:
    """What was squeezed, or None when these bytes are nothing squeezed of that length."""
    out = bytearray()
    at, end = 0, len(packed)
    while at < end:
        control = packed[at]
        at += 1
        if control < 32:
            out += packed[at : at + control + 1]
            at += control + 1
            continue
        length = control >> 5
        if length == 7:
            if at >= end:
                return None
            length += packed[at]
            at += 1
        if at >= end:
            return None
        back = ((control & 0x1F) << 8 | packed[at]) + 1
        at += 1
        if back > len(out) or len(out) > whole:
            return None
        for _ in range(length + 2):
            out.append(out[-back])
    return bytes(out) if at == end and len(out) == whole else None


def _length(content: bytes, at: int) -> tuple[int, int]:
    """A length as Valkey's files write it, and where it ends; 0 for what is none."""
    if at >= len(content):
        return 0, at
    first = content[at]
    match first >> 6:
        case 0:
            return first & 0x3F, at + 1
        case 1 if at + 1 < len(content):
            return (first & 0x3F) << 8 | content[at + 1], at + 2
        case 2 if first == 0x80:
            return int.from_bytes(content[at + 1 : at + 5], "big"), at + 5
    return 0, at


_OPENERS: Final[tuple[tuple[bytes, Callable[[bytes], bytes]], ...]] = (
    (b"\x1f\x8b\x08", lambda part: zlib.decompressobj(wbits=31).decompress(part, _LONGEST)),
    (b"BZh", lambda part: bz2.BZ2Decompressor().decompress(part, _LONGEST)),
    (b"\xfd7zXZ\x00", lambda part: lzma.LZMADecompressor().decompress(part, _LONGEST)),
)


def _streams(content: bytes) -> Iterator[bytes]:
    """What gzip, bzip2 and xz streams hold, wherever they begin."""
    for mark, opened in _OPENERS:
        at = content.find(mark)
        while at != -1:
            with suppress(OSError, EOFError, ValueError, zlib.error, lzma.LZMAError):
                yield opened(content[at:])
            at = content.find(mark, at + 1)
