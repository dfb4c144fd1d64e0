"""The rows of the staff room: people, invitations, statements, sealed compartment keys, the audit trail."""

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, String, Table

from portal.store.columns import Seconds
from portal.store.database import metadata

# `find` is an HMAC of the sign-in name under a pepper kept outside the database: a stolen disk shows the alias a
# person chose for work, never the name she signs in with.
people: Final = Table(
    "staff_people",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("find", LargeBinary(32), nullable=False, unique=True),
    Column("alias", String(60), nullable=False),
    Column("role", String(24), nullable=False),
    Column("languages", String(200), nullable=False),  # tags she reads, a space between
    Column("tongue", String(16), nullable=False),  # the language her desk speaks to her
    Column("is_active", Boolean, nullable=False),
    Column("generation", Integer, nullable=False),  # every session of an older generation is over
    Column("open_public", LargeBinary(32), nullable=False),  # claimed, not believed: only the statements are
    Column("sign_public", LargeBinary(32), nullable=False),
    Column("salt", LargeBinary(16), nullable=False),
    Column("parameters", LargeBinary(7), nullable=False),  # of this row's Argon2id run
    Column("pepper", Integer, nullable=False),  # number of the pepper this row was made with
    Column("verifier", LargeBinary(32), nullable=False),
    Column("bundle", LargeBinary, nullable=False),
    Column("mark", LargeBinary(32), nullable=False),  # HMAC under the pepper: who writes rows writes no roles
    # Both or neither: empty in the row of an older house, whose mark does not cover them either.
    Column("training", String(60)),  # what she has learned, a space between
    Column("second", String(10)),  # her second proof: "on", or since which day she is asked for one
    sqlite_with_rowid=False,
)

invitations: Final = Table(
    "staff_invitations",
    metadata,
    Column("find", LargeBinary(32), primary_key=True),  # SHA-256 of the one-time code
    Column("role", String(24), nullable=False),
    Column("alias", String(60), nullable=False),
    Column("languages", String(200), nullable=False),
    Column("tongue", String(16), nullable=False),
    Column("invited_by", LargeBinary(16), nullable=False),
    Column("ends", Seconds, nullable=False),
    Column("mark", LargeBinary(32), nullable=False),
    Column("training", String(60)),  # empty in the row of an older house
    sqlite_with_rowid=False,
    # A code that was used since must not let somebody in again.
    info={"backup": "never"},
)

# A code for somebody who forgot her passphrase: with it she makes herself new keys, which open nothing.
anew_codes: Final = Table(
    "staff_anew",
    metadata,
    Column("find", LargeBinary(32), primary_key=True),  # SHA-256 of the one-time code
    Column("person", LargeBinary(16), nullable=False),
    Column("made_by", LargeBinary(16), nullable=False),
    Column("ends", Seconds, nullable=False),
    Column("pepper", Integer, nullable=False),
    Column("mark", LargeBinary(32), nullable=False),
    sqlite_with_rowid=False,
    # A code that was used since must not work again.
    info={"backup": "never"},
)

# What a second proof is checked against, sealed under the pepper with its name: the disk shows how many a person has
# and since which day, and no secret. Never when one was used: a code's step is remembered elsewhere, for minutes.
factors: Final = Table(
    "staff_factors",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("person", LargeBinary(16), nullable=False, index=True),
    Column("kind", String(8), nullable=False),
    Column("day", String(10), nullable=False),
    Column("pepper", Integer, nullable=False),
    Column("used", BigInteger, nullable=False),  # a passkey's own counter, or which codes of the slip are spent
    Column("sealed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

# Somebody's second proof is lost, says one person; a second one has to say so too.
resets: Final = Table(
    "staff_resets",
    metadata,
    Column("person", LargeBinary(16), primary_key=True),
    Column("asked_by", LargeBinary(16), nullable=False),
    Column("day", String(10), nullable=False),
    Column("mark", LargeBinary(32), nullable=False),
    sqlite_with_rowid=False,
    # Asked in another house, for another person's phone.
    info={"backup": "never"},
)

# Append-only: triggers made by the migration refuse change and removal, and the signed chain finds out anyway.
statements: Final = Table(
    "key_statements",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("line", LargeBinary, nullable=False),
)

# The private half of one compartment version, sealed to the holder that the statement of this number names.
grants: Final = Table(
    "key_grants",
    metadata,
    Column("statement", Integer, primary_key=True, autoincrement=False),
    Column("holder", LargeBinary(16), nullable=False),
    Column("seal", LargeBinary, nullable=False),
)

# What was done, by whom, to what, on which day. Never what was said. Numbered without a gap: a line that is missing
# shows, while a server's own numbers skip one for every act that was rolled back. Written by trail/audit.py
# alone, which chains them; the same triggers as above refuse change and removal.
audit: Final = Table(
    "audit_lines",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("day", String(10), nullable=False),
    Column("act", String(40), nullable=False),
    Column("staff", LargeBinary(16), nullable=False),
    Column("subject", LargeBinary(32), nullable=False),
    # The digest of the line before, and a mark under the pepper; none in lines of a version that made no chain.
    Column("previous", LargeBinary(32)),
    Column("mark", LargeBinary(32)),
)
for _name in ("day", "act", "staff", "subject"):
    # By what its page looks lines up, the newest first.
    Index(f"ix_audit_lines_{_name}", audit.c[_name], audit.c.n)
