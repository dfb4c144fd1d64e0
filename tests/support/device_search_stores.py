"""Reads the bodies of a browser's disk caches and the records of its LevelDB folders, where they are kept packed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tests.support.device_search_packed import Layer, body, snappy, stream

# Chromium's cache: a mark, then version, key's length and hash; the key; the body; a mark that ends the body.
_CHROMIUM_ENTRY = bytes.fromhex("305c72a71b6dfbfc")
_CHROMIUM_BODY_ENDS = bytes.fromhex("d8410d97456ffaf4")
_CHROMIUM_HEAD = 24

_TABLE_MARK = bytes.fromhex("57fb808b247547db")
_TABLE_FOOT = 48
_LOG_BLOCK = 32_768
_LOG_HEAD = 7
# What Chromium writes before a value of a page's database that it packed.
_PACKED_VALUE = b"\xff\x11\x02"


def cached(path: Path, content: bytes) -> Iterator[Layer]:
    """The body of one cached answer, unpacked."""
    if content.startswith(_CHROMIUM_ENTRY):
        start = _CHROMIUM_HEAD + int.from_bytes(content[12:16], "little")
        end = content.find(_CHROMIUM_BODY_ENDS, start)
        yield from body(content[start : end if end != -1 else len(content)])
    elif "cache2" in path.parts:
        # Firefox: the body first, what is known of it after; the last four bytes say where that begins.
        end = int.from_bytes(content[-4:], "big")
        yield from body(content[: end if end <= len(content) else len(content)])
    else:
        yield from body(content)


def records(path: Path, content: bytes) -> Iterator[Layer]:
    """The records of a LevelDB file, deleted ones too, each key and value in one piece."""
    if content.endswith(_TABLE_MARK):
        with suppress(IndexError):
            for kind, block in _table(content):
                pairs = list(_pairs(block))
                yield f"{kind}LevelDB", b"\n".join(key + b"=" + value for key, value in pairs)
                for _, value in pairs:
                    if value.find(_PACKED_VALUE, 0, 16) != -1:
                        inner = snappy(value[value.index(_PACKED_VALUE) + len(_PACKED_VALUE) :])
                        yield f"snappy in {kind}LevelDB", inner
    elif re.fullmatch(r"\d+\.log|MANIFEST-\d+", path.name) and (path.parent / "CURRENT").exists():
        yield "LevelDB log", b"".join(_pieces(content))


def _table(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Every block of a table, the index among them, and how each was packed."""
    foot = len(content) - _TABLE_FOOT
    at = foot
    handles: list[tuple[int, int]] = []
    for _ in range(2):
        start, at = _varint(content, at)
        size, at = _varint(content, at)
        handles.append((start, size))
    kind, index = _block(content, *handles[1])
    yield kind, index
    for _, handle in _pairs(index):
        start, after = _varint(handle, 0)
        size, _ = _varint(handle, after)
        yield _block(content, start, size)


def _block(content: bytes, start: int, size: int) -> tuple[str, bytes]:
    packed = content[start : start + size]
    match content[start + size]:
        case 1:
            return "snappy in ", snappy(packed)
        case 2:
            return "zstd in ", stream("zstd", packed)
    return "", packed


def _pairs(block: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Keys and values of a block. A key repeats nothing of the one before: here it is made whole again."""
    restarts = int.from_bytes(block[-4:], "little")
    end, at, key = len(block) - 4 - 4 * restarts, 0, b""
    while at < end:
        same, at = _varint(block, at)
        more, at = _varint(block, at)
        size, at = _varint(block, at)
        key = key[:same] + block[at : at + more]
        yield key, block[at + more : at + more + size]
        at += more + size


def _pieces(content: bytes) -> Iterator[bytes]:
    """The log without the heads that stand in the middle of a long record."""
    at = 0
    while at + _LOG_HEAD < len(content):
        left = _LOG_BLOCK - at % _LOG_BLOCK
        size = int.from_bytes(content[at + 4 : at + 6], "little")
        if left < _LOG_HEAD or not size:
            at += left
            continue
        yield content[at + _LOG_HEAD : at + _LOG_HEAD + size]
        at += _LOG_HEAD + size


def _varint(content: bytes, at: int) -> tuple[int, int]:
    """A number of seven bits a byte, and where it ended."""
    number = shift = 0
    while True:
        byte = content[at]
        number |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return number, at
