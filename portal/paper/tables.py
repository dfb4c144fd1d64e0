"""The rows about the recovery sheets: one for each of three, and what stands in it is sealed."""

from typing import Final

from sqlalchemy import Column, Integer, LargeBinary, Table

from portal.store.database import metadata

# Who keeps it, what shows that it is on paper, and since when that was shown. No row: a house with one sheet.
recovery_sheets: Final = Table(
    "recovery_sheets",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),  # 1 to 3
    Column("of_set", LargeBinary(4), nullable=False),  # sheets that were replaced are of another
    Column("pepper", Integer, nullable=False),  # number of the pepper the card is sealed under
    Column("card", LargeBinary, nullable=False),
)
