"""Hands a compartment's new key to a session that began before it was made, so that nobody has to sign in again.

A session's box was sealed at sign-in, under a cookie nobody else has. So each session has a pair of its own: the
private half grows from its two halves, the public half is signed by the person herself while her keys are open. Who
writes the stores can take such a line away, and cannot put another key in its place.
"""

from __future__ import annotations

import hmac
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from portal.vault.errors import GrantBroken, SignatureWrong
from portal.vault.sealing import HEADER, KEY_BYTES, ctx, extract, open_seal, public_of, seal_to, sub
from portal.vault.statement import SIGNATURE_BYTES, Signer

_BEGINS: Final = len(HEADER)


def late_private(ember: bytes, token: bytes) -> bytes:
    """The private half of a session's own pair, 32 bytes; it needs the cookie and the ember, and is kept nowhere."""
    return sub(extract(ember, token), "late keys")


def late_line(private: bytes, signer: Signer, session: bytes, generation: int) -> bytes:
    """What a session says of itself: 01 01 | public half, 32 | signature, 64, by the person whose session it is."""
    public = public_of(private)
    said = Ed25519PrivateKey.from_private_bytes(signer.private).sign(_body(public, signer.name, session, generation))
    return HEADER + public + said


def read_late_line(line: bytes, sign_public: bytes, staff_id: bytes, session: bytes, generation: int) -> bytes:
    """The public half to seal to, 32 bytes.

    `sign_public` is the person's own, from the ledger. Raises `SignatureWrong` for another person, session or
    generation of her sessions, and for a line this person did not sign.
    """
    public, said = line[_BEGINS:-SIGNATURE_BYTES], line[-SIGNATURE_BYTES:]
    if line[:_BEGINS] != HEADER or len(public) != KEY_BYTES:
        raise SignatureWrong("not the line of a session")
    try:
        key = Ed25519PublicKey.from_public_bytes(sign_public)
        key.verify(said, _body(public, staff_id, session, generation))
    except (InvalidSignature, ValueError):
        raise SignatureWrong("a session's line was not signed by its person") from None
    return public


def seal_late(public: bytes, private: bytes, compartment: str, version: int, staff_id: bytes, session: bytes) -> bytes:
    """The private half of one version of a compartment, sealed to one session; 84 bytes."""
    return seal_to(public, version, private, *_place(compartment, version, staff_id, session))


def open_late(
    private: bytes, sealed: bytes, granted: bytes, compartment: str, version: int, staff_id: bytes, session: bytes
) -> bytes:
    """Open what was sealed to a session; 32 bytes. `granted` is the public half the ledger names for this version.

    Raises `SealBroken` for another session, person, compartment or version, and `GrantBroken` when what is inside is
    not the private half of `granted`.
    """
    opened = open_seal(private, sealed, *_place(compartment, version, staff_id, session))
    if len(opened) != KEY_BYTES or not hmac.compare_digest(public_of(opened), granted):
        raise GrantBroken("the key handed to this session is not the one the statement names")
    return opened


def _body(public: bytes, staff_id: bytes, session: bytes, generation: int) -> bytes:
    return HEADER + ctx("late keys", staff_id, session, generation.to_bytes(8, "big"), public)


def _place(compartment: str, version: int, staff_id: bytes, session: bytes) -> tuple[bytes | str, ...]:
    return ("late key", compartment, version.to_bytes(2, "big"), staff_id, session)
