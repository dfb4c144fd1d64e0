"""Names the rows of the directory: organisations, their services, and what services are found by."""

from typing import Final

from sqlalchemy import Column, Integer, LargeBinary, String, Table, Text

from portal.store.database import metadata

# Nothing here is secret; but whoever changed the number of a shelter would send people to himself. So each row has a
# mark under the pepper. Who looked what up is nowhere written.
organisations: Final = Table(
    "directory_organisations",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("sort", LargeBinary(80), nullable=False, index=True),
    Column("body", Text, nullable=False),
    Column("pepper", Integer, nullable=False),
    Column("mark", LargeBinary(32), nullable=False),
    sqlite_with_rowid=False,
)

services: Final = Table(
    "directory_services",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("number", Integer, nullable=False, unique=True),  # of its line in `directory_words`
    Column("organisation", LargeBinary(16), nullable=False, index=True),
    Column("sort", LargeBinary(80), nullable=False, index=True),
    Column("body", Text, nullable=False),
    Column("reviewed", String(10), nullable=False, index=True),  # empty: by nobody yet
    Column("reviewed_by", LargeBinary(16), nullable=False),
    Column("pepper", Integer, nullable=False),
    Column("mark", LargeBinary(32), nullable=False),
    sqlite_with_rowid=False,
)

# Made from the rows above, and made again whenever one changes; each database keeps its own index over it.
words: Final = Table(
    "directory_words",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("signs", Text, nullable=False),
)

# What another directory handed over, as it came: it is handed on again with what we do not know of, and a row nobody
# here changed goes out as it came in. `service`: whose it is; nobody's: sixteen noughts.
came: Final = Table(
    "directory_came",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("service", LargeBinary(16), nullable=False, index=True),
    Column("name", String(40), nullable=False),  # json, or a table of the standard
    Column("place", Integer, nullable=False),
    Column("body", Text, nullable=False),
    sqlite_with_rowid=False,
)
