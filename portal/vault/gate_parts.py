"""Seals what the gate reads of a consent or an exception, for a server that reads it before any keys are open.

The key comes from the pepper, which lies outside the database: a stolen disk tells not whose a row is, to whom anything
may go, nor whether it was taken back; and whoever can only write rows can make none. What tells a person from it (her
name, the reader's, why) is not in here: it is sealed to the records.
"""

from __future__ import annotations

import hmac
from typing import Final

from portal.vault.sealing import ctx, open_box, seal_box, sub

STEPS: Final = (512, 1024)


def find_of(pepper: bytes, kind: str, subject: bytes) -> bytes:
    """By what the rows of one thing are found, 32 bytes: HMAC-SHA256, so a disk does not tell which go together with
    what.
    """
    return hmac.digest(sub(pepper, "gate find"), ctx(kind, subject), "sha256")


def reader_of(pepper: bytes, kind: str, key: str) -> bytes:
    """By what a reader is known again, 32 bytes; `key` as it is compared. The name itself is in the records' seal."""
    return hmac.digest(sub(pepper, "gate reader"), ctx(kind, key), "sha256")


def seal_part(pepper: bytes, table: str, row: bytes, find: bytes, part: bytes) -> bytes:
    """What the gate reads, for the row of this name. Raises TooLong."""
    return seal_box(sub(pepper, "gate part"), "gate part", part, table, row, find, steps=STEPS)


def open_part(pepper: bytes, table: str, row: bytes, find: bytes, sealed: bytes) -> bytes:
    """Open it again. Raises SealBroken when it was sealed for another row or thing, or was changed."""
    return open_box(sub(pepper, "gate part"), "gate part", sealed, table, row, find)
