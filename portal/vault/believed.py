"""What a verified chain of statements lets one believe: a person's public keys, a compartment's newest key, a grant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from portal.vault.statement import KeyRight


@dataclass(frozen=True, slots=True)
class StaffPublic:
    """A person's public keys, 32 bytes each (X25519 to seal to, Ed25519 to check by), and what they may sign.

    The recovery pair has no signing key (empty bytes) and no rights.
    """

    open_public: bytes
    sign_public: bytes
    rights: frozenset[KeyRight] = frozenset()


class CompartmentPublic(NamedTuple):
    """The newest version of a compartment and the 32-byte public key that new words are sealed to."""

    version: int
    public: bytes


@dataclass(frozen=True, slots=True)
class Grant:
    """A live grant: into which version of which compartment, by which line, and that version's public key."""

    compartment: str
    version: int
    statement: int
    public: bytes
