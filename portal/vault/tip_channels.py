"""Who opens an empty thread: its keys are sealed to a key that the receipt gives, by somebody who has no receipt.

When the words of a tip are purged their keys go with them, and nobody is there to type the number. So the receipt
leaves the public half of a key pair of its own beside its name, marked by the house; the purge makes fresh keys, and
seals them to it. The old keys are in none of it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from portal.vault.errors import SealBroken
from portal.vault.marks import MARK_BYTES, is_marked, mark
from portal.vault.sealing import HEADER, KEY_BYTES, open_seal, seal_to, sub
from portal.vault.tips import ID_BYTES, ReceiptKeys, TipKeys

CHANNEL_BYTES: Final = len(HEADER) + KEY_BYTES + MARK_BYTES
_PURPOSE: Final = "tip-channel"
_VERSION: Final = 1


def channel(receipt: ReceiptKeys, pepper: bytes) -> bytes:
    """What is kept beside the find id: 01 01 | public key 32 | mark 32. It opens nothing, and tells of no receipt.

    Without the mark somebody who can write rows could put a key of his own there, and read what is written later.
    """
    public = _private(receipt).public_key().public_bytes_raw()
    return HEADER + public + mark(pepper, _PURPOSE, receipt.find, HEADER + public)


def seal_channel(kept: bytes, find: bytes, tip_id: bytes, keys: TipKeys, peppers: Collection[bytes]) -> bytes:
    """Both keys and the tip's id, sealed to the receipt by `kept`; 132 bytes. Raises SealBroken for no mark of ours."""
    said, found = kept[:-MARK_BYTES], kept[-MARK_BYTES:]
    if len(kept) != CHANNEL_BYTES or not said.startswith(HEADER):
        raise SealBroken("version or suite is unknown")
    if not is_marked(peppers, found, *said_of(find), said):
        raise SealBroken("this key was not left here by a receipt")
    return seal_to(said[len(HEADER) :], _VERSION, keys.words + keys.names + tip_id, _PURPOSE, find)


def said_of(find: bytes) -> tuple[str, bytes]:
    """What the mark at its end is made of, before the rest of it: its purpose, and the receipt's find id."""
    return _PURPOSE, find


def open_channel(sealed: bytes, receipt: ReceiptKeys) -> tuple[bytes, TipKeys]:
    """The tip's id and keys, for whoever holds the receipt. Raises SealBroken."""
    opened = open_seal(sub(receipt.lock, "channel"), sealed, _PURPOSE, receipt.find)
    if len(opened) != 2 * KEY_BYTES + ID_BYTES:
        raise SealBroken("channel copy holds something else")
    return opened[2 * KEY_BYTES :], TipKeys(opened[:KEY_BYTES], opened[KEY_BYTES : 2 * KEY_BYTES])


def _private(receipt: ReceiptKeys) -> X25519PrivateKey:
    return X25519PrivateKey.from_private_bytes(sub(receipt.lock, "channel"))
