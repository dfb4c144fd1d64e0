"""The bytes of the small files kept outside the database: keys/pepper, keys/recovery.box, keys/head, keys/root.pub.

    keys/pepper        01 01 | count 2 | per pepper: number 2 | pepper 32
    keys/recovery.box  01 01 | count 2 | per pepper: Seal to the recovery pair, 84, whose key version is the number
                       | the Locks of the three sheets, 252 (`portal.vault.sheets`; not where there is one sheet)
    keys/pepper.from   01 01 | number 2: marks by a pepper before this one are believed no more
    keys/head          01 01 | number 4 | digest 32
    keys/root.pub      01 01 | Ed25519 public key 32

Numbers are big-endian; peppers stand in rising order. Reading and writing the files is not done here.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Final

from portal.vault.errors import SealBroken
from portal.vault.sealing import HEADER, KEY_BYTES, SEAL_OVERHEAD, open_seal, seal_to, seal_version
from portal.vault.sheets import LOCKS_BYTES, set_of_locks
from portal.vault.statement import Head

_START: Final = len(HEADER) + 2


def new_pepper() -> bytes:
    """A fresh pepper of 32 random bytes. It is mixed into every password and receipt and is in no database."""
    return secrets.token_bytes(KEY_BYTES)


def encode_peppers(peppers: Mapping[int, bytes]) -> bytes:
    """The file keys/pepper: every pepper that rows still use, by its number (1 to 65535)."""
    if any(len(pepper) != KEY_BYTES for pepper in peppers.values()):
        raise ValueError("a pepper is 32 bytes")
    rows = (number.to_bytes(2, "big") + peppers[number] for number in sorted(peppers))
    return HEADER + len(peppers).to_bytes(2, "big") + b"".join(rows)


def decode_peppers(encoded: bytes) -> dict[int, bytes]:
    """Read keys/pepper. Raises `SealBroken` for an unknown version and for every byte too many or too few."""
    rows = _rows(encoded, 2 + KEY_BYTES)
    return _in_order([(int.from_bytes(row[:2], "big"), row[2:]) for row in rows])


def seal_peppers(peppers: Mapping[int, bytes], recovery_public: bytes, locks: bytes = b"") -> bytes:
    """The file keys/recovery.box: the same peppers, for whoever holds the recovery sheets, and the sheets' `locks`.

    Without them a backup of the database could not be used again: no password and no receipt would fit.
    """
    if locks:
        set_of_locks(locks)
    rows = (
        seal_to(recovery_public, number, peppers[number], "pepper", number.to_bytes(2, "big"))
        for number in sorted(peppers)
    )
    return HEADER + len(peppers).to_bytes(2, "big") + b"".join(rows) + locks


def locks_in(encoded: bytes) -> bytes | None:
    """The Locks of the three sheets in keys/recovery.box; None in a house with one sheet. Raises `SealBroken`."""
    return _parted(encoded)[1] or None


def open_peppers(encoded: bytes, recovery_private: bytes) -> dict[int, bytes]:
    """Open keys/recovery.box with the recovery pair's private half. Raises `SealBroken`."""
    opened = []
    for sealed in _rows(_parted(encoded)[0], SEAL_OVERHEAD + KEY_BYTES):
        number = seal_version(sealed)
        opened.append((number, open_seal(recovery_private, sealed, "pepper", number.to_bytes(2, "big"))))
    return _in_order(opened)


def encode_from(number: int) -> bytes:
    """The file keys/pepper.from: the first pepper whose marks are believed."""
    return HEADER + number.to_bytes(2, "big")


def decode_from(encoded: bytes) -> int:
    """Read keys/pepper.from. Raises `SealBroken`."""
    _check_header(encoded)
    if len(encoded) != _START:
        raise SealBroken("file has another size")
    return int.from_bytes(encoded[len(HEADER) :], "big")


def encode_head(head: Head) -> bytes:
    """The file keys/head, 38 bytes: how far this house has seen the chain of statements go."""
    return HEADER + head.encode()


def decode_head(encoded: bytes) -> Head:
    """Read keys/head. Raises `SealBroken`."""
    _check_header(encoded)
    return Head.decode(encoded[len(HEADER) :])


def encode_root(root_public: bytes) -> bytes:
    """The file keys/root.pub, 34 bytes: the key that signed the first statements."""
    if len(root_public) != KEY_BYTES:
        raise ValueError("a key is 32 bytes")
    return HEADER + root_public


def decode_root(encoded: bytes) -> bytes:
    """Read keys/root.pub; 32 bytes. Raises `SealBroken`."""
    _check_header(encoded)
    if len(encoded) != len(HEADER) + KEY_BYTES:
        raise SealBroken("root key has another size")
    return encoded[len(HEADER) :]


def _parted(box: bytes) -> tuple[bytes, bytes]:
    """The peppers of a recovery box, and the Locks that stand behind them where there are any."""
    _check_header(box)
    end = _START + int.from_bytes(box[len(HEADER) : _START], "big") * (SEAL_OVERHEAD + KEY_BYTES)
    peppers, locks = box[:end], box[end:]
    if len(locks) not in (0, LOCKS_BYTES):
        raise SealBroken("file has another size")
    if locks:
        set_of_locks(locks)
    return peppers, locks


def _rows(encoded: bytes, size: int) -> list[bytes]:
    _check_header(encoded)
    count = int.from_bytes(encoded[len(HEADER) : _START], "big")
    if len(encoded) != _START + count * size:
        raise SealBroken("file has another size")
    return [encoded[at : at + size] for at in range(_START, len(encoded), size)]


def _in_order(rows: list[tuple[int, bytes]]) -> dict[int, bytes]:
    numbers = [number for number, _ in rows]
    if numbers != sorted(set(numbers)):
        raise SealBroken("peppers are not in order")
    return dict(rows)


def _check_header(encoded: bytes) -> None:
    if encoded[: len(HEADER)] != HEADER:
        raise SealBroken("version or suite is unknown")
