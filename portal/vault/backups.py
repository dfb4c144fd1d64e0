"""A backup: pieces of a house in a file that only the recovery sheet opens.

    01 01 | kind 1 | id 16 | root key 32 | length 4 | keys/recovery.box | Seal of the file's key, 84 | pieces
    piece: length 4 | Box

The machine that writes it cannot read it again: a fresh key is sealed to the recovery pair and forgotten. The seal is
bound to everything before it, each piece to the file's id, to its number and to whether it is the last, so that pieces
left out, doubled, exchanged or cut off at the end are refused. Numbers are big-endian.

The last piece is filled up, so that a file's size is one of a few (`stepped`): whoever keeps it, or sees it carried
away each night, does not read from it how much was said the day before.

Of the keys folder a backup holds nothing that opens anything: `recovery.box` is itself sealed to the recovery pair.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256
from typing import BinaryIO, Final

from portal.vault.errors import SealBroken
from portal.vault.padding import EXACT, LENGTH_BYTES, Steps
from portal.vault.sealing import (
    HEADER,
    KEY_BYTES,
    NONCE_BYTES,
    SEAL_OVERHEAD,
    TAG_BYTES,
    open_box,
    open_seal,
    seal_box,
    seal_to,
)

ID_BYTES: Final = 16
MOST_BOX_BYTES: Final = 1024 * 1024
"""Of `recovery.box`: some twelve thousand peppers."""
MOST_PIECE_BYTES: Final = 4 * 1024 * 1024
LEAST_BYTES: Final = 1024 * 1024
WIDEST_STEP: Final = 4 * 1024 * 1024

_LENGTH: Final = 4
_SEAL: Final = SEAL_OVERHEAD + KEY_BYTES
_AROUND_A_PIECE: Final = _LENGTH + len(HEADER) + NONCE_BYTES + TAG_BYTES


class Kind(IntEnum):
    """What a file holds: the house without the keys of its tips, or those keys alone."""

    HOUSE = 1
    KEYS = 2


@dataclass(frozen=True)
class Cover:
    """What stands in clear at the beginning of a backup."""

    kind: Kind
    id: bytes
    root_public: bytes
    recovery_box: bytes

    def encode(self) -> bytes:
        """Everything before the seal."""
        clear = HEADER + bytes([self.kind]) + self.id + self.root_public
        return clear + len(self.recovery_box).to_bytes(_LENGTH, "big") + self.recovery_box


class SealedBackup:
    """Writes one backup, piece by piece, to an open file."""

    def __init__(
        self, out: BinaryIO, kind: Kind, *, root_public: bytes, recovery_box: bytes, recovery_public: bytes
    ) -> None:
        self._out = out
        self._key = secrets.token_bytes(KEY_BYTES)
        cover = Cover(kind, secrets.token_bytes(ID_BYTES), root_public, recovery_box)
        self._id = cover.id
        self._number = 0
        clear = cover.encode()
        self._written = out.write(clear + seal_to(recovery_public, kind, self._key, "backup", sha256(clear).digest()))

    def write(self, piece: bytes) -> None:
        """Add one piece; it comes back whole. Raises ValueError when it is larger than a reader would take."""
        if len(piece) > MOST_PIECE_BYTES:
            raise ValueError("a piece of a backup is too large")
        self._put(piece, EXACT, is_last=False)

    def finish(self) -> None:
        """Mark the end, and fill the file up to its step. A file without it is refused as cut off."""
        around = self._written + _AROUND_A_PIECE
        self._put(b"", (stepped(around + LENGTH_BYTES) - around,), is_last=True)

    def _put(self, piece: bytes, steps: Steps, *, is_last: bool) -> None:
        box = seal_box(self._key, "backup", piece, *_place(self._id, self._number, is_last), steps=steps)
        self._written += self._out.write(len(box).to_bytes(_LENGTH, "big") + box)
        self._number += 1


def stepped(size: int) -> int:
    """The size a file of so many bytes is filled up to: whole MiB, from 16 MiB on every 2, from 32 MiB on every 4.

    No step is wider than what one piece may hold.
    """
    step = min(max(1 << max(size.bit_length() - 4, 0), LEAST_BYTES), WIDEST_STEP)
    return -(-size // step) * step


def read_cover(source: BinaryIO) -> Cover:
    """What stands in clear, read from the beginning. Raises `SealBroken` when it is no backup of a known kind."""
    if _read(source, len(HEADER)) != HEADER:
        raise SealBroken("version or suite is unknown")
    try:
        kind = Kind(_read(source, 1)[0])
    except ValueError:
        raise SealBroken("kind of backup is unknown") from None
    named, root_public = _read(source, ID_BYTES), _read(source, KEY_BYTES)
    size = int.from_bytes(_read(source, _LENGTH), "big")
    if size > MOST_BOX_BYTES:
        raise SealBroken("recovery box is too large")
    return Cover(kind, named, root_public, _read(source, size))


def open_pieces(source: BinaryIO, cover: Cover, recovery_private: bytes) -> Iterator[bytes]:
    """Every piece in order, from a file whose cover was just read.

    Raises `SealBroken`, also after pieces that were good: nothing of a file is to be believed before its end was read.
    """
    key = open_seal(recovery_private, _read(source, _SEAL), "backup", sha256(cover.encode()).digest())
    number = 0
    while True:
        size = int.from_bytes(_read(source, _LENGTH), "big")
        if size > MOST_PIECE_BYTES + 1024:
            raise SealBroken("piece is too large")
        box = _read(source, size)
        try:
            piece = open_box(key, "backup", box, *_place(cover.id, number, is_last=False))
        except SealBroken:
            open_box(key, "backup", box, *_place(cover.id, number, is_last=True))
            if source.read(1):
                raise SealBroken("something stands behind the end") from None
            return
        yield piece
        number += 1


def is_cut(source: BinaryIO) -> bool:
    """Whether the lengths of a file's pieces, whose cover was just read, lead anywhere but to its end.

    That is all that can be known without the sheets: a file that was cut off, or was never finished, is told by it.
    """
    at = source.tell() + _SEAL
    end = source.seek(0, os.SEEK_END)
    while at < end:
        source.seek(at)
        at += _LENGTH + int.from_bytes(source.read(_LENGTH), "big")
    return at != end


def _place(named: bytes, number: int, is_last: bool) -> tuple[bytes, bytes, bytes]:
    return named, number.to_bytes(8, "big"), b"last" if is_last else b"more"


def _read(source: BinaryIO, size: int) -> bytes:
    found = source.read(size)
    if len(found) != size:
        raise SealBroken("backup is cut short")
    return found
