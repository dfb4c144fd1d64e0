"""Names the rows of quality: sheets without a name on them, and how many said yes, a little or no in a quarter."""

from typing import Final

from sqlalchemy import Column, Integer, LargeBinary, String, Table

from portal.store.database import metadata

# Which kind of sheet it is, and all that was marked, is in the seal. Whose work was looked at stands nowhere.
quality_sheets: Final = Table(
    "quality_sheets",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("day", String(10), nullable=False),
    Column("until", String(10), nullable=False),
    Column("sealed", LargeBinary, nullable=False, info={"sealed": "records"}),
    Column("pepper", Integer, nullable=False),
    Column("mark", LargeBinary(32), nullable=False),
    sqlite_with_rowid=False,
    info={"backup": "apart"},
)

# One row a quarter, raised once a week by many answers at a time, and never by one (decision 0046). `week`: the Monday
# of the last raising.
afterwards: Final = Table(
    "afterwards",
    metadata,
    Column("quarter", String(7), primary_key=True),
    Column("week", String(10), nullable=False),
    Column("yes", Integer, nullable=False),
    Column("some", Integer, nullable=False),
    Column("no", Integer, nullable=False),
    sqlite_with_rowid=False,
)
