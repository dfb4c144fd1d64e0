"""Makes the tables of the shapes of reports that have a name, and of records that came late."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both, empty."""
    op.create_table(
        "figure_late",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("quarter", sa.String(7), nullable=False),
        sa.Column("pepper", sa.Integer, nullable=False),
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "figure_shapes",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("spec", sa.Text, nullable=False),
        sa.Column("pepper", sa.Integer, nullable=False),
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop both: the names of shapes are gone, and what came late is in no quarter. No figure is gone."""
    op.drop_table("figure_late")
    op.drop_table("figure_shapes")
