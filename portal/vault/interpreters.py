"""Seals the account number of an interpreters' line: to those who take chats, padded, bound to its card."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from portal.vault.errors import SealBroken
from portal.vault.padding import MESSAGE_STEPS, pad, unpad
from portal.vault.sealing import open_seal_with, seal_to

STEPS: Final = MESSAGE_STEPS


def seal_account(public: bytes, version: int, card: bytes, account: str) -> bytes:
    """The number, sealed to the chat compartment: whoever writes it cannot read it again. Raises `TooLong`."""
    return seal_to(public, version, pad(account.encode(), STEPS), "interpreter account", card)


def open_account(privates: Mapping[int, bytes], card: bytes, sealed: bytes) -> str:
    """The number, for a holder of the chat's key. Raises `SealBroken` for another card, and `KeyMissing`."""
    try:
        return unpad(open_seal_with(privates, sealed, "interpreter account", card)).decode()
    except UnicodeDecodeError:
        raise SealBroken("an account number is text") from None
