"""Makes the table of the interpreters' cards."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, empty."""
    op.create_table(
        "interpreters",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("provider", sa.String(120), nullable=False),
        sa.Column("phone", sa.String(60), nullable=False),
        sa.Column("hours", sa.String(200), nullable=False),
        sa.Column("languages", sa.String(600), nullable=False),
        sa.Column("account", sa.LargeBinary, nullable=False),
        sa.Column("pepper", sa.Integer, nullable=False),
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop it; account numbers go with it."""
    op.drop_table("interpreters")
