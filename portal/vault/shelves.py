"""Who can open a shelf: whoever can open the tips that stand on it, by one key for all of them.

A shelf is a copy of what the desk's list shows of some hundred tips, and of their words folded for a search. Opening
one seal a shelf instead of one a tip is all it is for; without it nothing is lost. Its key is sealed to the version
of the tips compartment that the tips themselves are sealed to, so it lets nobody in whom they do not.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from portal.vault.errors import SealBroken
from portal.vault.marks import MARK_BYTES, is_marked, mark
from portal.vault.padding import longest
from portal.vault.sealing import KEY_BYTES, open_box, open_seal_with, seal_box, seal_to

KIB: Final = 1024

CARD_STEPS: Final[tuple[int, ...]] = tuple(range(16 * KIB, 256 * KIB + 1, 16 * KIB))
"""Steps of what the list shows of a shelf's tips: every 16 KiB up to 256 KiB."""

WORD_STEPS: Final[tuple[int, ...]] = tuple(range(64 * KIB, 2048 * KIB + 1, 64 * KIB))
"""Steps of a shelf's folded words: every 64 KiB up to 2 MiB. Coarser than those of the tips' own parts."""

MOST_CARDS: Final = longest(CARD_STEPS)
MOST_WORDS: Final = longest(WORD_STEPS)

_COPY: Final = "shelf-copy"
_CARDS: Final = "shelf-cards"
_WORDS: Final = "shelf-words"


@dataclass(frozen=True, slots=True)
class SealedShelf:
    """A shelf as the database keeps it.

    `copy`: its key, Seal 84 | mark 32 (`portal.vault.marks`), 116 bytes; without the mark whoever can write rows could
    slip in a shelf of tips nobody sent. `cards`, `words`: Boxes under that key, padded to `CARD_STEPS`, `WORD_STEPS`.
    """

    copy: bytes
    cards: bytes
    words: bytes


def seal_shelf(
    shelf_id: bytes, cards: bytes, words: bytes, *, tips_public: bytes, tips_version: int, pepper: bytes
) -> SealedShelf:
    """Seal a shelf under a fresh key, that key to one version of the tips compartment, and mark it.

    Raises `TooLong` over `MOST_CARDS` or `MOST_WORDS` bytes.
    """
    key = secrets.token_bytes(KEY_BYTES)
    sealed = seal_to(tips_public, tips_version, key, "shelf", shelf_id)
    return SealedShelf(
        copy=sealed + mark(pepper, _COPY, shelf_id, sealed),
        cards=seal_box(key, _CARDS, cards, shelf_id, steps=CARD_STEPS),
        words=seal_box(key, _WORDS, words, shelf_id, steps=WORD_STEPS),
    )


def open_shelf_key(copy: bytes, tips_privates: Mapping[int, bytes], shelf_id: bytes, peppers: Iterable[bytes]) -> bytes:
    """The key of a shelf, for a holder of the tips compartment; `peppers` are all that are live.

    Raises `SealBroken`, also when this house never marked the copy, and `KeyMissing`.
    """
    sealed, found = copy[:-MARK_BYTES], copy[-MARK_BYTES:]
    if not is_marked(peppers, found, _COPY, shelf_id, sealed):
        raise SealBroken("this shelf was not made here")
    key = open_seal_with(tips_privates, sealed, "shelf", shelf_id)
    if len(key) != KEY_BYTES:
        raise SealBroken("seal holds something else than a key")
    return key


def open_shelf_cards(key: bytes, shelf_id: bytes, box: bytes) -> bytes:
    """What the list shows of the tips on a shelf. Raises `SealBroken`."""
    return open_box(key, _CARDS, box, shelf_id)


def open_shelf_words(key: bytes, shelf_id: bytes, box: bytes) -> bytes:
    """The folded words of the tips on a shelf. Raises `SealBroken`."""
    return open_box(key, _WORDS, box, shelf_id)
