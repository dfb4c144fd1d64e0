"""Which right each kind of statement needs from its signer, and which fields it may use."""

from __future__ import annotations

from portal.vault.statement import KeyRight, Kind, Statement


def rights_needed(statement: Statement) -> frozenset[KeyRight]:
    """Every right the signer must have at that point of the chain; the root needs none.

    Whoever hands out rights needs each of them as well: nobody can give another person, or a second account of their
    own, more than they were given.
    """
    match statement.kind:
        case Kind.STAFF:
            return frozenset({KeyRight.VOUCH})
        case Kind.GRANTER:
            return frozenset({KeyRight.VOUCH, *statement.rights})
        case Kind.COMPARTMENT | Kind.ROTATE:
            return frozenset({KeyRight.ROTATE})
        case Kind.GRANT:
            return frozenset({KeyRight.GRANT})
        case Kind.REVOKE:
            return frozenset({KeyRight.GRANT if statement.compartment else KeyRight.VOUCH})
        case Kind.TOMBSTONE | Kind.ROOT:
            return frozenset()  # Of its successor the ledger lets nobody but the root speak.


def uses_only(statement: Statement, *used: str) -> bool:
    """Whether every field but those `used` is empty: a field without meaning would be a place to hide one."""
    return all(
        name in used or not getattr(statement, name) for name in ("subject", "compartment", "version", "keys", "rights")
    )
