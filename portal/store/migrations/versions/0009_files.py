"""Makes the tables of pictures on tips: their rows, their sealed pieces, what is held, and the switch."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "tip_files",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("tip", sa.LargeBinary(16), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("card", sa.LargeBinary, nullable=False),
        sa.Column("pieces", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("tip_files_by_tip", "tip_files", ["tip"])
    op.create_index("tip_files_by_state", "tip_files", ["state"])
    op.create_table(
        "tip_file_pieces",
        sa.Column("file", sa.LargeBinary(16), primary_key=True),
        sa.Column("which", sa.String(8), primary_key=True),
        sa.Column("at", sa.Integer, primary_key=True),
        sa.Column("box", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "tip_file_holds",
        sa.Column("file", sa.LargeBinary(16), primary_key=True),
        sa.Column("tip", sa.LargeBinary(16), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("hold", sa.String(8), nullable=False),
        sa.Column("first", sa.LargeBinary(16), nullable=False),
        sa.Column("second", sa.LargeBinary(16), nullable=False),
        sa.Column("third", sa.LargeBinary(16), nullable=False),
        sa.Column("key_copy", sa.LargeBinary, nullable=False),
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tip_files_switch",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("word", sa.String(8), nullable=False),
        sa.Column("entry", sa.LargeBinary(16), nullable=False),
        sa.Column("whom", sa.String(200), nullable=False),
        sa.Column("by", sa.LargeBinary(16), nullable=False),
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
    )


def downgrade() -> None:
    """Drop them, and every picture with them: an older house knows no place for them."""
    for table in ("tip_files_switch", "tip_file_holds", "tip_file_pieces", "tip_files"):
        op.drop_table(table)
