"""Seals a file of a tip piece by piece while it arrives, each bound to its tip, its file, its place and the end.

A file is a row of Boxes. Filled ones come first, empty ones close it, and only the very last says that it is the last;
how many there are is a step (every number up to 16, then eight to a doubling), so that a count tells little of a size.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from portal.vault.errors import SealBroken
from portal.vault.padding import Steps, longest
from portal.vault.sealing import (
    KEY_BYTES,
    HeldKey,
    extract,
    open_box,
    open_seal_with,
    seal_box,
    seal_to,
    sub,
)

PIECE_STEPS: Final[Steps] = (65536,)
"""Every piece is sealed at this size, the last and the empty ones too."""

PIECE_ROOM: Final = longest(PIECE_STEPS)
"""How many bytes of a file one piece holds: 65,532."""

_EIGHTHS: Final = 3


def drawn_key(words_key: bytes, file_id: bytes) -> HeldKey:
    """The 32-byte key of a picture an older house drew: from the key to the tip's words alone."""
    return HeldKey(sub(words_key, "tip-file", file_id))


def copy_key(words_key: bytes, file_id: bytes, salt: bytes) -> HeldKey:
    """The 32-byte key of what staff see of a file; it needs 32 random bytes besides the key to the words.

    Without them this one file opens for nobody, though its tip lives on. It can be handed on without the words.
    """
    return HeldKey(sub(extract(salt, words_key), "tip-copy", file_id))


def original_key(words_key: bytes, file_id: bytes, salt: bytes) -> HeldKey:
    """The 32-byte key of the picture as it was sent; it needs 32 random bytes besides the key to the words.

    They are in memory only until it is decided that the original stays. Where it does not, they are forgotten, and
    whatever a disk, a log or a backup still holds of it opens for nobody, though the key to the words lives on.
    """
    return HeldKey(sub(extract(salt, words_key), "tip-original", file_id))


def seal_file_keys(
    public: bytes, version: int, tip_id: bytes, file_id: bytes, *, drawn: bytes, original: bytes = b""
) -> bytes:
    """The keys of one file, sealed to the tips compartment: what is left of a frozen file's tip when that is erased.

    Without an original its place is filled with zeros: the length tells nothing.
    """
    return seal_to(public, version, drawn + (original or bytes(KEY_BYTES)), "tip", tip_id, "file", file_id)


def open_file_keys(
    privates: Mapping[int, bytes], tip_id: bytes, file_id: bytes, sealed: bytes
) -> tuple[bytes, bytes | None]:
    """The keys of a frozen file, the original's only where it was kept, for a holder of the tips compartment.

    Raises `SealBroken` and `KeyMissing`.
    """
    keys = open_seal_with(privates, sealed, "tip", tip_id, "file", file_id)
    if len(keys) != 2 * KEY_BYTES:
        raise SealBroken("seal holds something else than keys")
    drawn, original = keys[:KEY_BYTES], keys[KEY_BYTES:]
    return drawn, original if any(original) else None


def seal_piece(
    key: bytes,
    tip_id: bytes,
    file_id: bytes,
    which: str,
    at: int,
    piece: bytes,
    *,
    is_last: bool = False,
    steps: Steps = PIECE_STEPS,
) -> bytes:
    """Seal piece number `at` (from 0) of the `original` or the `drawn` picture. Raises `TooLong` over `PIECE_ROOM`."""
    return seal_box(key, "piece", piece, *_place(tip_id, file_id, which, at, is_last), steps=steps)


def open_piece(
    key: bytes, tip_id: bytes, file_id: bytes, which: str, at: int, sealed: bytes, *, is_last: bool = False
) -> bytes:
    """Open one piece. Raises `SealBroken` at another tip, file, place or end."""
    return open_box(key, "piece", sealed, *_place(tip_id, file_id, which, at, is_last))


def seal_end(key: bytes, tip_id: bytes, file_id: bytes, which: str, filled: int) -> list[bytes]:
    """The empty pieces that close a file of so many filled ones; at least one, and the last of them says so."""
    ends = whole_count(filled)
    return [seal_piece(key, tip_id, file_id, which, at, b"", is_last=at == ends - 1) for at in range(filled, ends)]


def open_file(key: bytes, tip_id: bytes, file_id: bytes, which: str, sealed: Sequence[bytes]) -> Iterator[bytes]:
    """The filled pieces of a whole file, in order.

    Raises `SealBroken`, at the latest after the last piece, when one is missing, doubled, moved, changed, added, or of
    another file: what came before is then not to be believed either.
    """
    filled = 0
    for at, box in enumerate(sealed):
        piece = open_piece(key, tip_id, file_id, which, at, box, is_last=at == len(sealed) - 1)
        if piece and filled != at:
            raise SealBroken("a filled piece stands behind an empty one")
        if piece:
            filled += 1
            yield piece
    if len(sealed) != whole_count(filled):
        raise SealBroken("file has another number of pieces")


def whole_count(filled: int) -> int:
    """How many pieces a file has whose bytes fill so many: one more, rounded up to an eighth of a power of two."""
    least = filled + 1
    step = max(1, (1 << (least - 1).bit_length()) >> (_EIGHTHS + 1))
    return -(-least // step) * step


def _place(tip_id: bytes, file_id: bytes, which: str, at: int, is_last: bool) -> tuple[bytes | str, ...]:
    return ("tip", tip_id, "file", file_id, which, at.to_bytes(4, "big"), b"\x01" if is_last else b"\0")
