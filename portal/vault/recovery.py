"""The one secret outside the machine: the recovery secret, what grows from it, and the one sheet of older houses.

A house set up today has three sheets, of which any two give the secret (`portal.vault.sheets`). One that was set up
before has a single sheet that is the secret itself.
"""

from __future__ import annotations

import base64
import hmac
import secrets
import unicodedata
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal.vault.errors import SheetUnreadable
from portal.vault.sealing import KEY_BYTES, ctx, public_of, sub
from portal.vault.secret import Dotted
from portal.vault.statement import ROOT, Signer

SHEET_VERSION: Final = b"\x01"
SHEET_LETTERS: Final = 56
_CHECK_BYTES: Final = 2
_GROUP: Final = 4
_SEPARATORS: Final = frozenset(" \t\r\n-‐‑‒–—_.·")
_MISREAD: Final = str.maketrans("018", "OIB")
"""Digits that base32 does not have, each standing for the letter it was mistaken for."""


@dataclass(frozen=True, slots=True, repr=False)
class RecoveryKeys(Dotted):
    """What grows from the recovery secret, 32 bytes each: the root's Ed25519 pair and the recovery X25519 pair.

    Neither private half is ever stored; both are made again from the sheet when they are needed.
    """

    root_private: bytes
    root_public: bytes
    open_private: bytes
    open_public: bytes

    def signer(self) -> Signer:
        """The root as the signer of a statement."""
        return Signer(ROOT, self.root_private)


def new_recovery() -> bytes:
    """A fresh recovery secret of 32 random bytes."""
    return secrets.token_bytes(KEY_BYTES)


def recovery_keys(secret: bytes) -> RecoveryKeys:
    """The root pair from sub(R, "root") and the recovery pair from sub(R, "recovery")."""
    root_private, open_private = sub(secret, "root"), sub(secret, "recovery")
    root_public = Ed25519PrivateKey.from_private_bytes(root_private).public_key().public_bytes_raw()
    return RecoveryKeys(root_private, root_public, open_private, public_of(open_private))


def sheet_groups(secret: bytes) -> list[str]:
    """What the sheet shows: 14 groups of 4 base32 letters (RFC 4648: A to Z, 2 to 7).

    The 35 bytes are 01 | the secret, 32 | the first 2 bytes of SHA-256(ctx("sheet", 01 | secret)), which notice a
    letter copied wrongly.
    """
    letters = base64.b32encode(SHEET_VERSION + secret + _check(SHEET_VERSION + secret)).decode()
    return [letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP)]


def read_sheet(typed: str) -> bytes:
    """The recovery secret from what somebody typed off the sheet.

    Small and capital letters, full-width ones, spaces, dashes and line ends do not matter; 0, 1 and 8, which the sheet
    never shows, are read as O, I and B. Raises `SheetUnreadable` when a character is none of these, when there are
    more or fewer than 56 letters, when the check does not fit, or the sheet is of a kind this version does not know.
    """
    letters = letters_of(typed)
    if len(letters) != SHEET_LETTERS:
        raise SheetUnreadable(f"A sheet has {SHEET_LETTERS} letters; {len(letters)} were typed.")
    raw = base64.b32decode(letters)
    stem, check = raw[:-_CHECK_BYTES], raw[-_CHECK_BYTES:]
    if not hmac.compare_digest(check, _check(stem)):
        raise SheetUnreadable("A letter is wrong, or two changed places: look at each group again.")
    if stem[:1] != SHEET_VERSION:
        raise SheetUnreadable("That is a sheet of a kind this version does not know.")
    return stem[1:]


def letters_of(typed: str) -> str:
    """The base32 letters of what somebody typed off a sheet, without what stands between them.

    Raises `SheetUnreadable` when a character is on no sheet.
    """
    plain = unicodedata.normalize("NFKC", typed[:1000]).upper()
    letters = "".join(letter for letter in plain if letter not in _SEPARATORS).translate(_MISREAD)
    if not all(letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" for letter in letters):
        raise SheetUnreadable("Something else was typed than a sheet has: the letters A to Z and the digits 2 to 7.")
    return letters


def _check(stem: bytes) -> bytes:
    return sha256(ctx("sheet", stem)).digest()[:_CHECK_BYTES]
