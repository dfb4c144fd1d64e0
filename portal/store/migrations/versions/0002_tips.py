"""Makes the tables of the tip room: tips, their keys, their parts, and the tombstones of the erased."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the four tables."""
    op.create_table(
        "tips",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("receipt", sa.String(8), nullable=False),
        sa.Column("card", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("tips_by_status_and_day", "tips", ["status", "day"])
    op.create_table(
        "tip_keys",
        sa.Column("tip", sa.LargeBinary(16), sa.ForeignKey("tips.id"), primary_key=True),
        sa.Column("words_copy", sa.LargeBinary, nullable=False),
        sa.Column("names_copy", sa.LargeBinary, nullable=False),
        sa.Column("pepper", sa.Integer),
        sa.Column("find", sa.LargeBinary(16), unique=True),
        sa.Column("receipt_copy", sa.LargeBinary),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tip_parts",
        sa.Column("tip", sa.LargeBinary(16), sa.ForeignKey("tips.id"), primary_key=True),
        sa.Column("part", sa.LargeBinary(16), primary_key=True),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("box", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tip_tombstones",
        sa.Column("tip", sa.LargeBinary(16), primary_key=True),
        sa.Column("day", sa.String(10), nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop them, and with them every tip: only for a database nobody has used yet."""
    for table in ("tip_tombstones", "tip_parts", "tip_keys", "tips"):
        op.drop_table(table)
