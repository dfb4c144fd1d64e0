"""Seals what staff write down for the records: to the compartment, padded, bound to the row it stands in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from portal.vault.padding import MESSAGE_STEPS, pad, unpad
from portal.vault.sealing import open_seal_with, seal_to

STEPS: Final = MESSAGE_STEPS


def seal_entry(public: bytes, version: int, row: bytes, kind: str, day: str, words: bytes) -> bytes:
    """An entry sealed to the records compartment: whoever writes it cannot read it again. Raises `TooLong`."""
    return seal_to(public, version, pad(words, STEPS), "entry", row, kind, day)


def open_entry(privates: Mapping[int, bytes], row: bytes, kind: str, day: str, sealed: bytes) -> bytes:
    """The entry, for a holder of the records. Raises `SealBroken` for another row, kind or day, and `KeyMissing`."""
    return unpad(open_seal_with(privates, sealed, "entry", row, kind, day))
