"""The number a reporter comes back with: how it is made, written, and read again.

25 digits: 23 random ones (76 bits) and two that make the whole number leave the remainder `RECEIPT_VERSION` when
divided by 97. The strength is in the length alone; the number is not split into a name and a password.
"""

from __future__ import annotations

from typing import Final

from portal.vault.digits import CHECK_DIGITS, new_number, read_number

RECEIPT_DIGITS: Final = 25
RECEIPT_VERSION: Final = 1
"""Remainder modulo 97 of every receipt of this kind; another remainder may name another kind one day."""

_RANDOM_DIGITS: Final = RECEIPT_DIGITS - CHECK_DIGITS
_GROUP: Final = 5


def receipt_code() -> str:
    """A new receipt, 25 ASCII digits. Its `repr` is dots; `str()` of it is plain text, where a codec wants that."""
    return new_number(_RANDOM_DIGITS, RECEIPT_VERSION)


def read_receipt(typed: str) -> str | None:
    """Read a receipt from what a person typed, in any script and with any signs between, or `None` when it is none.

    It needs 25 digits and a known remainder. This check costs nothing and comes before Argon2, so typing mistakes and
    noise take no worker's time.
    """
    return read_number(typed, _RANDOM_DIGITS, RECEIPT_VERSION)


def group_receipt(code: str) -> list[str]:
    """The receipt in five groups of five digits, to be written down and read aloud."""
    return [str(code[start : start + _GROUP]) for start in range(0, len(code), _GROUP)]
