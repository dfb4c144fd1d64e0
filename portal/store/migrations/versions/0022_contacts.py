"""Makes the tables of the short records of contacts, and of what supervisors wrote to them."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both, empty."""
    op.create_table(
        "contact_records",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("waits", sa.String(8), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("pepper", sa.Integer, nullable=False),
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
        sa.Column("until", sa.String(10), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "supervisor_entries",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("record", sa.LargeBinary(16), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("pepper", sa.Integer, nullable=False),
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
        sa.Column("until", sa.String(10), nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop both, and every record with them: an older house knows no place for them."""
    op.drop_table("supervisor_entries")
    op.drop_table("contact_records")
