"""Holds the search of a phone's profile to finding a word however a browser has packed it."""

from __future__ import annotations

import base64
import gzip
import io
import json
import shutil
import socket
import sqlite3
import urllib.parse
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import cramjam
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tests.support.cut_line import line_to
from tests.support.device_search_tap import Tap
from tests.support.profile_search import search_profile

WORD = 'the "ptarmigan" café by وادي'
LONG = f"before it {WORD} and after it ".encode() + b"much that does not matter, " * 40
LATIN = "ptarmigans over the slate roof"


def session_file(content: bytes) -> bytes:
    """As Firefox writes its session, its add-ons, its search engines."""
    packed = bytes(cramjam.lz4.compress_block(content, store_size=False))
    return b"mozLz40\0" + len(content).to_bytes(4, "little") + packed


def chromium_entry(packed: bytes) -> bytes:
    """As Chromium's disk cache writes one answer: head, key, body, foot, headers, foot."""
    key = b"1/0/_dk_https://localhost/"
    head = bytes.fromhex("305c72a71b6dfbfc") + (5).to_bytes(4, "little") + len(key).to_bytes(4, "little") + b"\0" * 8
    foot = bytes.fromhex("d8410d97456ffaf4") + b"\1\0\0\0" * 4
    return head + key + packed + foot + b"HTTP/1.1 200\0content-encoding: it says how\0\0" + foot


def firefox_entry(packed: bytes) -> bytes:
    """As Firefox's disk cache writes one answer: the body, what is known of it, where that begins."""
    return packed + b"\0\0\0\x03response-head\0HTTP/3 200\0" + len(packed).to_bytes(4, "big")


def deflated(content: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(content) + packer.flush()


def table(key: bytes, value: bytes) -> bytes:
    """As LevelDB writes a table: one block of records, one index, a foot; the second key leaves out what repeats."""

    def number(value: int) -> bytes:
        low, high = value & 127, value >> 7
        return bytes([low | 128]) + number(high) if high else bytes([low])

    def block(*records: tuple[int, bytes, bytes]) -> bytes:
        parts = [number(same) + number(len(key)) + number(len(value)) + key + value for same, key, value in records]
        return bytes(cramjam.snappy.compress_raw(b"".join(parts) + b"\0\0\0\0" + b"\1\0\0\0"))

    half = len(key) // 2
    first = block((0, key[:half] + b"!", value), (half, key[half:], value))
    handle = number(0) + number(len(first))
    index = block((0, b"~", handle))
    start = len(first) + 5
    foot = number(0) + number(0) + number(start) + number(len(index))
    packed = b"\1" + b"\0" * 4
    return first + packed + index + packed + foot.ljust(40, b"\0") + bytes.fromhex("57fb808b247547db")


def locked(content: bytes) -> bytes:
    """As Chromium locks a cookie where the system keeps no keys: the key is the same everywhere."""
    key = bytes.fromhex("fd621fe5a2b402539dfa147ca9272778")
    fill = 16 - len(content) % 16
    sealer = Cipher(algorithms.AES(key), modes.CBC(b" " * 16)).encryptor()
    return b"v10" + sealer.update(content + bytes([fill]) * fill) + sealer.finalize()


@pytest.mark.parametrize(
    "written",
    [
        WORD.encode(),
        WORD.encode("utf-16-le"),
        *(base64.b64encode(b"x" * before + WORD.encode() + b"tail") for before in range(3)),
        urllib.parse.quote(WORD).encode(),
        urllib.parse.quote_plus(WORD).encode(),
        json.dumps({"text": WORD}).encode(),
        json.dumps({"text": WORD}, ensure_ascii=False).encode(),
    ],
)
def test_a_word_is_found_as_it_is_written(tmp_path: Path, written: bytes) -> None:
    (tmp_path / ".hidden").write_bytes(b"\0\1" * 40 + written + b"\0" * 9)

    assert {found.word for found in search_profile([WORD, LATIN], tmp_path)} == {WORD}


PACKED: dict[str, Callable[[bytes], bytes]] = {
    "a session of Firefox": session_file,
    "gzip somewhere in a file": lambda content: b"head" + gzip.compress(content) + b"tail",
    "gzip cut short": lambda content: gzip.compress(content)[:-30],
    "zlib": lambda content: b"head" + zlib.compress(content) + b"tail",
    "zstd": lambda content: b"head" + bytes(cramjam.zstd.compress(content)) + b"tail",
    "an LZ4 frame": lambda content: b"head" + bytes(cramjam.lz4.compress(content)) + b"tail",
    "brotli in Chromium's cache": lambda content: chromium_entry(bytes(cramjam.brotli.compress(content))),
    "brotli cut short in Chromium's cache": lambda content: chromium_entry(
        bytes(cramjam.brotli.compress(content))[:-9]
    ),
    "deflate in Chromium's cache": lambda content: chromium_entry(deflated(content)),
    "zstd in Chromium's cache": lambda content: chromium_entry(bytes(cramjam.zstd.compress(content))),
    "brotli in Firefox's cache": lambda content: firefox_entry(bytes(cramjam.brotli.compress(content))),
    "snappy alone": lambda content: bytes(cramjam.snappy.compress_raw(content)),
    "gzip in a session of Firefox": lambda content: session_file(b"head" + gzip.compress(content)),
}


@pytest.mark.parametrize("way", PACKED)
def test_a_word_is_found_in_what_is_packed(tmp_path: Path, way: str) -> None:
    (tmp_path / "cache2").mkdir()
    file = tmp_path / "cache2" / "F00D"
    # Nothing repeats before the word, so packing would leave it as it is; what goes before makes it be cut up.
    file.write_bytes(PACKED[way](WORD.encode()[:20] + b" " + WORD.encode()[9:] + LONG))

    assert WORD.encode() not in file.read_bytes()
    assert search_profile([WORD], tmp_path)
    assert search_profile([LATIN], tmp_path) == []


def test_a_word_is_found_in_an_archive_and_in_its_names(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inside.txt", WORD[:20] + LONG.decode())
    (tmp_path / "kept.xpi").write_bytes(packed.getvalue())
    (tmp_path / LATIN).mkdir()
    (tmp_path / LATIN / "empty").touch()

    assert WORD.encode() not in packed.getvalue()
    assert {(found.word, found.where.name) for found in search_profile([WORD, LATIN], tmp_path)} == {
        (WORD, "kept.xpi"),
        (LATIN, "empty"),
    }


def test_a_word_is_found_in_the_tables_of_leveldb(tmp_path: Path) -> None:
    """Once as a key whose beginning stands only in the key before it, once as a value."""
    (tmp_path / "000005.ldb").write_bytes(table(LATIN.encode(), LONG + WORD.encode()))

    assert LATIN.encode() not in (tmp_path / "000005.ldb").read_bytes()
    assert {found.word for found in search_profile([WORD, LATIN], tmp_path)} == {WORD, LATIN}


def test_a_word_that_a_log_of_leveldb_cuts_in_two_is_found(tmp_path: Path) -> None:
    head = 7
    first = b"x" * (32_768 - 2 * head - 10 - 3) + WORD.encode()[:10]
    second = WORD.encode()[10:] + b"the rest"
    pieces = [
        b"\0" * 4 + len(part).to_bytes(2, "little") + bytes([kind]) + part
        for kind, part in ((1, b"one"), (2, first), (4, second))
    ]
    (tmp_path / "CURRENT").write_text("MANIFEST-000001\n")
    (tmp_path / "000003.log").write_bytes(b"".join(pieces))

    assert WORD.encode() not in (tmp_path / "000003.log").read_bytes()
    assert search_profile([WORD], tmp_path)


@pytest.mark.parametrize("journal", ["wal", "delete"])
def test_a_word_is_found_in_a_cell_that_lies_on_two_pages(tmp_path: Path, journal: str) -> None:
    """In the write-ahead log too, as a killed browser leaves it: the file itself does not hold the row yet."""
    live, left = tmp_path / "live", tmp_path / "left"
    live.mkdir()
    writer = sqlite3.connect(live / "History")
    writer.executescript(f"pragma page_size = 512; pragma journal_mode = {journal}; create table words (word text)")
    # A row of 1,116 bytes leaves 100 on its own page, three of them its head; the rest lies on pages elsewhere.
    row = b"x" * 87 + WORD.encode()
    writer.execute("insert into words values (?)", (row.ljust(1_113, b"y").decode(),))
    writer.commit()
    shutil.copytree(live, left)
    writer.close()
    (left / "History-shm").unlink(missing_ok=True)
    raw = b"".join(path.read_bytes() for path in left.iterdir())

    assert WORD.encode() not in raw
    assert [found.form for found in search_profile([WORD], left)] == ["utf-8 in database cell"]


@pytest.mark.parametrize(
    "value",
    [
        session_file(WORD.encode()[:20] + LONG),
        bytes(cramjam.snappy.compress_raw(WORD.encode()[:20] + LONG)),
        bytes(cramjam.brotli.compress(WORD.encode()[:20] + LONG)),
        locked(WORD.encode()),
    ],
    ids=["mozLz4", "snappy", "brotli", "locked by Chromium"],
)
def test_a_word_is_found_in_a_packed_or_locked_cell(tmp_path: Path, value: bytes) -> None:
    writer = sqlite3.connect(tmp_path / "data.sqlite")
    writer.execute("create table kept (value blob)")
    writer.execute("insert into kept values (?)", (value,))
    writer.commit()
    writer.close()

    assert WORD.encode() not in (tmp_path / "data.sqlite").read_bytes()
    assert search_profile([WORD], tmp_path)


def test_what_a_page_is_told_over_its_line_is_looked_for_too() -> None:
    """A page comes as HTML; what is said in it comes in frames and in answers to its script."""
    with line_to(0) as line, socket.socket() as end:
        tap = Tap(line)
        assert line.ear is not None
        line.ear(end, b"<!doctype html><p>Three lanterns by the water</p></html>")
        line.ear(end, b'\x81\x7e{"type":"MessagePosted","text":"a heron \\"folded\\" at caf\\u00e9 noon","li')
        line.ear(end, b'ne":"Robin took a message back."}\x81\x05{"what":"too short"}')

        said = {"Three lanterns by the water", 'a heron "folded" at café noon', "Robin took a message back."}
        assert tap.sentences() == said
