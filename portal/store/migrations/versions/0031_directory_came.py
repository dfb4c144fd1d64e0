"""Makes the table of what another directory handed over, as it came."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make it, empty."""
    op.create_table(
        "directory_came",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("service", sa.LargeBinary(16), nullable=False, index=True),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop it: an older house hands on what it knows."""
    op.drop_table("directory_came")
