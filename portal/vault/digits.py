"""Makes and reads numbers that people carry in their heads: digits only, the last two of which check the rest.

Digits, because every keyboard in every language has them. The two last make the whole number leave a known remainder
when divided by 97, so that one wrong digit, or two exchanged neighbours, is seen before anything is asked.
"""

from __future__ import annotations

import secrets
import unicodedata
from typing import Final

from portal.vault.secret import SecretText

CHECK_DIGITS: Final = 2
_LONGEST_TYPED: Final = 1000


def new_number(random_digits: int, remainder: int) -> str:
    """A number of so many random digits and two check digits, as ASCII. Its `repr` is dots."""
    stem = secrets.randbelow(10**random_digits) * 100
    check = (remainder - stem) % 97
    return SecretText(f"{stem + check:0{random_digits + CHECK_DIGITS}d}")


def read_number(typed: str, random_digits: int, remainder: int) -> str | None:
    """Read such a number from what a person typed, or `None` when it is none.

    Digits of every script count (NFKC, then any Unicode decimal digit); spaces, dashes and all else are dropped, for
    people copy numbers as they like.
    """
    if len(typed) > _LONGEST_TYPED:
        return None
    digits = digits_of(typed)
    if len(digits) != random_digits + CHECK_DIGITS or int(digits) % 97 != remainder:
        return None
    return SecretText(digits)


def digits_of(typed: str) -> str:
    """The digits among what was typed, of every script, as ASCII. What is longer than anybody types is cut."""
    plain = unicodedata.normalize("NFKC", typed[:_LONGEST_TYPED])
    return "".join(str(unicodedata.decimal(letter)) for letter in plain if letter.isdecimal())
