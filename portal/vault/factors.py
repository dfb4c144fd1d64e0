"""Seals what a second proof is checked against, for a server that must check it before anybody's keys are open.

The key comes from the pepper, which lies outside the database: a stolen disk tells no secret, no device and no name of
one, and whoever can only write rows can neither make a proof nor move one to another person. Not the person's own keys:
they open after both proofs, and the way back from a lost passphrase would throw the second proof away with the first
(docs/decisions/0032).
"""

from __future__ import annotations

from typing import Final

from portal.vault.sealing import open_box, seal_box, sub

STEPS: Final = (512, 1024, 2048)


def seal_factor(pepper: bytes, row: bytes, person: bytes, kind: str, opened: bytes) -> bytes:
    """What one proof is checked against, for the row of this name. Raises TooLong."""
    return seal_box(sub(pepper, "second proof"), "second proof", opened, row, person, kind, steps=STEPS)


def open_factor(pepper: bytes, row: bytes, person: bytes, kind: str, sealed: bytes) -> bytes:
    """Open it again. Raises SealBroken when it was sealed for another row, person or kind, or was changed."""
    return open_box(sub(pepper, "second proof"), "second proof", sealed, row, person, kind)
