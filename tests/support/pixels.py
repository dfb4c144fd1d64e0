"""Reads the colours out of a screenshot, so that a test can say what is on the screen and not in the page."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Iterator


def pixels(picture: str) -> Iterator[tuple[int, int, int]]:
    """Every pixel of a PNG in base64 as Chromium writes it: eight bits a channel, not interlaced (RFC 2083)."""
    raw = base64.b64decode(picture)
    at, packed, width, channels = 8, b"", 0, 3
    while at < len(raw):
        length, kind = struct.unpack(">I4s", raw[at : at + 8])
        part = raw[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            width, channels = struct.unpack(">I", part[:4])[0], {2: 3, 6: 4}[part[9]]
        elif kind == b"IDAT":
            packed += part
        at += 12 + length
    lines, before = zlib.decompress(packed), bytes(width * channels)
    for start in range(0, len(lines), width * channels + 1):
        before = unfiltered(lines[start], lines[start + 1 : start + 1 + width * channels], before, channels)
        yield from {tuple(before[x : x + 3]) for x in range(0, len(before), channels)}  # type: ignore[misc]


def unfiltered(how: int, line: bytes, above: bytes, step: int) -> bytes:
    """One line of a PNG with its filter undone."""
    out = bytearray(line)
    for x in range(len(line)):
        left, up = (out[x - step] if x >= step else 0), above[x]
        corner = above[x - step] if x >= step else 0
        guess = left + up - corner
        nearest = min((left, up, corner), key=lambda one: abs(guess - one))
        out[x] = (line[x] + (0, left, up, (left + up) // 2, nearest)[how]) & 255
    return bytes(out)
