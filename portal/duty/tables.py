"""Names the rows of decisions on reports, of the words to each, and of a region's own protocol."""

from typing import Final

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table, Text

from portal.store.database import metadata

# In clear: that some decision waits for a second person. All else as in the table of consents.
decisions: Final = Table(
    "report_decisions",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("find", LargeBinary(32), nullable=False),
    Column("waits", String(8), nullable=False),  # empty, or waits
    Column("part", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False, info={"sealed": "records"}),
    Column("pepper", Integer, nullable=False),
    Column("mark", LargeBinary(32), nullable=False),
    Column("until", String(10), nullable=False),  # the last day it is kept
    sqlite_with_rowid=False,
    info={"backup": "apart"},
)
Index("ix_report_decisions_find", decisions.c.find)

# What a second person wrote to one, and what came of it. What was written is never written over.
decision_words: Final = Table(
    "decision_words",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("decision", LargeBinary(16), nullable=False),
    Column("sealed", LargeBinary, nullable=False, info={"sealed": "records"}),
    Column("pepper", Integer, nullable=False),
    Column("mark", LargeBinary(32), nullable=False),
    Column("until", String(10), nullable=False),
    sqlite_with_rowid=False,
    info={"backup": "apart"},
)
Index("ix_decision_words_decision", decision_words.c.decision)

# How this house refers and reports in one region. Nobody is named in it, so nothing of it is sealed.
protocols: Final = Table(
    "region_protocols",
    metadata,
    Column("region", String(16), primary_key=True),
    Column("words", Text, nullable=False),
    Column("day", String(10), nullable=False),
    Column("by", LargeBinary(16), nullable=False),
    Column("pepper", Integer, nullable=False),
    Column("mark", LargeBinary(32), nullable=False),
    sqlite_with_rowid=False,
)
