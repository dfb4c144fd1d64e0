"""Reads every cell of a browser's SQLite files, those that still wait in a write-ahead log among them."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from tests.support.device_search_packed import Layer, body, unpacked

_MARK = b"SQLite format 3\x00"
_BESIDE = ("", "-wal", "-journal")
_SHORTEST_PACKED = 12
_AES_BLOCK = 16


def is_database(path: Path) -> bool:
    """Whether the file says of itself that it is one of SQLite's."""
    with path.open("rb") as opened:
        return opened.read(len(_MARK)) == _MARK


def cells(path: Path) -> Iterator[Layer]:
    """The cells of an SQLite file, as they are and unpacked; nothing for any other file."""
    if not is_database(path):
        return
    values = list(_values(path))
    yield "database cell", b"\n".join(values)
    for value in values:
        if len(value) < _SHORTEST_PACKED:
            continue
        if value.startswith(b"v10"):
            yield "locked database cell", _opened(value)
        for name, inner in (*unpacked(value), *body(value)):
            yield f"{name} in database cell", inner


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    """What a query finds in the file and its write-ahead log; nothing where there is no such table."""
    with _reader(path) as reader, suppress(sqlite3.DatabaseError):
        return list(reader.execute(query))
    return []


@contextmanager
def _reader(path: Path) -> Iterator[sqlite3.Connection]:
    """The file as SQLite opens it, on a copy: opening may write, and a killed browser leaves work behind."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        for end in _BESIDE:
            beside = path.with_name(path.name + end)
            if beside.exists():
                shutil.copyfile(beside, copy.with_name(copy.name + end))
        reader = sqlite3.connect(copy)
        try:
            yield reader
        finally:
            reader.close()


def _values(path: Path) -> Iterator[bytes]:
    with _reader(path) as reader, suppress(sqlite3.DatabaseError):
        reader.text_factory = bytes
        for (name,) in list(reader.execute("select name from sqlite_master where type = 'table'")):
            table = name.decode("utf-8", "replace").replace('"', '""')
            # A virtual table whose module is not here keeps its words in shadow tables, which are read too.
            with suppress(sqlite3.DatabaseError):
                for row in reader.execute(f'select * from "{table}"'):
                    yield from (value for value in row if isinstance(value, bytes))


def _opened(value: bytes) -> bytes:
    """What Chromium locks with the key that everybody knows: cookies and passwords where the system keeps no keys."""
    locked = value[3:]
    if not locked or len(locked) % _AES_BLOCK:
        return b""
    key = PBKDF2HMAC(hashes.SHA1(), _AES_BLOCK, b"saltysalt", 1).derive(b"peanuts")  # noqa: S303
    opener = Cipher(algorithms.AES(key), modes.CBC(b" " * _AES_BLOCK)).decryptor()
    return opener.update(locked) + opener.finalize()
