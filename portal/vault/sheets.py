"""The three sheets of paper of which any two give the recovery secret, and the Locks that make it so.

    a sheet    02 | number 1 | set 4 | secret 32 | check 2, as 16 groups of 4 base32 letters (03: a sheet of a drill)
    the Locks  01 01 | set 4 | Lock of the recovery secret, 82, under sheets 1 and 2, under 1 and 3, under 2 and 3

The secret of a sheet is 32 random bytes of its own. The key of a Lock is sub(HKDF-Extract(Si, Sj), "sheets", ij): one
sheet and the Locks give nothing. The set is the beginning of a digest of the root key, so that a sheet says by itself
that it is not of this house, or of a set that was replaced. The check notices a letter copied wrongly.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from dataclasses import dataclass
from hashlib import sha256
from itertools import combinations
from typing import Final

from portal.vault.errors import SealBroken, SheetUnreadable, WrongKey
from portal.vault.recovery import SHEET_LETTERS, letters_of, read_sheet, recovery_keys
from portal.vault.sealing import HEADER, KEY_BYTES, ctx, extract, lock, open_lock, sub
from portal.vault.secret import Dotted

NUMBERS: Final = (1, 2, 3)
PAIRS: Final = tuple(combinations(NUMBERS, 2))
SET_BYTES: Final = 4
LETTERS: Final = 64
HALF_LETTERS: Final = LETTERS // 2
LOCKS_BYTES: Final = len(HEADER) + SET_BYTES + len(PAIRS) * (KEY_BYTES + 50)

_KIND: Final = b"\x02"
_DRILL: Final = b"\x03"
_CHECK_BYTES: Final = 2
_GROUP: Final = 4
_PURPOSE: Final = "sheets"


@dataclass(frozen=True, slots=True, repr=False)
class Sheet(Dotted):
    """One of three: its number (1 to 3), the set it belongs to (4 bytes) and its 32 secret bytes."""

    number: int
    of: bytes
    secret: bytes
    is_drill: bool = False

    def groups(self) -> list[str]:
        """What the paper shows: 16 groups of 4 base32 letters (RFC 4648: A to Z, 2 to 7)."""
        stem = (_DRILL if self.is_drill else _KIND) + bytes([self.number]) + self.of + self.secret
        letters = base64.b32encode(stem + _check(stem)).decode()
        return [letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP)]

    def proof(self) -> bytes:
        """What is kept to know again that somebody has this paper: see `proof_of`."""
        return proof_of("".join(group[:2] for group in self.groups()))


@dataclass(frozen=True, slots=True, repr=False)
class SheetSet(Dotted):
    """Three new sheets, and the Locks that travel with the house (252 bytes)."""

    sheets: tuple[Sheet, ...]
    locks: bytes


def new_sheets(secret: bytes, *, is_drill: bool = False) -> SheetSet:
    """Three fresh sheets for a 32-byte recovery secret. With the Locks any two give it; one gives nothing."""
    of = set_of_root(recovery_keys(secret).root_public)
    sheets = tuple(Sheet(number, of, secrets.token_bytes(KEY_BYTES), is_drill) for number in NUMBERS)
    locked = (
        lock(_key(sheets[one - 1], sheets[other - 1]), _PURPOSE, secret, of, bytes([one, other]))
        for one, other in PAIRS
    )
    return SheetSet(sheets, HEADER + of + b"".join(locked))


def open_with(locks: bytes, one: Sheet, other: Sheet) -> bytes:
    """The recovery secret, 32 bytes, from any two sheets and the Locks of their house.

    Raises `SheetUnreadable` for the same sheet twice, a sheet of another set, or one that was printed for a drill
    beside one that was not; `WrongKey` when a sheet is not the one the Locks were made with; `SealBroken` when the
    Locks were changed or cut.
    """
    of = set_of_locks(locks)
    first, second = sorted((one, other), key=lambda sheet: sheet.number)
    if first.number == second.number:
        raise SheetUnreadable("That is the same sheet twice.")
    if first.of != of or second.of != of:
        raise SheetUnreadable("That is a sheet of another house, or of a set that was replaced.")
    if first.is_drill != second.is_drill:
        raise SheetUnreadable("One sheet is of a drill.")
    size = KEY_BYTES + 50
    at = len(HEADER) + SET_BYTES + PAIRS.index((first.number, second.number)) * size
    secret = open_lock(_key(first, second), _PURPOSE, locks[at : at + size], of, bytes([first.number, second.number]))
    if not hmac.compare_digest(set_of_root(recovery_keys(secret).root_public), of):
        raise WrongKey("the secret is not the one of this set")
    return secret


def read_paper(typed: str) -> Sheet | bytes:
    """What somebody typed off a sheet: one of three, or the secret itself where a house has a single sheet.

    Small letters, spaces, dashes and the like do not matter, as in `read_sheet`. Raises `SheetUnreadable`.
    """
    letters = letters_of(typed)
    if len(letters) == SHEET_LETTERS:
        return read_sheet(letters)
    if len(letters) != LETTERS:
        raise SheetUnreadable(f"A sheet has {LETTERS} letters; {len(letters)} were typed.")
    raw = base64.b32decode(letters)
    stem, check = raw[:-_CHECK_BYTES], raw[-_CHECK_BYTES:]
    if not hmac.compare_digest(check, _check(stem)):
        raise SheetUnreadable("A letter is wrong, or two changed places: look at each group again.")
    if stem[:1] not in (_KIND, _DRILL) or stem[1] not in NUMBERS:
        raise SheetUnreadable("That is a sheet of a kind this version does not know.")
    return Sheet(stem[1], stem[2 : 2 + SET_BYTES], stem[2 + SET_BYTES :], is_drill=stem[:1] == _DRILL)


def read_half(typed: str) -> str:
    """The first two letters of each group, 32 in all, as somebody typed them. Raises `SheetUnreadable`."""
    letters = letters_of(typed)
    if len(letters) != HALF_LETTERS:
        raise SheetUnreadable(f"{HALF_LETTERS} letters are needed; {len(letters)} were typed.")
    return letters


def proof_of(half: str) -> bytes:
    """What the house keeps of a sheet: a digest of the first two letters of each group, 32 bytes.

    Half the letters show that every group stands on paper. Some 120 bits of the sheet are never typed while it is
    proven, so a screen, or a server that somebody reads meanwhile, learns no sheet, whoever types how many of them.
    """
    return sha256(ctx("sheet proof", half)).digest()


def set_of_root(root_public: bytes) -> bytes:
    """The set of sheets that belongs to a root key; 4 bytes, printed in every sheet."""
    return sha256(ctx("sheet set", root_public)).digest()[:SET_BYTES]


def set_of_locks(locks: bytes) -> bytes:
    """The set these Locks belong to. Raises `SealBroken` when they are of an unknown version or another size."""
    if locks[: len(HEADER)] != HEADER or len(locks) != LOCKS_BYTES:
        raise SealBroken("the locks of the sheets have another version or size")
    return locks[len(HEADER) : len(HEADER) + SET_BYTES]


def _key(one: Sheet, other: Sheet) -> bytes:
    return sub(extract(one.secret, other.secret), _PURPOSE, bytes([one.number, other.number]))


def _check(stem: bytes) -> bytes:
    return sha256(ctx("sheet", stem)).digest()[:_CHECK_BYTES]
