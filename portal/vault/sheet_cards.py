"""Seals who keeps which recovery sheet, for a server that must say on the desk what is still to be done.

The key comes from the pepper, which lies outside the database: a stolen disk names nobody who could be made to hand a
sheet over, and whoever can only write rows makes no sheet look as if it were on paper.
"""

from __future__ import annotations

from typing import Final

from portal.vault.sealing import open_box, seal_box, sub

STEPS: Final = (512,)
LONGEST_NAME: Final = 80  # letters


def seal_sheet_card(pepper: bytes, of: bytes, number: int, card: bytes) -> bytes:
    """The card of the sheet of this number (1 to 3) in the set `of` (4 bytes). Raises `TooLong` beyond 512 bytes."""
    return seal_box(sub(pepper, "sheet card"), "card", card, of, bytes([number]), steps=STEPS)


def open_sheet_card(pepper: bytes, of: bytes, number: int, sealed: bytes) -> bytes:
    """Open it again. Raises `SealBroken` when it was sealed for another sheet or set, or was changed."""
    return open_box(sub(pepper, "sheet card"), "card", sealed, of, bytes([number]))
