"""Makes the tables of the three recovery sheets and of the codes for a forgotten passphrase."""

import sqlalchemy as sa
from alembic import op

SECONDS = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both, empty: a house that stands has one sheet until its people make three."""
    op.create_table(
        "recovery_sheets",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("of_set", sa.LargeBinary(4), nullable=False),
        sa.Column("pepper", sa.Integer, nullable=False),
        sa.Column("card", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "staff_anew",
        sa.Column("find", sa.LargeBinary(32), primary_key=True),
        sa.Column("person", sa.LargeBinary(16), nullable=False),
        sa.Column("made_by", sa.LargeBinary(16), nullable=False),
        sa.Column("ends", SECONDS, nullable=False),
        sa.Column("pepper", sa.Integer, nullable=False),
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop both."""
    op.drop_table("staff_anew")
    op.drop_table("recovery_sheets")
