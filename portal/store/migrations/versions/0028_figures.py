"""Makes the tables of the figures: what became of chats, exact counts, and what is shown."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the three, empty."""
    op.create_table(
        "figure_slips",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("pepper", sa.Integer, nullable=False),
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "figure_tallies",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("quarter", sa.String(7), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("pepper", sa.Integer, nullable=False),
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
        sa.UniqueConstraint("quarter", name="uq_figure_tallies_quarter"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "figure_releases",
        sa.Column("span", sa.String(7), primary_key=True),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("pepper", sa.Integer, nullable=False),
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop all three: an older house shows no figures."""
    op.drop_table("figure_releases")
    op.drop_table("figure_tallies")
    op.drop_table("figure_slips")
