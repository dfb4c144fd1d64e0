"""What a signed-in person can open, kept so that it needs both their cookie and a store without a disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from portal.vault.errors import SealBroken
from portal.vault.padding import MESSAGE_STEPS, Steps
from portal.vault.sealing import HEADER, KEY_BYTES, ctx, extract, open_box, seal_box, split_ctx
from portal.vault.secret import Dotted

SESSION_STEPS: Final[Steps] = (*MESSAGE_STEPS, 32768, 65536)
_GENERATION_BYTES: Final = 8
_BOX_AT: Final = len(HEADER) + _GENERATION_BYTES


@dataclass(frozen=True, slots=True, repr=False)
class SessionKeys(Dotted):
    """Who is signed in (16 bytes), in which generation of their sessions, and what they can open.

    `compartments` is compartment -> version -> 32-byte private key.
    """

    staff_id: bytes
    generation: int
    compartments: Mapping[str, Mapping[int, bytes]]


def find_session(token: bytes) -> bytes:
    """The 32-byte name of a session in both stores: SHA-256 of the cookie's 32 random bytes."""
    return sha256(token).digest()


def session_box(ember: bytes, token: bytes, session: SessionKeys) -> bytes:
    """Seal a session under HKDF-Extract(ember, token), bound to the person and the generation of their sessions.

    `token` is the cookie, `ember` the 32 bytes of this session in the store without a disk: when that store is gone,
    or the ember is deleted at sign-out, a copied disk and a copied cookie open nothing. The bytes are
    01 01 | generation, 8, big-endian | Box padded to `SESSION_STEPS`. Raises `TooLong` for more keys than fit.
    """
    parts: list[bytes | str] = ["session", session.staff_id]
    for compartment in sorted(session.compartments):
        for version, private in sorted(session.compartments[compartment].items()):
            parts += (compartment, version.to_bytes(2, "big"), private)
    generation = session.generation.to_bytes(_GENERATION_BYTES, "big")
    key = extract(ember, token)
    return (
        HEADER
        + generation
        + seal_box(key, "session", ctx(*parts), "session", session.staff_id, generation, steps=SESSION_STEPS)
    )


def open_session(ember: bytes, token: bytes, staff_id: bytes, sealed: bytes) -> SessionKeys:
    """Open a session. Raises `SealBroken` when ember, token, person, generation or any bit is another one.

    The caller still compares the generation with the person's own: a person's generation is raised to end all their
    sessions at once.
    """
    if sealed[: len(HEADER)] != HEADER:
        raise SealBroken("version or suite is unknown")
    generation, box = sealed[len(HEADER) : _BOX_AT], sealed[_BOX_AT:]
    opened = open_box(extract(ember, token), "session", box, "session", staff_id, generation)
    parts = split_ctx(opened)
    if len(parts) < 2 or (len(parts) - 2) % 3 or parts[:2] != (b"session", staff_id):
        raise SealBroken("session holds something else")
    compartments: dict[str, dict[int, bytes]] = {}
    for at in range(2, len(parts), 3):
        compartment, version, private = parts[at : at + 3]
        if len(private) != KEY_BYTES:
            raise SealBroken("session holds something else")
        compartments.setdefault(compartment.decode(), {})[int.from_bytes(version, "big")] = private
    return SessionKeys(staff_id, int.from_bytes(generation, "big"), compartments)
