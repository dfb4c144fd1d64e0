"""Keys and ids that are the same in every run, so that bytes sealed long ago can be opened by today's code."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

from portal.vault.sealing import public_of


def fixed_key(label: str) -> bytes:
    """32 bytes that stand for a random key."""
    return sha256(b"a fixed key for tests: " + label.encode()).digest()


def fixed_id(label: str) -> bytes:
    """16 bytes that stand for a random id."""
    return fixed_key(label)[:16]


def fixed_public(label: str) -> bytes:
    """The X25519 public half of `fixed_key(label)`."""
    return public_of(fixed_key(label))


DAY = date(2026, 11, 21)
