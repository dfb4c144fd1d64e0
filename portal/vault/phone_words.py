"""The short word that leads from a chat to the phone: six digits, for every language can say them."""

import hmac
from typing import Final

from portal.vault.digits import CHECK_DIGITS, new_number, read_number
from portal.vault.sealing import ctx, sub

PHONE_DIGITS: Final = 6
PHONE_VERSION: Final = 7
"""Remainder modulo 97 of every word of this kind."""

_RANDOM_DIGITS: Final = PHONE_DIGITS - CHECK_DIGITS


def phone_word() -> str:
    """A new word, six ASCII digits, two of them for slips of the tongue. Its `repr` is dots."""
    return new_number(_RANDOM_DIGITS, PHONE_VERSION)


def read_phone_word(typed: str) -> str | None:
    """Read it from what a person typed, in any script and with any signs between, or `None` when it is none."""
    return read_number(typed, _RANDOM_DIGITS, PHONE_VERSION)


def find_phone_word(key: bytes, word: str) -> bytes:
    """The 32-byte name of what it opens, under the house's key for numbers that come back."""
    return hmac.digest(sub(key, "phone-word"), ctx("find", word), "sha256")
