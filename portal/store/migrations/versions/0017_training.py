"""Adds what a person has learned and how her second proof stands, and what is known of an invited one."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, empty: the marks of these rows do not cover them, and only the house can write new ones."""
    op.add_column("staff_people", sa.Column("training", sa.String(60)))
    op.add_column("staff_people", sa.Column("second", sa.String(10)))
    op.add_column("staff_invitations", sa.Column("training", sa.String(60)))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("staff_invitations", "training")
    op.drop_column("staff_people", "second")
    op.drop_column("staff_people", "training")
