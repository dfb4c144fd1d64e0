"""Names the rows of the library: every version the staff ever wrote, and which of them each language shows."""

from typing import Final

from sqlalchemy import Column, Integer, LargeBinary, String, Table, Text

from portal.store.database import metadata

# Everything here is written to be read by everybody. What a version says stays as it was written: a change is a new
# version, going back is showing an older one.
versions: Final = Table(
    "library_versions",
    metadata,
    Column("name", String(24), primary_key=True),
    Column("language", String(16), primary_key=True),
    Column("number", Integer, primary_key=True),  # from 1; 0 is what ships
    Column("words", Text, nullable=False),  # JSON of portal.library.text.Text
    Column("day", String(10), nullable=False),
    Column("by", LargeBinary(16), nullable=False),
    Column("pepper", Integer, nullable=False),
    Column("mark", LargeBinary(32), nullable=False),  # under the pepper: who writes rows puts no words on our pages
    sqlite_with_rowid=False,
)

shown: Final = Table(
    "library_shown",
    metadata,
    Column("name", String(24), primary_key=True),
    Column("language", String(16), primary_key=True),
    Column("number", Integer, nullable=False),  # a version, 0 for what ships, -1 for nothing
    Column("reader", String(80), nullable=False),  # who read these words through in this language; empty: nobody
    Column("read_on", String(10), nullable=False),
    Column("day", String(10), nullable=False),
    Column("by", LargeBinary(16), nullable=False),
    Column("pepper", Integer, nullable=False),
    Column("mark", LargeBinary(32), nullable=False),
    sqlite_with_rowid=False,
)
