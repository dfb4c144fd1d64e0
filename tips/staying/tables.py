"""The rows of how long tips stay: what holds them, which week was looked through, what was searched for."""

from typing import Final

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table

from portal.store.database import metadata

# Only ever added to. Each row is marked together with the one before it, under the pepper: who can only write rows
# neither ends a hold nor takes one out of the middle unseen, and the audit trail counts how many there were.
tip_holds: Final = Table(
    "tip_holds",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("tip", LargeBinary(16), nullable=False),
    Column("word", String(8), nullable=False),  # held, ended
    Column("mark", LargeBinary(32), nullable=False),
)

# One row, number 1: the Monday of the last week whose round is done.
tip_rounds: Final = Table(
    "tip_rounds",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("week", String(10), nullable=False),
)

# What was found when the files were searched for the keys of an erased tip. Never in a backup: it is said of files
# that a restored house does not have.
tip_proofs: Final = Table(
    "tip_proofs",
    metadata,
    Column("tip", LargeBinary(16), primary_key=True),
    Column("day", String(10), nullable=False),
    Column("found", String(8), nullable=False),  # nothing, something, server
    Column("mark", LargeBinary(32), nullable=False),  # under the pepper: who writes rows proves nothing
    Index("tip_proofs_by_day", "day"),
    info={"backup": "never"},
    sqlite_with_rowid=False,
)
