"""Names the rows of the interpreters' cards: what everybody at the desk may read, and what is sealed."""

from typing import Final

from sqlalchemy import Column, Integer, LargeBinary, String, Table

from portal.store.database import metadata

# A provider's number is in the telephone book, and the house's agreement with it is no secret; the account number is
# money, and whoever has it can call as if he were this house. Nothing here tells who was ever called, or when.
interpreters: Final = Table(
    "interpreters",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("place", Integer, nullable=False),
    Column("provider", String(120), nullable=False),
    Column("phone", String(60), nullable=False),
    Column("hours", String(200), nullable=False),
    Column("languages", String(600), nullable=False),  # tags, a space between; empty: every language
    Column("account", LargeBinary, nullable=False, info={"sealed": "chat"}),  # empty: there is none
    Column("pepper", Integer, nullable=False),
    Column("mark", LargeBinary(32), nullable=False),  # under the pepper: who writes rows has nobody call his own number
    sqlite_with_rowid=False,
)
