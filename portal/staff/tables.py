"""The rows of the staff room: people, invitations, statements, sealed compartment keys, the audit trail."""

from typing import Final

from sqlalchemy import Boolean, Column, Integer, LargeBinary, String, Table

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
    Column("parameters", String(40), nullable=False),  # of this row's Argon2id run
    Column("pepper", Integer, nullable=False),  # number of the pepper this row was made with
    Column("verifier", LargeBinary(32), nullable=False),
    Column("bundle", LargeBinary, nullable=False),
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
    Column("ends", Integer, nullable=False),  # seconds since 1970
    sqlite_with_rowid=False,
)

# Append-only: triggers made by the migration refuse change and removal, and the signed chain finds out anyway.
statements: Final = Table(
    "key_statements",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),
    Column("signature", LargeBinary(64), nullable=False),
)

# The private half of one compartment version, sealed to one holder (16 zero bytes: the recovery key).
grants: Final = Table(
    "key_grants",
    metadata,
    Column("statement", Integer, primary_key=True, autoincrement=False),  # the number its seal is bound to
    Column("compartment", String(16), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("holder", LargeBinary(16), primary_key=True),
    Column("seal", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

# What was done, by whom, to what, on which day. Never what was said.
audit: Final = Table(
    "audit_lines",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=True),
    Column("day", String(10), nullable=False),
    Column("act", String(40), nullable=False),
    Column("staff", LargeBinary(16), nullable=False),
    Column("subject", LargeBinary(32), nullable=False),
)
