"""Makes and reads the codes of the slip of paper: ten, each good once, for the day the phone is lost."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from typing import Final

from portal.staff.codes import ALPHABET, read_signs

COUNT: Final = 10
# 120 random bits: enough to keep a plain digest of it (ASVS 5.0, 6.5.2 asks for a slow one below 112).
LENGTH: Final = 24
GROUP: Final = 4


def new_codes() -> list[str]:
    """Ten fresh codes of 120 random bits, each in six groups of four."""
    made = ["".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for _ in range(COUNT)]
    return ["-".join(signs[at : at + GROUP] for at in range(0, LENGTH, GROUP)) for signs in made]


def digest(code: str, person: bytes) -> bytes:
    """What is kept of a code: its digest together with whose it is."""
    return hashlib.sha256(b"porchlight/1 slip " + person + (read_signs(code, LENGTH) or "").encode()).digest()


def find(typed: str, person: bytes, digests: Sequence[bytes]) -> int | None:
    """Which of the codes this is; None for none of them. Each is compared, whichever it is."""
    if read_signs(typed, LENGTH) is None:
        return None
    made, found = digest(typed, person), None
    for at, kept in enumerate(digests):
        if hmac.compare_digest(made, kept):
            found = at
    return found
