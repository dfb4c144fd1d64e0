"""Seals where an alert reaches somebody who works here, for a server that must read it with nobody signed in.

The key comes from the pepper, which lies outside the database: a stolen disk tells no address and no number, and
whoever can only write rows can point no alert anywhere.
"""

from __future__ import annotations

from typing import Final

from portal.vault.errors import SealBroken
from portal.vault.sealing import open_box, seal_box, sub

STEPS: Final = (256, 512)
LONGEST: Final = 320  # letters; the longest address of a mailbox


def seal_target(pepper: bytes, row: bytes, person: bytes, way: str, target: str) -> bytes:
    """Where `person` is reached by `way`, for the row of this name."""
    return seal_box(sub(pepper, "alert target"), "target", target.encode(), row, person, way, steps=STEPS)


def open_target(pepper: bytes, row: bytes, person: bytes, way: str, sealed: bytes) -> str:
    """Open it again. Raises SealBroken when it was sealed for another row, person or way, or was changed."""
    try:
        return open_box(sub(pepper, "alert target"), "target", sealed, row, person, way).decode()
    except UnicodeDecodeError:
        raise SealBroken("a target is text") from None
