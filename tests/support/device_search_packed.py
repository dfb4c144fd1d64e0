"""Unpacks what a browser packs: session files, cached bodies and archives, also where they are cut short."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import suppress

import cramjam
from ahocorasick_rs import BytesAhoCorasick

# What was found packed, and how: "gzip", "mozLz4" and so on.
Layer = tuple[str, bytes]

DEEPEST = 4

_MOZ_LZ4 = b"mozLz40\0"

# Marks that begin a packed stream anywhere in a file. Two bytes often only look like a beginning: then nothing opens.
_STREAMS = (
    ("gzip", b"\x1f\x8b\x08"),
    ("zlib", b"\x78\x01"),
    ("zlib", b"\x78\x5e"),
    ("zlib", b"\x78\x9c"),
    ("zlib", b"\x78\xda"),
    ("zstd", b"\x28\xb5\x2f\xfd"),
    ("lz4", b"\x04\x22\x4d\x18"),
    ("bzip2", b"BZh"),
    ("xz", b"\xfd7zXZ\x00"),
)
_MARKS = BytesAhoCorasick([mark for _, mark in _STREAMS])
# Their openers read on into the next stream, and a file may be a thousand of them in a row.
_READ_ON = frozenset({"zstd", "lz4"})


def unpacked(content: bytes, deep: int = 1) -> Iterator[Layer]:
    """Everything packed in `content`, and what is packed in that, at any place in it."""
    if deep > DEEPEST:
        return
    for name, inner in _one_layer(content):
        yield name, inner
        for below, innermost in unpacked(inner, deep + 1):
            yield f"{below} in {name}", innermost


def body(content: bytes) -> Iterator[Layer]:
    """A whole body that says nowhere how it is packed, or says it elsewhere: each way that has no mark is tried."""
    for name, inner in (
        ("brotli", stream("brotli", content)),
        ("deflate", stream("deflate", content)),
        ("snappy", snappy(content)),
    ):
        if inner:
            yield name, inner
            for below, innermost in unpacked(inner, 2):
                yield f"{below} in {name}", innermost


def stream(kind: str, packed: bytes | memoryview) -> bytes:
    """What one stream holds, as far as it can be read: whatever follows it, and wherever it breaks off."""
    opened = cramjam.Buffer()
    # The bytes read before the break stay in the buffer.
    with suppress(cramjam.DecompressionError, OSError):
        getattr(cramjam, kind).decompress_into(packed, opened)
    return bytes(opened)


def snappy(packed: bytes) -> bytes:
    """One block of Snappy, or nothing."""
    try:
        return bytes(cramjam.snappy.decompress_raw(packed)) if packed else b""
    except (cramjam.DecompressionError, OSError, MemoryError):
        return b""


def moz_lz4(content: bytes) -> bytes:
    """Firefox's own wrapping of one LZ4 block: a mark, the size when opened, the block."""
    start = len(_MOZ_LZ4)
    size = int.from_bytes(content[start : start + 4], "little")
    try:
        return bytes(cramjam.lz4.decompress_block(content[start + 4 :], output_len=size))
    except (cramjam.DecompressionError, OSError):
        return b""


def _one_layer(content: bytes) -> Iterator[Layer]:
    if content.startswith(_MOZ_LZ4):
        yield "mozLz4", moz_lz4(content)
    if b"PK\x03\x04" in content:
        yield from _archive(content)
    view = memoryview(content)
    ends = dict.fromkeys(_READ_ON, len(content))
    for index, start, _ in reversed(_MARKS.find_matches_as_indexes(content, overlapping=True)):
        kind = _STREAMS[index][0]
        if inner := stream(kind, view[start : ends.get(kind)]):
            yield kind, inner
        if kind in _READ_ON:
            ends[kind] = start


def _archive(content: bytes) -> Iterator[Layer]:
    # What cannot be opened is no archive, or is locked; its bytes were searched as they are.
    with (
        suppress(zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError),
        zipfile.ZipFile(io.BytesIO(content)) as archive,
    ):
        for name in archive.namelist():
            yield "zip", name.encode() + b"\n" + archive.read(name)
