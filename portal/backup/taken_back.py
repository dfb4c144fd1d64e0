"""Makes sure that a consent which was taken back is not given again by putting an older day back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, delete, select

from portal.backup.rows import Batch
from portal.consent.book import TAKEN_BACK
from portal.consent.tables import consents
from portal.staff.tables import audit
from portal.store.migrate import DatabaseNotReady


def said_here(path: Path) -> set[bytes]:
    """Which consents the house that stands here knows to be taken back, by its audit."""
    try:
        with closing(sqlite3.connect(path, timeout=10)) as connection:
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (audit.name,)).fetchone():
                return set()
            asked = f"SELECT subject FROM {audit.name} WHERE act = ?"  # noqa: S608 - a name of ours
            return {subject for (subject,) in connection.execute(asked, (TAKEN_BACK,)) if subject}
    except sqlite3.DatabaseError:
        raise DatabaseNotReady(f"What was taken back cannot be read: the file {path} is damaged.") from None


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
