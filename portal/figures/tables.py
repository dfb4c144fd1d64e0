"""Names the rows of the figures: what became of a chat, sealed; a quarter's exact counts, sealed; what is shown."""

from typing import Final

from sqlalchemy import Column, Integer, LargeBinary, String, Table, Text

from portal.store.database import metadata

# One for each chat that was asked for, answered or not, until its quarter is closed. In clear: the month.
figure_slips: Final = Table(
    "figure_slips",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("month", String(7), nullable=False),
    Column("sealed", LargeBinary, nullable=False, info={"sealed": "records"}),
    Column("pepper", Integer, nullable=False),
    Column("mark", LargeBinary(32), nullable=False),
    sqlite_with_rowid=False,
    # One that came back after its quarter was closed would be counted twice.
    info={"backup": "never"},
)

# Exact counts, small ones among them: sealed, and gone once the year they are needed for is closed.
figure_tallies: Final = Table(
    "figure_tallies",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("quarter", String(7), nullable=False, unique=True),
    Column("sealed", LargeBinary, nullable=False, info={"sealed": "records"}),
    Column("pepper", Integer, nullable=False),
    Column("mark", LargeBinary(32), nullable=False),
    sqlite_with_rowid=False,
    info={"backup": "apart"},
)

# What is shown of a quarter (`2026-Q4`) or a year (`2026`): small counts are not in it. Written once, never changed.
figure_releases: Final = Table(
    "figure_releases",
    metadata,
    Column("span", String(7), primary_key=True),
    Column("day", String(10), nullable=False),
    Column("body", Text, nullable=False),
    Column("pepper", Integer, nullable=False),
    Column("mark", LargeBinary(32), nullable=False),  # under the pepper: who writes rows publishes no figures
    sqlite_with_rowid=False,
)

# Records that came into a quarter which was closed already: they count in the next one. In clear: which, and in which
# quarter it came. Gone once that is closed.
figure_late: Final = Table(
    "figure_late",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("quarter", String(7), nullable=False),
    Column("pepper", Integer, nullable=False),
    Column("mark", LargeBinary(32), nullable=False),
    sqlite_with_rowid=False,
    info={"backup": "never"},
)

# A shape of report that somebody gave a name: which days and which parts of it. No figure is in it.
figure_shapes: Final = Table(
    "figure_shapes",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("name", String(60), nullable=False),
    Column("spec", Text, nullable=False),
    Column("pepper", Integer, nullable=False),
    Column("mark", LargeBinary(32), nullable=False),
    sqlite_with_rowid=False,
)
