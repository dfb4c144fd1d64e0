"""Tells whether two first lines are nearly the same by marks that hold neither: minima of keyed hashes, in bands."""

import hashlib
import struct
import unicodedata
from collections.abc import Sequence
from typing import Final

BANDS: Final = 8
MINIMA: Final = 4  # of one band: two lines share a band by (how much they have in common) to the fourth
BAND_BYTES: Final = 5
MARK_BYTES: Final = BANDS * BAND_BYTES
MOST_LETTERS: Final = 200  # what is read of a line
GREETING_LETTERS: Final = 20
GRAM: Final = 4  # letters that are looked at together: no script needs blanks between its words for that

_HASHES: Final = struct.Struct(f">{BANDS * MINIMA}H")  # what one hash of 64 bytes holds
_BAND: Final = struct.Struct(f">{MINIMA}H")


def likeness_mark(key: bytes, line: str) -> bytes:
    """The mark of a line under a key of 16 to 64 bytes; without the key nobody can try what line it might be.

    Only letters count, in one case and without accents: digits, signs, pictures and blanks are what a script varies
    first.
    """
    grams = _grams(line)
    hashed = [_HASHES.unpack(hashlib.blake2b(gram.encode(), key=key, person=b"gram").digest()) for gram in grams]
    minima = [min(of_all) for of_all in zip(*hashed, strict=True)]
    return b"".join(
        hashlib.blake2b(_BAND.pack(*minima[at : at + MINIMA]), key=key, digest_size=BAND_BYTES, person=b"band").digest()
        for at in range(0, BANDS * MINIMA, MINIMA)
    )


def says_much(line: str) -> bool:
    """Whether a line has more letters than a greeting: it says more of its writer than the one before it."""
    return len(_letters(line)) > GREETING_LETTERS


def heaps_of(marks: Sequence[bytes]) -> list[int]:
    """For each row, next first, the place of the row that founded its heap: its own where it is like none before it.

    A row is in a heap when it shares a band with the founder, or with a row that shares half of its bands with the
    founder. Two steps, never more: a chain of small ones would lead from any line to any other. A row without a mark
    is a heap of its own.
    """
    founder_of: dict[tuple[int, bytes], int] = {}
    own: dict[int, set[tuple[int, bytes]]] = {}
    known: dict[bytes, int] = {}  # most of a flood says one of few lines: of each the bands are looked at once
    found: list[int] = []
    for place, mark in enumerate(marks):
        if len(mark) != MARK_BYTES or mark in known:
            found.append(known.get(mark, place))
            continue
        bands = {(at, mark[at : at + BAND_BYTES]) for at in range(0, MARK_BYTES, BAND_BYTES)}
        founder = min((founder_of[band] for band in bands if band in founder_of), default=place)
        if len(bands & own.setdefault(founder, bands)) >= BANDS // 2:
            for band in bands:
                founder_of.setdefault(band, founder)
        known[mark] = founder
        found.append(founder)
    return found


def _letters(line: str) -> str:
    plain = unicodedata.normalize("NFKD", line[: 4 * MOST_LETTERS]).casefold()
    return "".join(filter(str.isalpha, plain))[:MOST_LETTERS]


def _grams(line: str) -> set[str]:
    letters = _letters(line)
    return {letters[at : at + GRAM] for at in range(max(1, len(letters) - GRAM + 1))}
