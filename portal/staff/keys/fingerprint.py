"""Turns a person's public keys into digits that two people can compare by voice."""

import hashlib
from typing import Final

from portal.vault.sealing import ctx

GROUPS: Final = 6
DIGITS: Final = 5


def spoken_digits(open_public: bytes, sign_public: bytes) -> list[str]:
    """Six groups of five digits (99 bits) that stand for exactly these two keys.

    Whoever slips other keys into the database would have to find a pair with the same digits: 2^99 tries.
    """
    number = int.from_bytes(hashlib.sha512(ctx("spoken digits", open_public, sign_public)).digest(), "big")
    digits = str(number % 10 ** (GROUPS * DIGITS)).zfill(GROUPS * DIGITS)
    return [digits[at : at + DIGITS] for at in range(0, len(digits), DIGITS)]
