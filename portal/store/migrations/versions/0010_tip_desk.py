"""Gives each tip a key for what staff write about it, and a place for what the list shows of that."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the two columns. Tips of an older house have no such key: the first act of the desk makes it."""
    op.add_column("tip_keys", sa.Column("desk_copy", sa.LargeBinary))
    op.add_column("tips", sa.Column("desk_card", sa.LargeBinary))


def downgrade() -> None:
    """Drop them: what staff wrote for themselves opens for nobody after it."""
    op.drop_column("tips", "desk_card")
    op.drop_column("tip_keys", "desk_copy")
