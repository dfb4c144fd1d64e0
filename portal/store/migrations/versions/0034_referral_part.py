"""Lets this house tell which case, contact or tip a referral belongs to, so that it goes and stays with it."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, empty in what was written before."""
    op.add_column("directory_referrals", sa.Column("part", sa.LargeBinary, nullable=True))


def downgrade() -> None:
    """Drop it: an older house lets referrals go by their days alone."""
    op.drop_column("directory_referrals", "part")
