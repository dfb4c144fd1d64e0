"""Random names and keys, and their one written form (base64url without padding)."""

import base64
import binascii
import re
import secrets

ID_SIZE = 16
KEY_SIZE = 32

_ALPHABET = re.compile(r"[A-Za-z0-9_-]*", re.ASCII)


def random_id() -> bytes:
    """Sixteen random bytes: the name of a conversation, a tip, a message."""
    return secrets.token_bytes(ID_SIZE)


def random_key() -> bytes:
    """Thirty-two random bytes: a key, a token, an ember."""
    return secrets.token_bytes(KEY_SIZE)


def to_text(raw: bytes) -> str:
    """``raw`` as base64url without padding (RFC 4648, section 5)."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def from_text(text: str, size: int) -> bytes:
    """The ``size`` bytes that ``to_text`` wrote as ``text``.

    Exactly one text names each value: a wrong length, a foreign character or loose trailing bits raise
    ``ValueError``, so a token cannot be spelt in two ways.
    """
    if len(text) > 4 * size or not _ALPHABET.fullmatch(text):
        raise ValueError("not a base64url text")
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error:
        raise ValueError("not a base64url text") from None
    if len(raw) != size or to_text(raw) != text:
        raise ValueError("not a base64url text of this size")
    return raw
