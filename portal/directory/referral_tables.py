"""Names the rows of referrals: a day, who made it, whether it is asked about later, and all else sealed."""

from typing import Final

from sqlalchemy import Column, Integer, LargeBinary, String, Table

from portal.store.database import metadata

# Whom it is about and where she was sent stand inside the seal alone: a row tells that on this day somebody referred.
referrals: Final = Table(
    "directory_referrals",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("day", String(10), nullable=False),
    Column("staff", LargeBinary(16), nullable=False, index=True),
    Column("waits", String(8), nullable=False),  # for its outcome: waits, or empty
    Column("sealed", LargeBinary, nullable=False, info={"sealed": "records"}),
    Column("pepper", Integer, nullable=False),
    Column("mark", LargeBinary(32), nullable=False),
    Column("until", String(10), nullable=False),  # the last day it is kept
    # What it belongs to, under the pepper: it goes and stays with that. None in a row of before there was such a thing.
    Column("part", LargeBinary, nullable=True),
    sqlite_with_rowid=False,
    info={"backup": "apart"},
)
