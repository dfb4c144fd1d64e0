"""Marks what this house wrote, so that a row somebody else put into the database is not taken for one of ours."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from typing import Final

from portal.vault.sealing import ctx, sub

MARK_BYTES: Final = 32


def mark(pepper: bytes, purpose: str, *parts: bytes | str) -> bytes:
    """HMAC-SHA256(sub(pepper, "mark", purpose), ctx(*parts)), 32 bytes.

    Anybody can seal to a public key. The pepper lies outside the database, so whoever can only write rows cannot make
    a mark. It does not tell an older row of ours from the newest: that is what the chain of statements is for.
    """
    return hmac.digest(mark_key(pepper, purpose), ctx(*parts), "sha256")


def mark_key(pepper: bytes, purpose: str) -> bytes:
    """What marks of one purpose are made with, for whoever compares very many."""
    return sub(pepper, "mark", purpose)


def is_marked(peppers: Iterable[bytes], found: bytes, purpose: str, *parts: bytes | str) -> bool:
    """Whether `found` is the mark of these parts under one of the live peppers; each compared in constant time."""
    return any(hmac.compare_digest(found, mark(pepper, purpose, *parts)) for pepper in peppers)


def made_by(peppers: Mapping[int, bytes], found: bytes, purpose: str, *parts: bytes | str) -> int | None:
    """The number of the pepper that made this mark, or None where none of these did."""
    return next((number for number in sorted(peppers) if is_marked((peppers[number],), found, purpose, *parts)), None)
