"""Makes and reads the one-time codes of the desk: twenty letters and digits that no two eyes read differently."""

import hashlib
import secrets
from typing import Final

# Crockford's alphabet: no I, L, O or U, so what is read off a screen or heard on a phone has one spelling.
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH: Final = 20
GROUP: Final = 5
_HEARD: Final = str.maketrans({"I": "1", "L": "1", "O": "0"})


def new_code() -> str:
    """A fresh code of 100 random bits, as four groups of five."""
    signs = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(signs[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def read_code(typed: str) -> str | None:
    """The twenty signs of what somebody typed: case, spaces and dashes do not count. None for anything else."""
    return read_signs(typed, LENGTH)


def read_signs(typed: str, length: int) -> str | None:
    """The same of a code of another length."""
    signs = "".join(sign for sign in typed[:200].upper() if sign.isalnum()).translate(_HEARD)
    return signs if len(signs) == length and set(signs) <= set(ALPHABET) else None


def find_code(signs: str) -> bytes:
    """What a code is looked up by; with 100 random bits inside, a plain SHA-256 cannot be turned back."""
    return hashlib.sha256(b"porchlight/1 code " + signs.encode()).digest()
