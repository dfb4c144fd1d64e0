"""The key of a guest: a pair made for one question in one conversation, and what a visitor's yes seals to it."""

from __future__ import annotations

import secrets
from hashlib import sha256

from portal.vault.errors import SealBroken
from portal.vault.sealing import KEY_BYTES, open_seal, public_of, seal_to

_VERSION = 1  # a pair is used once, so it needs no number that tells it from others


def guest_pair() -> tuple[bytes, bytes]:
    """A new private half and its public half, 32 bytes each."""
    private = secrets.token_bytes(KEY_BYTES)
    return private, public_of(private)


def find_guest(public: bytes) -> bytes:
    """The 32-byte name under which the private half lies."""
    return sha256(public).digest()


def guest_copy(talk_key: bytes, public: bytes, conversation: bytes, person: bytes) -> bytes:
    """The talk key of a conversation, sealed to a guest's public half; 84 bytes. Notes are not in it."""
    return seal_to(public, _VERSION, talk_key, "guest", conversation, person)


def open_guest_copy(copy: bytes, private: bytes, conversation: bytes, person: bytes) -> bytes:
    """The 32-byte talk key, for the guest it was sealed to. Raises `SealBroken`."""
    key = open_seal(private, copy, "guest", conversation, person)
    if len(key) != KEY_BYTES:
        raise SealBroken("guest copy holds something else")
    return key
