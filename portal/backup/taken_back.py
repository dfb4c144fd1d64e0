"""Makes sure that a consent which was taken back is not given again by putting an older day back."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import Connection, delete, select

from portal.backup.rows import Batch
from portal.consent.book import TAKEN_BACK
from portal.consent.tables import consents
from portal.staff.tables import audit
from portal.store.building import acted_here


def said_here(path: Path) -> set[bytes]:
    """Which consents the house that stands here knows to be taken back, by its audit."""
    return acted_here(path, audit.name, TAKEN_BACK)


def said_in(batch: Batch) -> set[bytes]:
    """The same of some rows of another backup."""
    if batch.table != audit.name or "subject" not in batch.columns:
        return set()
    act, subject = batch.columns.index("act"), batch.columns.index("subject")
    return {row[subject] for row in batch.rows if row[act] == TAKEN_BACK and row[subject]}


def take_back_again(connection: Connection, said: Iterable[bytes]) -> int:
    """Delete each of these that stands here as given: of a yes that is gone nothing has to be shown. How many."""
    known = select(audit.c.subject).where(audit.c.act == TAKEN_BACK)
    known_here = set(connection.execute(known).scalars())
    gone = [row for row in said if row not in known_here]
    return sum(connection.execute(delete(consents).where(consents.c.id == row)).rowcount for row in gone)
