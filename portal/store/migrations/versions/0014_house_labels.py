"""Makes the table of the labels a house offers on every tip."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, empty."""
    op.create_table(
        "tip_house_labels",
        sa.Column("label", sa.String(30), primary_key=True),
        sa.Column("place", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop it; labels on tips stay with the tips."""
    op.drop_table("tip_house_labels")
