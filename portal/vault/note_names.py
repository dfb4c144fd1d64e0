"""Seals what ties a talk to the note it began from: the note's name for staff, and a token for her own page."""

from __future__ import annotations

from typing import Final

from portal.vault.sealing import open_box, seal_box, sub

NAME_BYTES: Final = 26
"""A note's id and a day."""

NAME_BOX_BYTES: Final = NAME_BYTES + 34


def seal_note_name(staff_key: bytes, conversation_id: bytes, name: bytes) -> bytes:
    """A note's id and day under the staff key of a talk, which no visitor's token leads to."""
    return seal_box(staff_key, "note name", name, "note name", conversation_id)


def open_note_name(staff_key: bytes, conversation_id: bytes, sealed: bytes) -> bytes:
    """Open it again. Raises `SealBroken`, also where the staff key was lost in a power cut."""
    return open_box(staff_key, "note name", sealed, "note name", conversation_id)


def seal_note_token(tab_token: bytes, note: bytes) -> bytes:
    """What lets her page add to the note, under the tab token only that page holds."""
    return seal_box(tab_token, "note behind", note, "note behind")


def open_note_token(tab_token: bytes, sealed: bytes) -> bytes:
    """Open it again. Raises `SealBroken`."""
    return open_box(tab_token, "note behind", sealed, "note behind")


def find_note(tab_token: bytes) -> bytes:
    """Where the ember store keeps that; says nothing of the token, and is no other place of it."""
    return sub(tab_token, "find-note")
