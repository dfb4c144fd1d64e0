"""Who can open a tip: the desk by two compartments, its sender by the receipt.

Each tip has two random keys: `words` for what was told, and `names` for who and where, so that a person may be let
into the one without the other. Each key is sealed to a compartment of its own; both, with the tip's id, are locked
under the receipt. There is no index from tip to receipt other than the find id, which only the receipt gives.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from portal.vault.errors import SealBroken
from portal.vault.marks import MARK_BYTES, is_marked, mark
from portal.vault.padding import RECORD_STEPS
from portal.vault.receipts import RECEIPT_DIGITS, RECEIPT_VERSION, group_receipt, read_receipt, receipt_code
from portal.vault.sealing import KEY_BYTES, lock, open_box, open_lock, open_seal_with, seal_box, seal_to, sub
from portal.vault.secret import Dotted

__all__ = [
    "FIND_BYTES",
    "RECEIPT_DIGITS",
    "RECEIPT_VERSION",
    "ReceiptKeys",
    "StaffCopies",
    "TipKeys",
    "group_receipt",
    "open_names",
    "open_names_key",
    "open_receipt_copy",
    "open_words",
    "open_words_key",
    "read_receipt",
    "receipt_code",
    "receipt_copy",
    "receipt_keys",
    "seal_names",
    "seal_words",
    "staff_copies",
]

ID_BYTES: Final = 16
FIND_BYTES: Final = 16


@dataclass(frozen=True, slots=True, repr=False)
class TipKeys(Dotted):
    """The two 32-byte keys of a tip: `words` for what was told, `names` for who and where."""

    words: bytes
    names: bytes

    @classmethod
    def new(cls) -> TipKeys:
        """Fresh random keys."""
        return cls(secrets.token_bytes(KEY_BYTES), secrets.token_bytes(KEY_BYTES))


@dataclass(frozen=True, slots=True, repr=False)
class ReceiptKeys(Dotted):
    """What a receipt gives: `find`, 16 bytes, the name of the row; `lock`, 32 bytes, the key to it."""

    find: bytes
    lock: bytes


@dataclass(frozen=True, slots=True)
class StaffCopies:
    """The tip's keys as the desk keeps them: Seals to the tips and to the names compartment, each with a mark.

    Each is Seal 84 | mark 32 (`portal.vault.marks`), 116 bytes. Without the mark somebody who can write rows could put
    a key of his own in place of a tip's, sealed as rightly as ours, and a reply would then be sealed under it.
    """

    words: bytes
    names: bytes


def staff_copies(
    keys: TipKeys,
    tip_id: bytes,
    *,
    tips_public: bytes,
    tips_version: int,
    names_public: bytes,
    names_version: int,
    pepper: bytes,
) -> StaffCopies:
    """Seal each key to its compartment, bound to this tip, and mark it with the newest pepper."""
    words = seal_to(tips_public, tips_version, keys.words, "tip", tip_id, "words")
    names = seal_to(names_public, names_version, keys.names, "tip", tip_id, "names")
    return StaffCopies(
        words=words + mark(pepper, "tip-copy", tip_id, "words", words),
        names=names + mark(pepper, "tip-copy", tip_id, "names", names),
    )


def open_words_key(copy: bytes, tips_privates: Mapping[int, bytes], tip_id: bytes, peppers: Iterable[bytes]) -> bytes:
    """The key to the words, for a holder of the tips compartment; `peppers` are all that are live.

    Raises `SealBroken`, also when this house never marked the copy, and `KeyMissing`.
    """
    return _open_copy(copy, tips_privates, tip_id, "words", peppers)


def open_names_key(copy: bytes, names_privates: Mapping[int, bytes], tip_id: bytes, peppers: Iterable[bytes]) -> bytes:
    """The key to the names, for a holder of the names compartment; `peppers` are all that are live.

    Raises `SealBroken`, also when this house never marked the copy, and `KeyMissing`.
    """
    return _open_copy(copy, names_privates, tip_id, "names", peppers)


def receipt_keys(argon: bytes, pepper: bytes) -> ReceiptKeys:
    """What a receipt gives, from its 32-byte Argon2 output and the 32-byte pepper.

    prk = HMAC-SHA256(pepper, argon). The pepper is not in the database, so a copy of the database alone gives nobody
    a way to try receipts. One slow Argon2 run serves every pepper still in use; only this quick step is repeated.
    """
    if len(argon) != KEY_BYTES or len(pepper) != KEY_BYTES:
        raise ValueError("Argon2 output and pepper are 32 bytes each")
    prk = hmac.digest(pepper, argon, "sha256")
    return ReceiptKeys(find=sub(prk, "find")[:FIND_BYTES], lock=sub(prk, "lock"))


def receipt_copy(keys: TipKeys, tip_id: bytes, receipt: ReceiptKeys) -> bytes:
    """Both keys and the tip's id locked under the receipt; 130 bytes."""
    if len(tip_id) != ID_BYTES:
        raise ValueError("a tip id is 16 bytes")
    return lock(receipt.lock, "receipt-copy", keys.words + keys.names + tip_id, receipt.find)


def open_receipt_copy(copy: bytes, receipt: ReceiptKeys) -> tuple[bytes, TipKeys]:
    """The tip's id and keys, for whoever holds the receipt. Raises `WrongKey` or `SealBroken`."""
    opened = open_lock(receipt.lock, "receipt-copy", copy, receipt.find)
    if len(opened) != 2 * KEY_BYTES + ID_BYTES:
        raise SealBroken("receipt copy holds something else")
    keys = TipKeys(opened[:KEY_BYTES], opened[KEY_BYTES : 2 * KEY_BYTES])
    return opened[2 * KEY_BYTES :], keys


def seal_words(words_key: bytes, tip_id: bytes, part: str, revision: int, body: bytes) -> bytes:
    """Seal one part of a tip ("told", "reply", ...) at one revision, padded to `RECORD_STEPS`.

    Bound to tip, part and revision: an old revision cannot be put back in place of a newer one, nor a reply shown as
    the reporter's words. Raises `TooLong` over 65,532 bytes.
    """
    return seal_box(words_key, "words", body, *_place(tip_id, part, revision), steps=RECORD_STEPS)


def open_words(words_key: bytes, tip_id: bytes, part: str, revision: int, sealed: bytes) -> bytes:
    """Open one part of a tip at one revision. Raises `SealBroken`."""
    return open_box(words_key, "words", sealed, *_place(tip_id, part, revision))


def seal_names(names_key: bytes, tip_id: bytes, part: str, revision: int, body: bytes) -> bytes:
    """Seal one part of the names of a tip at one revision, padded to `RECORD_STEPS`. Raises `TooLong`."""
    return seal_box(names_key, "names", body, *_place(tip_id, part, revision), steps=RECORD_STEPS)


def open_names(names_key: bytes, tip_id: bytes, part: str, revision: int, sealed: bytes) -> bytes:
    """Open one part of the names of a tip at one revision. Raises `SealBroken`."""
    return open_box(names_key, "names", sealed, *_place(tip_id, part, revision))


def _place(tip_id: bytes, part: str, revision: int) -> tuple[bytes | str, ...]:
    return ("tip", tip_id, part, revision.to_bytes(4, "big"))


def _open_copy(
    copy: bytes, privates: Mapping[int, bytes], tip_id: bytes, which: str, peppers: Iterable[bytes]
) -> bytes:
    sealed, found = copy[:-MARK_BYTES], copy[-MARK_BYTES:]
    if not is_marked(peppers, found, "tip-copy", tip_id, which, sealed):
        raise SealBroken("this copy was not made here")
    key = open_seal_with(privates, sealed, "tip", tip_id, which)
    if len(key) != KEY_BYTES:
        raise SealBroken("seal holds something else than a key")
    return key
