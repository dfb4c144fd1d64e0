"""Names the rows of cases: the case, its people, its contacts, what was written to it, and whose it is."""

from typing import Any, Final

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table

from portal.store.database import metadata


def _row(*columns: Column[Any]) -> tuple[Column[Any], ...]:
    """A row with a name of its own, a day, and the mark of this house over all that stands in it."""
    return (
        Column("id", LargeBinary(16), primary_key=True),
        Column("day", String(10), nullable=False),
        *columns,
        Column("pepper", Integer, nullable=False),
        Column("mark", LargeBinary(32), nullable=False),
    )


def _sealed(name: str = "sealed", compartment: str = "records") -> Column[Any]:
    return Column(name, LargeBinary, nullable=False, info={"sealed": compartment})


# In clear: that on this day a case was opened, when it was last worked on, how it stands, and whether a supervisor is
# waited for. What it is about, where, and how likely is inside the seal.
cases: Final = Table(
    "cases",
    metadata,
    *_row(
        Column("touched", String(10), nullable=False),  # the day of the last work on it: its clocks begin here
        Column("status", String(8), nullable=False),  # active, followup, closed, referred, merged
        Column("waits", String(8), nullable=False),  # for a supervisor's entry: as a contact record's
        Column("merged_into", LargeBinary(16), nullable=False),  # the case it was merged into; empty: none
        Column("revision", Integer, nullable=False),
        _sealed(),
    ),
    Index("cases_by_touched", "touched", "id"),
    Index("cases_by_status", "status", "touched", "id"),
    Index("cases_by_merged_into", "merged_into"),
    sqlite_with_rowid=False,
    # What goes one day must not lie longer in a file that is kept for years.
    info={"backup": "apart"},
)

# `names` is what alone could point at somebody: sealed to a compartment of its own, empty where nothing was written or
# its days are over.
case_people: Final = Table(
    "case_people",
    metadata,
    *_row(
        Column("case_id", LargeBinary(16), nullable=False, index=True),
        Column("revision", Integer, nullable=False),
        _sealed(),
        _sealed("names", "names"),
    ),
    sqlite_with_rowid=False,
    info={"backup": "apart"},
)

# Which record of a contact and which tip belongs to a case stands sealed; `find` is a mark under the pepper by which
# this house finds the case of a contact, and nobody who holds the rows alone.
case_contacts: Final = Table(
    "case_contacts",
    metadata,
    *_row(
        Column("case_id", LargeBinary(16), nullable=False, index=True),
        Column("find", LargeBinary(32), nullable=False, index=True),
        _sealed(),
    ),
    sqlite_with_rowid=False,
    info={"backup": "apart"},
)

# What was written to a case, and never written over: a note, a supervisor's entry, what was done with it.
case_notes: Final = Table(
    "case_notes",
    metadata,
    *_row(
        Column("case_id", LargeBinary(16), nullable=False, index=True),
        Column("kind", String(8), nullable=False),  # note, entry, done
        _sealed(),
    ),
    sqlite_with_rowid=False,
    info={"backup": "apart"},
)

# Whose case it is. In clear, because the door asks before anything is opened; the audit names who opened it anyway.
case_hands: Final = Table(
    "case_hands",
    metadata,
    Column("case_id", LargeBinary(16), primary_key=True),
    Column("staff", LargeBinary(16), primary_key=True),
    Column("pepper", Integer, nullable=False),
    Column("mark", LargeBinary(32), nullable=False),
    Index("case_hands_by_staff", "staff", "case_id"),
    sqlite_with_rowid=False,
    info={"backup": "apart"},
)

# Only ever added to, each row marked together with the one before it, as the holds of tips are.
case_holds: Final = Table(
    "case_holds",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("case_id", LargeBinary(16), nullable=False),
    Column("word", String(8), nullable=False),  # asked, held, ended
    Column("staff", LargeBinary(16), nullable=False),
    Column("mark", LargeBinary(32), nullable=False),
)

# What was erased must stay erased when an old backup is put back: cases, people, contacts and notes by their ids.
case_tombstones: Final = Table(
    "case_tombstones",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("day", String(10), nullable=False),
    sqlite_with_rowid=False,
)

# What was found when the files were searched for what had been erased. Never in a backup: it is said of other files.
case_proofs: Final = Table(
    "case_proofs",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("day", String(10), nullable=False),
    Column("found", String(8), nullable=False),  # nothing, something, server
    Column("mark", LargeBinary(32), nullable=False),
    sqlite_with_rowid=False,
    info={"backup": "never"},
)

PARTS: Final = (case_people, case_contacts, case_notes, case_hands)
"""All that hangs on a case by its id."""
