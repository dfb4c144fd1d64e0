"""Names the table of first shifts: one row for each person who has begun one, and nothing of when or how often."""

from sqlalchemy import Boolean, Column, LargeBinary, String, Table

from portal.store.database import metadata

first_shifts = Table(
    "first_shifts",
    metadata,
    Column("person", LargeBinary(16), primary_key=True),
    Column("done", String(200), nullable=False),  # steps, a space between
    Column("is_away", Boolean, nullable=False),
    sqlite_with_rowid=False,
)
