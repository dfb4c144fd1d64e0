"""The three formats everything Porchlight keeps is sealed in: Box, Seal and Lock.

    Box   01 01 | nonce 12 | AES-256-GCM                     one key on both sides
    Seal  01 01 | version 2 | HPKE X25519, AES-256-GCM       to a public key; only the private half opens it
    Lock  confirmation 16 | Box                              under a key that came from a password or a receipt

The first byte is the version of the format, the second the suite. Anything else is refused, never guessed: an
attacker who may choose the algorithm would choose the weakest. Each seal also names what it is and where it belongs
(`ctx`), so a sealed thing cannot be moved to another place and opened there as something else.

All cryptography is that of the `cryptography` library: AES-256-GCM, HKDF-SHA256 (RFC 5869), HPKE (RFC 9180).
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

from portal.vault.errors import KeyMissing, SealBroken, WrongKey
from portal.vault.padding import EXACT, Steps, pad, unpad

__all__ = [
    "HEADER",
    "KEY_BYTES",
    "SEAL_OVERHEAD",
    "HeldKey",
    "SealBroken",
    "WrongKey",
    "ctx",
    "extract",
    "lock",
    "open_box",
    "open_lock",
    "open_seal",
    "open_seal_with",
    "public_of",
    "seal_box",
    "seal_to",
    "seal_version",
    "split_ctx",
    "sub",
]

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16
CONFIRMATION_BYTES: Final = 16
HEADER: Final = b"\x01\x01"
"""Version 1, suite 1: the only ones there are."""

PREFIX: Final = b"porchlight/1"
SEAL_HEADER_BYTES: Final = len(HEADER) + 2
ENCAPSULATED_BYTES: Final = 32
SEAL_OVERHEAD: Final = SEAL_HEADER_BYTES + ENCAPSULATED_BYTES + TAG_BYTES
"""A Seal is this many bytes (52) longer than what is in it."""

# Parts are nearly all short; a message is bound to nine of them, three times.
_SIZES: Final = tuple(size.to_bytes(4, "big") for size in range(64))
_SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class HeldKey(bytes):
    """A key that is held open for as long as a conversation is on somebody's page.

    What was derived from it last is derived once, and is kept in the key itself: it goes when the key goes, and no
    table outlives an end. Every message is sealed once and opened twice (docs/relay.md).
    """

    _label: tuple[bytes | str, ...] | None = None
    _derived = b""

    def derived(self, label: tuple[bytes | str, ...]) -> bytes:
        """The key for one purpose, as `sub` gives it."""
        if self._label != label:
            self._derived = _derive(self, label)
            self._label = label
        return self._derived

    def __repr__(self) -> str:
        return "HeldKey(•••)"


def ctx(*parts: bytes | str) -> bytes:
    """Join parts so that no two different lists of parts give the same bytes.

    The bytes are `porchlight/1`, then for each part its length (unsigned 32 bits, big-endian) and the part; text is
    UTF-8. Without the lengths ("ab", "c") and ("a", "bc") would be one context, and a seal could be moved between them.
    """
    joined = [PREFIX]
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        size = len(raw)
        joined += (_SIZES[size] if size < len(_SIZES) else size.to_bytes(4, "big"), raw)
    return b"".join(joined)


def split_ctx(joined: bytes) -> tuple[bytes, ...]:
    """Take apart what `ctx` joined. Raises `SealBroken` when a length does not fit or bytes are left over."""
    if not joined.startswith(PREFIX):
        raise SealBroken("not a context of this version")
    parts = []
    at = len(PREFIX)
    while at < len(joined):
        start = at + 4
        at = start + int.from_bytes(joined[at:start], "big")
        if start > len(joined) or at > len(joined):
            raise SealBroken("context is cut short")
        parts.append(joined[start:at])
    return tuple(parts)


def sub(key: bytes, *label: bytes | str) -> bytes:
    """Derive the key for one purpose from `key`: HKDF-Expand-SHA256(key, ctx("sub", *label)), 32 bytes.

    No key does two jobs: what one purpose gives away can then not be used against another. `key` is 32 uniformly
    random bytes or the output of HKDF or HMAC; anything else raises `ValueError`.
    """
    return key.derived(label) if isinstance(key, HeldKey) else _derive(key, label)


def _derive(key: bytes, label: tuple[bytes | str, ...]) -> bytes:
    return HKDFExpand(SHA256(), KEY_BYTES, ctx("sub", *label)).derive(_key(key))


def extract(salt: bytes, secret: bytes) -> bytes:
    """Melt two secrets into one 32-byte key that needs both: HKDF-Extract-SHA256 (RFC 5869)."""
    return HKDF.extract(SHA256(), salt, secret)


def public_of(private: bytes) -> bytes:
    """The 32-byte X25519 public half of a 32-byte private half."""
    return X25519PrivateKey.from_private_bytes(_key(private)).public_key().public_bytes_raw()


def seal_box(key: bytes, purpose: str, plaintext: bytes, *aad: bytes | str, steps: Steps = EXACT) -> bytes:
    """Seal bytes with a 32-byte key for one purpose, at one place (`aad`).

    The key in use is `sub(key, purpose)`; purpose and `aad` are authenticated with the header but not stored. The
    plaintext is padded to `steps`; with the default only its length goes in front. The Box is 34 bytes longer than
    the plaintext, plus padding. The nonce is random, so one key serves at most 2^32 boxes; no key here lives for
    more than one conversation, tip, pass or session. Raises `TooLong` when no step is large enough.
    """
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = AESGCM(sub(key, purpose)).encrypt(nonce, pad(plaintext, steps), HEADER + ctx("box", purpose, *aad))
    return HEADER + nonce + sealed


def open_box(key: bytes, purpose: str, box: bytes, *aad: bytes | str) -> bytes:
    """Open what `seal_box` sealed with the same key, purpose and `aad`; give the plaintext without its padding.

    Raises `SealBroken` for an unknown version or suite, and when the key, the purpose, any part of `aad` or any bit
    of the box is another one. Which of them it was is not told.
    """
    _check_header(box)
    nonce, sealed = box[len(HEADER) : len(HEADER) + NONCE_BYTES], box[len(HEADER) + NONCE_BYTES :]
    if len(sealed) < TAG_BYTES:
        raise SealBroken("box is cut short")
    try:
        padded = AESGCM(sub(key, purpose)).decrypt(nonce, sealed, HEADER + ctx("box", purpose, *aad))
    except InvalidTag:
        raise SealBroken("box does not open") from None
    return unpad(padded)


def seal_to(public: bytes, version: int, plaintext: bytes, *info: bytes | str) -> bytes:
    """Seal bytes to a 32-byte X25519 public key so that only its private half opens them (HPKE base mode, RFC 9180).

    `version` (0 to 65535) is the number of the key pair, kept in clear so that the right private half is picked;
    it is authenticated with `info`. The Seal is 52 bytes longer than the plaintext. Only keys of a fixed size are
    sealed this way, so nothing is padded. Raises `ValueError` when the public key is no X25519 key at all, or one of
    the few points that would make the seal open for everybody.
    """
    header = HEADER + version.to_bytes(2, "big")
    key = X25519PublicKey.from_public_bytes(_key(public))
    return header + _SUITE.encrypt(plaintext, key, info=header + ctx("seal", *info))


def open_seal(private: bytes, sealed: bytes, *info: bytes | str) -> bytes:
    """Open what `seal_to` sealed to this private key with the same `info`.

    Raises `SealBroken` for an unknown version or suite, and when the key, any part of `info`, the key version or any
    bit is another one.
    """
    header = _seal_header(sealed)
    key = X25519PrivateKey.from_private_bytes(_key(private))
    try:
        return _SUITE.decrypt(sealed[SEAL_HEADER_BYTES:], key, info=header + ctx("seal", *info))
    except InvalidTag:
        raise SealBroken("seal does not open") from None


def seal_version(sealed: bytes) -> int:
    """The number of the key pair this was sealed to. Raises `SealBroken` when it is no Seal of a known kind."""
    return int.from_bytes(_seal_header(sealed)[len(HEADER) :], "big")


def open_seal_with(privates: Mapping[int, bytes], sealed: bytes, *info: bytes | str) -> bytes:
    """Open a Seal with the private key of the version it names.

    Raises `KeyMissing` when that version is not among `privates`, otherwise as `open_seal`.
    """
    version = seal_version(sealed)
    private = privates.get(version)
    if private is None:
        raise KeyMissing(f"no key of version {version}")
    return open_seal(private, sealed, *info)


def lock(key: bytes, purpose: str, plaintext: bytes, *aad: bytes | str) -> bytes:
    """Seal bytes under a key that came from a password or a receipt: 16 bytes of confirmation, then a Box.

    AES-GCM does not commit to its key: one box can be built that opens under many passwords, and each try at it would
    then test many at once. The confirmation, derived from the key, is compared first and closes that. The Lock is
    50 bytes longer than the plaintext.
    """
    return _confirmation(key, purpose) + seal_box(key, purpose, plaintext, "lock", *aad)


def open_lock(key: bytes, purpose: str, locked: bytes, *aad: bytes | str) -> bytes:
    """Open a Lock. Raises `SealBroken` for an unknown version or any change, `WrongKey` when the key is another one."""
    confirmation, box = locked[:CONFIRMATION_BYTES], locked[CONFIRMATION_BYTES:]
    _check_header(box)
    if not hmac.compare_digest(confirmation, _confirmation(key, purpose)):
        raise WrongKey("the key is another one")
    return open_box(key, purpose, box, "lock", *aad)


def _confirmation(key: bytes, purpose: str) -> bytes:
    return sub(key, "confirm", purpose)[:CONFIRMATION_BYTES]


def _check_header(sealed: bytes) -> None:
    if sealed[: len(HEADER)] != HEADER:
        raise SealBroken("version or suite is unknown")


def _seal_header(sealed: bytes) -> bytes:
    _check_header(sealed)
    if len(sealed) < SEAL_OVERHEAD:
        raise SealBroken("seal is cut short")
    return sealed[:SEAL_HEADER_BYTES]


def _key(key: bytes) -> bytes:
    # A short key would be taken without a word by HKDF and HMAC; an empty one seals for everybody.
    if len(key) != KEY_BYTES:
        raise ValueError("a key is 32 bytes")
    return key
