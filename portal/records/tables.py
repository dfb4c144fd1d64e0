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
