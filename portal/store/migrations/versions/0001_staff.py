"""The staff room's first rows: people, invitations, statements, grants, the audit trail, and the facts of the house."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = ("key_statements", "audit_lines")
# A server counts an Integer in four bytes, which end in 2038; a file does not.
SECONDS = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

REFUSE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def upgrade() -> None:
    """Make the tables; what is append-only refuses change and removal, so not even our own mistake can rewrite it."""
    op.create_table(
        "site_facts",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("phone_line", sa.String(40), nullable=False),
        sa.Column("region", sa.String(40), nullable=False),
        sa.Column("receipt_salt", sa.LargeBinary(16), nullable=False),
        sa.Column("is_sheet_kept", sa.Boolean, nullable=False),
        sa.Column("is_open", sa.Boolean, nullable=False),
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
    )
    op.create_table(
        "staff_people",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("find", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("alias", sa.String(60), nullable=False),
        sa.Column("role", sa.String(24), nullable=False),
        sa.Column("languages", sa.String(200), nullable=False),
        sa.Column("tongue", sa.String(16), nullable=False),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("open_public", sa.LargeBinary(32), nullable=False),
        sa.Column("sign_public", sa.LargeBinary(32), nullable=False),
        sa.Column("salt", sa.LargeBinary(16), nullable=False),
        sa.Column("parameters", sa.LargeBinary(7), nullable=False),
        sa.Column("pepper", sa.Integer, nullable=False),
        sa.Column("verifier", sa.LargeBinary(32), nullable=False),
        sa.Column("bundle", sa.LargeBinary, nullable=False),
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "staff_invitations",
        sa.Column("find", sa.LargeBinary(32), primary_key=True),
        sa.Column("role", sa.String(24), nullable=False),
        sa.Column("alias", sa.String(60), nullable=False),
        sa.Column("languages", sa.String(200), nullable=False),
        sa.Column("tongue", sa.String(16), nullable=False),
        sa.Column("invited_by", sa.LargeBinary(16), nullable=False),
        sa.Column("ends", SECONDS, nullable=False),
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "key_statements",
        sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("line", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "key_grants",
        sa.Column("statement", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("holder", sa.LargeBinary(16), nullable=False),
        sa.Column("seal", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "audit_lines",
        sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("act", sa.String(40), nullable=False),
        sa.Column("staff", sa.LargeBinary(16), nullable=False),
        sa.Column("subject", sa.LargeBinary(32), nullable=False),
    )
    if op.get_bind().dialect.name == "postgresql":
        _refuse_on_a_server()
    else:
        _refuse_in_a_file()


def downgrade() -> None:
    """Take the tables away again, the people and every key with them."""
    for table in ("audit_lines", "key_grants", "key_statements", "staff_invitations", "staff_people", "site_facts"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")


def _refuse_in_a_file() -> None:
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def _refuse_on_a_server() -> None:
    op.execute(REFUSE)
    for table in APPEND_ONLY:
        for verb, each in (("UPDATE", "ROW"), ("DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"FOR EACH {each} EXECUTE FUNCTION refuse_change()"
            )
