"""A person's own keys, locked under their password: nobody at the desk has a key the server could use without them."""

from __future__ import annotations

import hmac
import secrets
import unicodedata
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal.vault.errors import SealBroken
from portal.vault.passwords import SALT_BYTES
from portal.vault.sealing import KEY_BYTES, lock, open_lock, public_of, sub
from portal.vault.secret import Dotted
from portal.vault.statement import HEAD_BYTES, Head, Signer

BUNDLE_BYTES: Final = 2 * KEY_BYTES + HEAD_BYTES


@dataclass(frozen=True, slots=True, repr=False)
class StaffKeys(Dotted):
    """A person's two pairs, 32 bytes each key: X25519 to open what is sealed to them, Ed25519 to sign statements."""

    open_private: bytes
    open_public: bytes
    sign_private: bytes
    sign_public: bytes

    def signer(self, staff_id: bytes) -> Signer:
        """The same person as the signer of a statement."""
        return Signer(staff_id, self.sign_private)


@dataclass(frozen=True, slots=True, repr=False)
class PasswordKeys(Dotted):
    """What a password gives: `verifier` to be recognised by and `lock` to open the bundle with, 32 bytes each."""

    verifier: bytes
    lock: bytes

    @property
    def stored(self) -> bytes:
        """What the database keeps to recognise the password: SHA-256 of the verifier, 32 bytes."""
        return sha256(self.verifier).digest()

    def fits(self, stored: bytes) -> bool:
        """Whether this is the password whose `stored` value the database keeps; takes the same time either way."""
        return hmac.compare_digest(self.stored, stored)


@dataclass(frozen=True, slots=True, repr=False)
class Bundle(Dotted):
    """What a person carries: the seed of their keys, and their own memory of the root key and the chain's head.

    With the last two a person notices, at sign-in, a server whose chain was exchanged for a shorter or another one.
    """

    seed: bytes
    root_public: bytes
    head: Head


def new_seed() -> bytes:
    """The 32 random bytes a person's keys grow from."""
    return secrets.token_bytes(KEY_BYTES)


def staff_keys(seed: bytes) -> StaffKeys:
    """A person's two pairs from their 32-byte seed: X25519 from sub(seed, "open"), Ed25519 from sub(seed, "sign")."""
    open_private, sign_private = sub(seed, "open"), sub(seed, "sign")
    sign_public = Ed25519PrivateKey.from_private_bytes(sign_private).public_key().public_bytes_raw()
    return StaffKeys(open_private, public_of(open_private), sign_private, sign_public)


def password_bytes(password: str) -> bytes:
    """The bytes Argon2 is given: the password in Unicode NFC, UTF-8.

    The same letters typed on another keyboard may come as other code points; they are the same password.
    """
    return unicodedata.normalize("NFC", password).encode()


def password_keys(argon: bytes, pepper: bytes) -> PasswordKeys:
    """What a password gives, from its 32-byte Argon2 output and the 32-byte pepper kept outside the database.

    prk = HMAC-SHA256(pepper, argon); verifier = sub(prk, "verify"); lock = sub(prk, "lock"). Knowing one of the two
    does not give the other, so the stored verifier is no step towards the bundle.
    """
    if len(argon) != KEY_BYTES or len(pepper) != KEY_BYTES:
        raise ValueError("Argon2 output and pepper are 32 bytes each")
    prk = hmac.digest(pepper, argon, "sha256")
    return PasswordKeys(verifier=sub(prk, "verify"), lock=sub(prk, "lock"))


def salt_for_unknown(pepper: bytes, name: str) -> bytes:
    """The 16-byte salt for a sign-in name nobody has.

    The same name always takes the same run with the same salt, so neither time nor repetition tells who works here.
    """
    return sub(pepper, "unknown-name", name)[:SALT_BYTES]


def lock_bundle(lock_key: bytes, staff_id: bytes, bundle: Bundle) -> bytes:
    """The bundle locked under the password's 32-byte `lock`, bound to the person; 150 bytes."""
    opened = bundle.seed + bundle.root_public + bundle.head.encode()
    if len(opened) != BUNDLE_BYTES:
        raise ValueError("seed and root key are 32 bytes each")
    return lock(lock_key, "bundle", opened, "bundle", staff_id)


def open_bundle(lock_key: bytes, staff_id: bytes, locked: bytes) -> Bundle:
    """Open a person's bundle. Raises `WrongKey` for another password, `SealBroken` for another person or a change."""
    opened = open_lock(lock_key, "bundle", locked, "bundle", staff_id)
    if len(opened) != BUNDLE_BYTES:
        raise SealBroken("bundle holds something else")
    seed, root_public = opened[:KEY_BYTES], opened[KEY_BYTES : 2 * KEY_BYTES]
    return Bundle(seed, root_public, Head.decode(opened[2 * KEY_BYTES :]))
