"""Seals what one shift leaves for the next: to the chat compartment, padded, bound to the note's own name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from portal.vault.padding import MESSAGE_STEPS, pad, unpad
from portal.vault.sealing import open_seal_with, seal_to

STEPS: Final = MESSAGE_STEPS


def seal_shift_note(public: bytes, version: int, note: bytes, body: bytes) -> bytes:
    """A note sealed to whoever takes chats. Raises `TooLong`."""
    return seal_to(public, version, pad(body, STEPS), "shift-note", note)


def open_shift_note(privates: Mapping[int, bytes], note: bytes, sealed: bytes) -> bytes:
    """The note, for a holder of the chat compartment. Raises `SealBroken` for another note, and `KeyMissing`."""
    return unpad(open_seal_with(privates, sealed, "shift-note", note))
