"""Names the rows of the alerts: by which ways a person is reached, and who is on call when."""

from typing import Final

from sqlalchemy import Column, Integer, LargeBinary, String, Table

from portal.store.columns import Seconds
from portal.store.database import metadata

# The target is sealed under a key from the pepper, never to a person: the server reads it with nobody signed in.
alert_ways: Final = Table(
    "alert_ways",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("person", LargeBinary(16), nullable=False),
    Column("way", String(10), nullable=False),
    Column("pepper", Integer, nullable=False),
    Column("target", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

on_call: Final = Table(
    "on_call",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("rung", Integer, nullable=False),
    Column("person", LargeBinary(16), nullable=False),
    Column("begins", Seconds, nullable=False),
    Column("ends", Seconds, nullable=False),
    Column("pepper", Integer, nullable=False),
    Column("mark", LargeBinary(32), nullable=False),  # under the pepper: who writes rows puts nobody on call
    sqlite_with_rowid=False,
)
