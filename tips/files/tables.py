"""The rows of files; in clear stand random ids, a day, how far each has come, and sizes in steps."""

from typing import Final

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table

from portal.store.database import metadata

# Not bound to `tips` by a rule of the database: a house one step older, which erases tips beside this one for the
# minute of a restart, knows nothing of pictures. What it leaves behind is swept up, and opens for nobody.
tip_files: Final = Table(
    "tip_files",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("tip", LargeBinary(16), nullable=False),
    Column("day", String(10), nullable=False),
    Column("state", String(8), nullable=False),
    Column("revision", Integer, nullable=False),  # of the card
    Column("card", LargeBinary, nullable=False),  # sealed under the words key
    Column("pieces", Integer, nullable=False),  # of both pictures together, 64 KiB each: what the house has given away
    Index("tip_files_by_tip", "tip"),
    Index("tip_files_by_state", "state"),
    Index("tip_files_by_pieces", "pieces"),  # how much of its room a house has given away is summed from this alone
    sqlite_with_rowid=False,
)

# Rows and not files: a piece is there or not, whenever a process is killed; it goes with its tip in one transaction;
# and every server of a house reaches it (docs/decisions/0017). With a row number of its own, unlike the other tables:
# rows of 64 KiB are kept badly in an index.
tip_file_pieces: Final = Table(
    "tip_file_pieces",
    metadata,
    Column("file", LargeBinary(16), primary_key=True),
    Column("which", String(8), primary_key=True),  # original, drawn
    Column("at", Integer, primary_key=True),
    Column("box", LargeBinary, nullable=False),
)

# What opens one file besides the key to its tip's words: without its row a file opens for nobody, though its tip lives
# on. Apart in a backup and for days only, like the keys of tips. A file of an older house has none.
tip_file_keys: Final = Table(
    "tip_file_keys",
    metadata,
    Column("file", LargeBinary(16), primary_key=True),
    Column("copy", LargeBinary(32), nullable=False),  # a salt; it opens nothing by itself
    Column("original", LargeBinary(32), nullable=False),  # the same, or empty where no original was kept
    sqlite_with_rowid=False,
    info={"backup": "apart"},
)

# A row for each picture that somebody asked to freeze. It outlives its tip: the key to this one picture stands here,
# sealed to the tips compartment, when the tip's own keys are gone.
tip_file_holds: Final = Table(
    "tip_file_holds",
    metadata,
    Column("file", LargeBinary(16), primary_key=True),
    Column("tip", LargeBinary(16), nullable=False),
    Column("day", String(10), nullable=False),
    Column("hold", String(8), nullable=False),
    Column("first", LargeBinary(16), nullable=False),
    Column("second", LargeBinary(16), nullable=False),
    Column("third", LargeBinary(16), nullable=False),
    Column("key_copy", LargeBinary, nullable=False, info={"sealed": "tips"}),
    Column("what", String(8)),  # the decision that waits for a second person, or by which it stays
    Column("entry", LargeBinary(16)),  # what was written down about it among the records
    Column("mark", LargeBinary(32), nullable=False),  # under the pepper: who writes rows lets nothing go
    sqlite_with_rowid=False,
)

# One row, number 1. None: nobody has ever switched pictures on.
tip_files_switch: Final = Table(
    "tip_files_switch",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("word", String(8), nullable=False),
    Column("entry", LargeBinary(16), nullable=False),  # the confirmed procedure among the records
    Column("whom", String(200), nullable=False),  # whom to call about a picture of child abuse
    Column("by", LargeBinary(16), nullable=False),
    Column("mark", LargeBinary(32), nullable=False),  # under the pepper: who writes rows switches nothing on
)

# A row for each sort of file that is taken besides photos. It hangs on one confirmed procedure: with that it is over.
tip_files_sorts: Final = Table(
    "tip_files_sorts",
    metadata,
    Column("sort", String(8), primary_key=True),
    Column("entry", LargeBinary(16), nullable=False),  # the same as the switch's
    Column("by", LargeBinary(16), nullable=False),
    Column("mark", LargeBinary(32), nullable=False),  # under the pepper, as above
)
