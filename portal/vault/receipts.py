"""The number a reporter comes back with: how it is made, written, and read again.

25 digits, because every keyboard in every language has digits: 23 random ones (76 bits) and two that make the whole
number leave the remainder `RECEIPT_VERSION` when divided by 97, so a mistyped digit is seen at once. The strength is
in the length alone; the number is not split into a name and a password.
"""

from __future__ import annotations

import secrets
import unicodedata
from typing import Final

from portal.vault.secret import SecretText

RECEIPT_DIGITS: Final = 25
RECEIPT_VERSION: Final = 1
"""Remainder modulo 97 of every receipt of this kind; another remainder may name another kind one day."""

_RANDOM_DIGITS: Final = 23
_GROUP: Final = 5
_LONGEST_TYPED: Final = 1000


def receipt_code() -> str:
    """A new receipt, 25 ASCII digits. Its `repr` is dots; `str()` of it is plain text, where a codec wants that."""
    stem = secrets.randbelow(10**_RANDOM_DIGITS) * 100
    check = (RECEIPT_VERSION - stem) % 97
    return SecretText(f"{stem + check:0{RECEIPT_DIGITS}d}")


def read_receipt(typed: str) -> str | None:
    """Read a receipt from what a person typed, or `None` when it is none.

    Digits of every script count (NFKC, then any Unicode decimal digit); spaces, dashes and all else are dropped, for
    people copy numbers as they like. It needs 25 digits and a known remainder. This check costs nothing and comes
    before Argon2, so typing mistakes and noise take no worker's time.
    """
    if len(typed) > _LONGEST_TYPED:
        return None
    plain = unicodedata.normalize("NFKC", typed)
    digits = "".join(str(unicodedata.decimal(letter)) for letter in plain if letter.isdecimal())
    if len(digits) != RECEIPT_DIGITS or int(digits) % 97 != RECEIPT_VERSION:
        return None
    return SecretText(digits)


def group_receipt(code: str) -> list[str]:
    """The receipt in five groups of five digits, to be written down and read aloud."""
    return [str(code[start : start + _GROUP]) for start in range(0, len(code), _GROUP)]
