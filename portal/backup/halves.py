"""Looks whether what a backup brought back opens to the keys that came with it, or needs those of another day."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from portal.rotation.source import named_version
from portal.staff.tables import grants
from portal.store.database import metadata
from portal.vault.statements import RECOVERY, Ledger


def missing_halves(connection: Connection, ledger: Ledger) -> set[tuple[str, int]]:
    """Compartments and versions something is sealed to whose private half is not even sealed to the recovery pair."""
    kept = connection.execute(select(grants.c.statement).where(grants.c.holder == RECOVERY)).scalars()
    there = {ledger.history.place_of(statement) for statement in kept}
    sealed = [column for table in metadata.tables.values() for column in table.columns if "sealed" in column.info]
    found = set()
    for column in sealed:
        versions = select(named_version(column)).where(func.length(column) > 0).distinct()
        found |= {
            (str(column.info["sealed"]), int.from_bytes(version, "big"))
            for version in connection.execute(versions).scalars()
        }
    return found - there
