"""The number a visitor comes back to her conversation with: how it is made and read, and what it opens.

14 digits: 12 random ones (40 bits) and two check digits. So short a number is no key by itself: it serves together
with a key of the house (`comeback_key`), works once, for hours, at a paced door, and what it opens lies in a store
that has no disk. Whoever holds that store's memory and the house's key folder could try all numbers; the words
themselves lie in the other store.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Final

from portal.vault.conversations import ID_BYTES
from portal.vault.digits import CHECK_DIGITS, new_number, read_number
from portal.vault.errors import SealBroken
from portal.vault.sealing import KEY_BYTES, ctx, extract, open_box, seal_box, sub
from portal.vault.secret import Dotted

COMEBACK_DIGITS: Final = 14
COMEBACK_VERSION: Final = 1
"""Remainder modulo 97 of every number of this kind."""

_RANDOM_DIGITS: Final = COMEBACK_DIGITS - CHECK_DIGITS
_GROUPS: Final = (4, 3, 4, 3)


def comeback_code() -> str:
    """A new number, 14 ASCII digits. Its `repr` is dots."""
    return new_number(_RANDOM_DIGITS, COMEBACK_VERSION)


def read_comeback(typed: str) -> str | None:
    """Read a number from what a person typed, in any script and with any signs between, or `None` when it is none."""
    return read_number(typed, _RANDOM_DIGITS, COMEBACK_VERSION)


def group_comeback(code: str) -> list[str]:
    """The number in four short groups, as a telephone number is learnt by heart."""
    ends = [sum(_GROUPS[: at + 1]) for at in range(len(_GROUPS))]
    return [str(code[end - size : end]) for end, size in zip(ends, _GROUPS, strict=True)]


def comeback_key(house_key: bytes) -> bytes:
    """The 32-byte key of all these numbers, from a key the house keeps outside its stores."""
    return sub(house_key, "comeback")


def find_comeback(key: bytes, code: str) -> bytes:
    """The 32-byte name of what this number opens: HMAC-SHA256(key, ctx("find", code))."""
    return hmac.digest(key, ctx("find", code), "sha256")


def find_repeat(key: bytes, code: str, asked: bytes) -> bytes:
    """The 32-byte name under which one page's use of a number is remembered; `asked` is that page's own random id."""
    return hmac.digest(key, ctx("repeat", code, asked), "sha256")


@dataclass(frozen=True, slots=True, repr=False)
class Opened(Dotted):
    """What a number opens: the conversation's id and the key of its words. The desk's notes are not in it."""

    conversation: bytes
    talk_key: bytes


def comeback_box(key: bytes, code: str, talk_key: bytes, conversation_id: bytes) -> bytes:
    """The talk key and the conversation's id under the number: Box(HKDF-Extract(key, number), "resume"); 82 bytes."""
    return seal_box(extract(key, code.encode("ascii")), "resume", talk_key + conversation_id)


def open_comeback(key: bytes, code: str, box: bytes) -> Opened:
    """Open it with the number. Raises `SealBroken`."""
    both = open_box(extract(key, code.encode("ascii")), "resume", box)
    if len(both) != KEY_BYTES + ID_BYTES:
        raise SealBroken("come-back box holds something else")
    return Opened(both[KEY_BYTES:], both[:KEY_BYTES])
