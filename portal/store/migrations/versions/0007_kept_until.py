"""Gives an entry the last day it is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the day; what stands there has none."""
    op.add_column("sealed_entries", sa.Column("until", sa.String(10), nullable=False, server_default=sa.text("''")))


def downgrade() -> None:
    """Take it away."""
    op.drop_column("sealed_entries", "until")
