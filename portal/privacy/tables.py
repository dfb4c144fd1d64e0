"""Names the rows of the privacy desk: that something was asked on a day, what was done, and until when it is kept."""

from typing import Final

from sqlalchemy import Column, Integer, LargeBinary, String, Table

from portal.store.database import metadata

# Not the kind, not by when it is answered (from which the kind could be told), not who asks or about whom: those stand
# in the seal. To the names, because a request says whom somebody looks for; few hold that key.
privacy_requests: Final = Table(
    "privacy_requests",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("day", String(10), nullable=False),
    Column("until", String(10), nullable=False),  # the last day it is kept; empty while it is open
    Column("sealed", LargeBinary, nullable=False, info={"sealed": "names"}),
    Column("pepper", Integer, nullable=False),
    Column("mark", LargeBinary(32), nullable=False),  # under the pepper: who writes rows asks for nothing
    sqlite_with_rowid=False,
    info={"backup": "apart"},
)

# What was done about one, each a row of its own: what was written is never written over.
privacy_steps: Final = Table(
    "privacy_steps",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("request", LargeBinary(16), nullable=False, index=True),
    Column("day", String(10), nullable=False),
    Column("sealed", LargeBinary, nullable=False, info={"sealed": "names"}),
    Column("pepper", Integer, nullable=False),
    Column("mark", LargeBinary(32), nullable=False),
    sqlite_with_rowid=False,
    info={"backup": "apart"},
)
