"""Who is let into what: the private key of each compartment, sealed to each person who was granted it."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from portal.vault.errors import GrantBroken, SealBroken
from portal.vault.sealing import KEY_BYTES, open_seal, public_of, seal_to
from portal.vault.secret import Dotted
from portal.vault.statements import COMPARTMENTS, Grant, Ledger

__all__ = ["COMPARTMENTS", "CompartmentKeys", "OpenedGrants", "grant", "new_compartment", "open_grant", "open_granted"]


@dataclass(frozen=True, slots=True, repr=False)
class CompartmentKeys(Dotted):
    """The X25519 pair of one version of a compartment, 32 bytes each."""

    private: bytes
    public: bytes


@dataclass(frozen=True, slots=True, repr=False)
class OpenedGrants(Dotted):
    """What a person can open: compartment -> version -> 32-byte private key.

    `refused` holds the line numbers of live grants whose sealed key was missing or not what the chain says: somebody
    changed the rows. Nothing was taken from them; the caller says so aloud.
    """

    keys: Mapping[str, Mapping[int, bytes]]
    refused: tuple[int, ...]


def new_compartment() -> CompartmentKeys:
    """A fresh pair."""
    private = secrets.token_bytes(KEY_BYTES)
    return CompartmentKeys(private, public_of(private))


def grant(
    private: bytes, holder_public: bytes, *, compartment: str, version: int, holder: bytes, statement: int
) -> bytes:
    """The compartment's private key sealed to one holder's public key, as granted by one line; 84 bytes.

    Bound to the line's number: the sealed key of a grant that was revoked cannot stand in for a later one.
    """
    return seal_to(holder_public, version, private, *_place(compartment, version, holder, statement))


def open_grant(open_private: bytes, sealed: bytes, holder: bytes, granted: Grant) -> bytes:
    """Open the sealed key of one live grant from the ledger; 32 bytes.

    Raises `SealBroken` when it was sealed for another holder, line or version, and `GrantBroken` when what is inside
    is not the private half of the public key the chain names: words would otherwise be sealed to one key and a reader
    be given another, and nobody could tell a swapped key from lost words.
    """
    place = _place(granted.compartment, granted.version, holder, granted.statement)
    private = open_seal(open_private, sealed, *place)
    if len(private) != KEY_BYTES or not hmac.compare_digest(public_of(private), granted.public):
        raise GrantBroken("the granted key is not the one the statement names")
    return private


def open_granted(ledger: Ledger, holder: bytes, open_private: bytes, sealed: Mapping[int, bytes]) -> OpenedGrants:
    """Open all a holder was granted. `sealed` maps the line number of each grant to its sealed key.

    Only live grants of the ledger are tried, so rows that were slipped in, kept from before a revocation, or moved
    from somebody else have no effect. A key that was followed by a newer one may have been erased: where its row is
    gone, nothing is said of it.
    """
    keys: dict[str, dict[int, bytes]] = {}
    refused = []
    for granted in ledger.grants(holder):
        if granted.statement not in sealed and granted.version < ledger.compartment(granted.compartment).version:
            continue
        try:
            private = open_grant(open_private, sealed[granted.statement], holder, granted)
        except (KeyError, SealBroken, GrantBroken):
            refused.append(granted.statement)
        else:
            keys.setdefault(granted.compartment, {})[granted.version] = private
    return OpenedGrants(keys, tuple(refused))


def _place(compartment: str, version: int, holder: bytes, statement: int) -> tuple[bytes | str, ...]:
    return ("grant", compartment, version.to_bytes(2, "big"), holder, statement.to_bytes(4, "big"))
