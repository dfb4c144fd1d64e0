"""One signed line of the chain that says whose keys are whose and who may read what.

A line is kept as bytes:

    01 01 | ctx("statement", number 4, digest of the line before 32, kind, subject, compartment, version 2,
                public keys 32 each, rights, signer, day) | Ed25519 signature 64

The signature covers everything in front of it. Numbers are big-endian; rights are words with one space between, in
order of the alphabet; the day is written 2026-11-21. Each value has exactly one spelling, so one line has exactly
one digest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from portal.vault.errors import ChainBroken, SealBroken, SignatureWrong
from portal.vault.sealing import HEADER, KEY_BYTES, ctx, split_ctx
from portal.vault.secret import Dotted

COMPARTMENTS: Final = ("chat", "tips", "records", "names")
"""What a person may be let into, each apart from the others."""

ROOT: Final = b"root"
"""Signs the first lines, and again only when the recovery secret is in somebody's hands."""

RECOVERY: Final = b"recovery"
"""The holder to whom every compartment is granted as well, so that a lost password does not lose the words."""

DIGEST_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64


class Kind(StrEnum):
    """What a line says."""

    STAFF = "staff"
    GRANTER = "granter"
    COMPARTMENT = "compartment"
    GRANT = "grant"
    REVOKE = "revoke"
    ROTATE = "rotate"
    TOMBSTONE = "tombstone"
    ROOT = "root"


class KeyRight(StrEnum):
    """What a person may sign. No role brings these by itself: an administrator without them grants nothing."""

    VOUCH = "may_vouch"
    GRANT = "may_grant"
    ROTATE = "may_rotate"


@dataclass(frozen=True, slots=True)
class Head:
    """How far a chain goes: the number of its last line and that line's digest (32 bytes).

    The number alone would not do: somebody whose right was taken away could cut the chain off before that line and
    write as many others in its place.
    """

    number: int
    digest: bytes

    def encode(self) -> bytes:
        """36 bytes: number, 4, big-endian | digest, 32."""
        return self.number.to_bytes(4, "big") + self.digest

    @classmethod
    def decode(cls, encoded: bytes) -> Head:
        """Read `encode`'s bytes back. Raises `SealBroken` when there are more or fewer than 36."""
        if len(encoded) != HEAD_BYTES:
            raise SealBroken("head has another size")
        return cls(int.from_bytes(encoded[:4], "big"), encoded[4:])


HEAD_BYTES: Final = 4 + DIGEST_BYTES
NOTHING_SAID: Final = Head(0, bytes(DIGEST_BYTES))
"""The head of a chain without a line."""


@dataclass(frozen=True, slots=True, repr=False)
class Signer(Dotted):
    """Who signs: `ROOT` or a staff id of 16 bytes, and the 32-byte Ed25519 private key."""

    name: bytes
    private: bytes


@dataclass(frozen=True, slots=True)
class Statement:
    """One line. Which fields a kind uses, and who may sign it, is said in `portal.vault.statements`."""

    number: int
    previous: bytes
    kind: Kind
    subject: bytes
    compartment: str
    version: int
    keys: tuple[bytes, ...]
    rights: tuple[KeyRight, ...]
    signer: bytes
    day: date
    signature: bytes = b""

    def to_row(self) -> bytes:
        """The line as it is kept."""
        return self.body + self.signature

    @classmethod
    def from_row(cls, row: bytes) -> Statement:
        """Read a kept line. Raises `ChainBroken` for anything that `to_row` would not have written just so.

        The signature is not checked here; `Ledger` does that, because only the chain knows the signer's key.
        """
        try:
            statement = cls._parse(row)
        except (SealBroken, ValueError):
            raise ChainBroken("a line cannot be read") from None
        if statement.to_row() != row:
            raise ChainBroken("a line is not spelt as it should be")
        return statement

    def head(self) -> Head:
        """The head of a chain that ends with this line."""
        return Head(self.number, sha256(self.to_row()).digest())

    def check_signature(self, public: bytes) -> None:
        """Raise `SignatureWrong` unless this Ed25519 public key (32 bytes) signed exactly this line."""
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(self.signature, self.body)
        except (InvalidSignature, ValueError):
            raise SignatureWrong(f"line {self.number} was not signed by its signer") from None

    @property
    def body(self) -> bytes:
        """The line without its signature: what is signed."""
        return HEADER + ctx(
            "statement",
            self.number.to_bytes(4, "big"),
            self.previous,
            self.kind,
            self.subject,
            self.compartment,
            self.version.to_bytes(2, "big"),
            b"".join(self.keys),
            " ".join(self.rights),
            self.signer,
            self.day.isoformat(),
        )

    @classmethod
    def _parse(cls, row: bytes) -> Statement:
        if row[: len(HEADER)] != HEADER or len(row) < len(HEADER) + SIGNATURE_BYTES:
            raise SealBroken("version or suite is unknown")
        parts = split_ctx(row[len(HEADER) : -SIGNATURE_BYTES])
        if len(parts) != 11 or parts[0] != b"statement":
            raise SealBroken("not a statement")
        _, number, previous, kind, subject, compartment, version, keys, rights, signer, day = parts
        if (len(number), len(previous), len(version), len(keys) % KEY_BYTES) != (4, DIGEST_BYTES, 2, 0):
            raise SealBroken("a number, digest or key has another size")
        return cls(
            number=int.from_bytes(number, "big"),
            previous=previous,
            kind=Kind(kind.decode()),
            subject=subject,
            compartment=compartment.decode(),
            version=int.from_bytes(version, "big"),
            keys=tuple(keys[at : at + KEY_BYTES] for at in range(0, len(keys), KEY_BYTES)),
            rights=tuple(KeyRight(word) for word in rights.decode().split()),
            signer=signer,
            day=date.fromisoformat(day.decode()),
            signature=row[-SIGNATURE_BYTES:],
        )


def sign_statement(
    latest: Head,
    signer: Signer,
    day: date,
    kind: Kind,
    *,
    subject: bytes = b"",
    compartment: str = "",
    version: int = 0,
    keys: Iterable[bytes] = (),
    rights: Iterable[KeyRight] = (),
) -> Statement:
    """Write and sign the line that follows `latest`.

    Nothing is checked against the rules here: a line that breaks them is refused by every ledger that reads it, our
    own first (`Ledger.follow` before it is stored).
    """
    unsigned = Statement(
        number=latest.number + 1,
        previous=latest.digest,
        kind=kind,
        subject=subject,
        compartment=compartment,
        version=version,
        keys=tuple(keys),
        rights=tuple(sorted(set(rights))),
        signer=signer.name,
        day=day,
    )
    signature = Ed25519PrivateKey.from_private_bytes(signer.private).sign(unsigned.body)
    return Statement.from_row(unsigned.to_row() + signature)
