"""Makes the tables of the alerts: by which ways people are reached, and who is on call when."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0002"
branch_labels = None
depends_on = None

# A server counts an Integer in four bytes, which end in 2038; a file does not.
SECONDS = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "alert_ways",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("person", sa.LargeBinary(16), nullable=False),
        sa.Column("way", sa.String(10), nullable=False),
        sa.Column("pepper", sa.Integer, nullable=False),
        sa.Column("target", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "on_call",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("rung", sa.Integer, nullable=False),
        sa.Column("person", sa.LargeBinary(16), nullable=False),
        sa.Column("begins", SECONDS, nullable=False),
        sa.Column("ends", SECONDS, nullable=False),
        sa.Column("pepper", sa.Integer, nullable=False),
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop both; the ladder is then to be written down anew."""
    for table in ("on_call", "alert_ways"):
        op.drop_table(table)
