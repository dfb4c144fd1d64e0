"""Seals what staff know of a conversation beside its notes: under the staff key, which no visitor's token leads to."""

from __future__ import annotations

from portal.vault.padding import MESSAGE_STEPS
from portal.vault.sealing import open_box, seal_box


def seal_desk_card(staff_key: bytes, conversation_id: bytes, body: bytes) -> bytes:
    """The desk's own card of this conversation, padded to `MESSAGE_STEPS`."""
    return seal_box(staff_key, "desk card", body, "desk card", conversation_id, steps=MESSAGE_STEPS)


def open_desk_card(staff_key: bytes, conversation_id: bytes, sealed: bytes) -> bytes:
    """Open it again. Raises `SealBroken`, also where the staff key was lost in a power cut."""
    return open_box(staff_key, "desk card", sealed, "desk card", conversation_id)
