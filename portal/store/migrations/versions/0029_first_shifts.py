"""Makes the table of how far each person is in her guided first shift."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make it, empty."""
    op.create_table(
        "first_shifts",
        sa.Column("person", sa.LargeBinary(16), primary_key=True),
        sa.Column("done", sa.String(200), nullable=False),
        sa.Column("is_away", sa.Boolean, nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop it: everybody begins her first shift again."""
    op.drop_table("first_shifts")
