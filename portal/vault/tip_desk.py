"""Seals what staff write about a tip for themselves, under a key of its own that no receipt opens.

A receipt opens the words and the names of its tip. A note of an advocate must not open to whoever holds the number:
that may be somebody who took the paper it stands on. So the desk's key is sealed to the tips compartment alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from portal.vault.errors import SealBroken
from portal.vault.marks import MARK_BYTES, is_marked, mark
from portal.vault.padding import RECORD_STEPS, Steps
from portal.vault.sealing import KEY_BYTES, open_box, open_seal_with, seal_box, seal_to

CARD_STEPS: Final[Steps] = (2048, 4096)
"""Steps of the card: nearly all are of the first, so its size tells of no label."""


def desk_copy(desk_key: bytes, tip_id: bytes, *, tips_public: bytes, tips_version: int, pepper: bytes) -> bytes:
    """The 32-byte key sealed to the tips compartment, bound to this tip, with our mark: Seal 84 | mark 32."""
    sealed = seal_to(tips_public, tips_version, desk_key, "tip", tip_id, "desk")
    return sealed + mark(pepper, "tip-copy", tip_id, "desk", sealed)


def open_desk_key(copy: bytes, tips_privates: Mapping[int, bytes], tip_id: bytes, peppers: Iterable[bytes]) -> bytes:
    """The key, for a holder of the tips compartment. Raises `SealBroken`, also without our mark, and `KeyMissing`."""
    sealed, found = copy[:-MARK_BYTES], copy[-MARK_BYTES:]
    if not is_marked(peppers, found, "tip-copy", tip_id, "desk", sealed):
        raise SealBroken("this copy was not made here")
    key = open_seal_with(tips_privates, sealed, "tip", tip_id, "desk")
    if len(key) != KEY_BYTES:
        raise SealBroken("seal holds something else than a key")
    return key


def seal_desk_entry(desk_key: bytes, tip_id: bytes, part: bytes, body: bytes) -> bytes:
    """One entry of the desk, bound to its tip and its row. Raises `TooLong` over 65,532 bytes."""
    return seal_box(desk_key, "desk-entry", body, "tip", tip_id, part, steps=RECORD_STEPS)


def open_desk_entry(desk_key: bytes, tip_id: bytes, part: bytes, sealed: bytes) -> bytes:
    """One entry of the desk. Raises `SealBroken`."""
    return open_box(desk_key, "desk-entry", sealed, "tip", tip_id, part)


def seal_desk_card(desk_key: bytes, tip_id: bytes, body: bytes) -> bytes:
    """What the list shows of the desk's work on a tip. Raises `TooLong` over 4,092 bytes."""
    return seal_box(desk_key, "desk-card", body, "tip", tip_id, steps=CARD_STEPS)


def open_desk_card(desk_key: bytes, tip_id: bytes, sealed: bytes) -> bytes:
    """The same, opened. Raises `SealBroken`."""
    return open_box(desk_key, "desk-card", sealed, "tip", tip_id)
