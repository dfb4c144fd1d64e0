"""Names the rows of consents: of what and to whom only the house itself can tell, in whose words only the records."""

from typing import Final

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table

from portal.store.database import metadata

# No day, no kind and no reader in clear. `find` and `part` are under the pepper (portal/vault/gate_parts.py).
consents: Final = Table(
    "consents",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("find", LargeBinary(32), nullable=False),
    Column("part", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False, info={"sealed": "records"}),
    Column("pepper", Integer, nullable=False),
    Column("mark", LargeBinary(32), nullable=False),
    Column("until", String(10), nullable=False),  # the last day it is kept
    sqlite_with_rowid=False,
    info={"backup": "apart"},
)
Index("ix_consents_find", consents.c.find)
