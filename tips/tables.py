"""The rows of the tip room; in clear stand only random ids and marks, days, four status words, sizes in steps."""

from typing import Final

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, text

from portal.store.database import metadata

_LOOSE: Final = text("loose != 0")

# `card` is sealed: even "happening now" or "a child" would let a stolen disk tell tips apart.
tips: Final = Table(
    "tips",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("day", String(10), nullable=False),
    Column("status", String(10), nullable=False),
    Column("receipt", String(8), nullable=False),
    Column("card", LargeBinary, nullable=False),
    # The one shelf on which a copy of this tip may lie, and whether the copy is still what the tip is: 0, or a number
    # drawn at random by whoever changed it last (`tips.shelf_rows`). A row of an older house has no copy anywhere.
    Column("shelf", LargeBinary(16)),
    Column("loose", BigInteger, nullable=False, server_default="1"),
    # The Monday of the week in which the tip is next looked at, and what for; nothing where somebody did something
    # since the last round (`tips.staying.clock`).
    Column("look", String(10), nullable=False, server_default=text("''")),
    Column("step", String(8), nullable=False, server_default=text("''")),
    # What the list shows of the desk's work on it, sealed under a key no receipt opens; none before the first act.
    Column("desk_card", LargeBinary),
    Index("tips_by_status_and_day", "status", "day"),
    Index("tips_by_look", "look", "step", "status"),
    Index("tips_by_shelf", "shelf", "loose"),
    Index("tips_by_status_and_shelf", "status", "shelf", "loose"),
    Index("tips_loose_by_day", "day", "id", "shelf", "status", sqlite_where=_LOOSE, postgresql_where=_LOOSE),
    sqlite_with_rowid=False,
)

# Copies of what the desk's list shows of some hundred tips, and of their words folded for a search (`tips.shelving`).
# Never in a backup: an erased tip would stay in it, and a house that has none makes them anew.
tip_shelves: Final = Table(
    "tip_shelves",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("day", String(10), nullable=False),
    Column("cards", LargeBinary, nullable=False),
    Column("words", LargeBinary, nullable=False),
    info={"backup": "never"},
    sqlite_with_rowid=False,
)

# Apart from the shelves like the keys of tips: a small table that is soon written anew where something was erased.
tip_shelf_keys: Final = Table(
    "tip_shelf_keys",
    metadata,
    Column("shelf", LargeBinary(16), ForeignKey("tip_shelves.id"), primary_key=True),
    Column("version", Integer, nullable=False),  # of the tips compartment the key is sealed to
    Column("copy", LargeBinary, nullable=False, info={"sealed": "tips"}),
    info={"backup": "never"},
    sqlite_with_rowid=False,
)

# A table of its own, so that it can be backed up apart and for days only: without its row here the words of a tip
# open for nobody, which is what erasing means.
tip_keys: Final = Table(
    "tip_keys",
    metadata,
    Column("tip", LargeBinary(16), ForeignKey("tips.id"), primary_key=True),
    Column("words_copy", LargeBinary, nullable=False, info={"sealed": "tips"}),
    Column("names_copy", LargeBinary, nullable=False, info={"sealed": "names"}),
    Column("pepper", Integer),  # number of the pepper the receipt was made with
    Column("find", LargeBinary(16), unique=True),
    Column("receipt_copy", LargeBinary),  # locked under the receipt
    # To this key of the receipt's the keys of an empty thread are sealed once the words are gone; and those keys,
    # where they are. Whoever has no receipt can seal to it and open nothing.
    Column("channel", LargeBinary(66)),
    Column("channel_copy", LargeBinary),
    Column("desk_copy", LargeBinary, info={"sealed": "tips"}),  # none in a row of an older house
    sqlite_with_rowid=False,
    info={"backup": "apart"},
)

# The first telling, additions, replies (kind `words`), what was tapped and typed beside them (`facts`), what was agreed
# to (`consent`, one for each tap), what could point at the reporter (`names`), and what staff did and wrote among
# themselves (`desk`). Who wrote a part and when, to the second, is inside its seal; so is the order. A sent form makes
# one of each kind, whatever was filled in; only entries of the desk come later.
tip_parts: Final = Table(
    "tip_parts",
    metadata,
    Column("tip", LargeBinary(16), ForeignKey("tips.id"), primary_key=True),
    Column("part", LargeBinary(16), primary_key=True),
    Column("kind", String(8), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("day", String(10), nullable=False),
    Column("box", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

# The labels the house offers on every tip. Which tip carries which is sealed with the tip; this list names none.
tip_house_labels: Final = Table(
    "tip_house_labels",
    metadata,
    Column("label", String(30), primary_key=True),
    Column("place", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# What was erased must stay erased when an old backup is put back: a restore removes every id named here.
tip_tombstones: Final = Table(
    "tip_tombstones",
    metadata,
    Column("tip", LargeBinary(16), primary_key=True),
    Column("day", String(10), nullable=False),
    sqlite_with_rowid=False,
)
