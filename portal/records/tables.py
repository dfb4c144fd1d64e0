"""Names the rows of the records: a day, a kind, what was sealed, and a supervisor's answer where one is waited for."""

from typing import Final

from sqlalchemy import Column, Integer, LargeBinary, String, Table, text

from portal.store.database import metadata

# No hour, no person and no conversation in clear: a row tells that on this day something of this kind was written down.
sealed_entries: Final = Table(
    "sealed_entries",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("day", String(10), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("answer", String(8), nullable=False),  # empty: none is waited for; waits, yes, no
    Column("answered_by", LargeBinary(16), nullable=False),  # a staff id, or empty
    Column("sealed", LargeBinary, nullable=False, info={"sealed": "records"}),
    Column("pepper", Integer, nullable=False),
    Column("mark", LargeBinary(32), nullable=False),  # under the pepper: who writes rows slips nothing in
    Column(
        "until", String(10), nullable=False, server_default=text("''")
    ),  # the last day it is kept; empty: no such day
    sqlite_with_rowid=False,
    # What somebody agreed to have kept until a day must not lie longer in a file that is kept for years.
    info={"backup": "apart"},
)

# The short record of one contact. What it says, when exactly, by which channel and by whom is inside the seal.
contact_records: Final = Table(
    "contact_records",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("day", String(10), nullable=False),
    Column("waits", String(8), nullable=False),  # for a supervisor's entry: empty: for none; now, shift, asked, done
    Column("sealed", LargeBinary, nullable=False, info={"sealed": "records"}),
    Column("pepper", Integer, nullable=False),
    Column("mark", LargeBinary(32), nullable=False),
    Column("until", String(10), nullable=False),  # the last day it is kept
    sqlite_with_rowid=False,
    info={"backup": "apart"},
)

# What a supervisor wrote to one of them. More than one may stand there: what was written is never written over.
supervisor_entries: Final = Table(
    "supervisor_entries",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("record", LargeBinary(16), nullable=False),
    Column("day", String(10), nullable=False),
    Column("sealed", LargeBinary, nullable=False, info={"sealed": "records"}),
    Column("pepper", Integer, nullable=False),
    Column("mark", LargeBinary(32), nullable=False),
    Column("until", String(10), nullable=False),
    sqlite_with_rowid=False,
    info={"backup": "apart"},
)
