"""The eight things a statement can say, each as a function that fills in the fields its kind uses.

Every function takes the chain's head, the signer and the day, and gives the signed line that comes next. Who may say
which is decided by the ledger (`portal.vault.statements`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from portal.vault.statement import RECOVERY, ROOT, Head, KeyRight, Kind, Signer, Statement, sign_statement


def say_staff(
    latest: Head, signer: Signer, day: date, staff_id: bytes, open_public: bytes, sign_public: bytes
) -> Statement:
    """These are this person's public keys. Said again, it takes the old keys, their rights and grants away."""
    return sign_statement(latest, signer, day, Kind.STAFF, subject=staff_id, keys=(open_public, sign_public))


def say_recovery(latest: Head, root: Signer, day: date, open_public: bytes) -> Statement:
    """This is the public key of the recovery pair; only the root may say it."""
    return sign_statement(latest, root, day, Kind.STAFF, subject=RECOVERY, keys=(open_public,))


def say_root(latest: Head, root: Signer, day: date, root_public: bytes, next_public: bytes) -> Statement:
    """This is my key and that is the next root's: the last word of a root. The next line is the next root's."""
    return sign_statement(latest, root, day, Kind.ROOT, subject=ROOT, keys=(root_public, next_public))


def say_granter(latest: Head, signer: Signer, day: date, staff_id: bytes, rights: Iterable[KeyRight]) -> Statement:
    """These, and no others, are the things this person may sign from now on."""
    return sign_statement(latest, signer, day, Kind.GRANTER, subject=staff_id, rights=rights)


def say_compartment(latest: Head, signer: Signer, day: date, compartment: str, public: bytes) -> Statement:
    """This compartment exists; this is the public key of its version 1."""
    return sign_statement(latest, signer, day, Kind.COMPARTMENT, compartment=compartment, version=1, keys=(public,))


def say_rotate(latest: Head, signer: Signer, day: date, compartment: str, version: int, public: bytes) -> Statement:
    """From now on the compartment is sealed to this public key, its next version."""
    return sign_statement(latest, signer, day, Kind.ROTATE, compartment=compartment, version=version, keys=(public,))


def say_grant(
    latest: Head,
    signer: Signer,
    day: date,
    holder: bytes,
    compartment: str,
    version: int,
    holder_public: bytes,
    compartment_public: bytes,
) -> Statement:
    """This holder, with this public key, is let into this version of the compartment, with that public key."""
    return sign_statement(
        latest,
        signer,
        day,
        Kind.GRANT,
        subject=holder,
        compartment=compartment,
        version=version,
        keys=(holder_public, compartment_public),
    )


def say_revoke(latest: Head, signer: Signer, day: date, holder: bytes, compartment: str = "") -> Statement:
    """This holder is out of the compartment, in all its versions; without a compartment, out of the house."""
    return sign_statement(latest, signer, day, Kind.REVOKE, subject=holder, compartment=compartment)


def say_tombstone(latest: Head, signer: Signer, day: date, subject: bytes) -> Statement:
    """What bears this id was erased and must be erased again when a backup brings it back."""
    return sign_statement(latest, signer, day, Kind.TOMBSTONE, subject=subject)
