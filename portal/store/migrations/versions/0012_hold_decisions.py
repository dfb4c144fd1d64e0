"""Adds to what is held of files the decision about it, and the entry that says why."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the two columns."""
    op.add_column("tip_file_holds", sa.Column("what", sa.String(8)))
    op.add_column("tip_file_holds", sa.Column("entry", sa.LargeBinary(16)))


def downgrade() -> None:
    """Drop them; what is frozen stays so."""
    op.drop_column("tip_file_holds", "entry")
    op.drop_column("tip_file_holds", "what")
