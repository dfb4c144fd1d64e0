"""Makes the tables of the pages to read: every version, and which of them is shown."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both, empty: every page shows what ships."""
    op.create_table(
        "library_versions",
        sa.Column("name", sa.String(24), primary_key=True),
        sa.Column("language", sa.String(16), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("by", sa.LargeBinary(16), nullable=False),
        sa.Column("pepper", sa.Integer, nullable=False),
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "library_shown",
        sa.Column("name", sa.String(24), primary_key=True),
        sa.Column("language", sa.String(16), primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("reader", sa.String(80), nullable=False),
        sa.Column("read_on", sa.String(10), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("by", sa.LargeBinary(16), nullable=False),
        sa.Column("pepper", sa.Integer, nullable=False),
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop both; an older house shows no pages of its own."""
    op.drop_table("library_shown")
    op.drop_table("library_versions")
