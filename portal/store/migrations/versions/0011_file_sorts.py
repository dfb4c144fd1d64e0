"""Makes the tables of what opens one file, and of the sorts of file a house takes besides photos."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them, and an index that says how much room is given away."""
    op.create_table(
        "tip_file_keys",
        sa.Column("file", sa.LargeBinary(16), primary_key=True),
        sa.Column("copy", sa.LargeBinary(32), nullable=False),
        sa.Column("original", sa.LargeBinary(32), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tip_files_sorts",
        sa.Column("sort", sa.String(8), primary_key=True),
        sa.Column("entry", sa.LargeBinary(16), nullable=False),
        sa.Column("by", sa.LargeBinary(16), nullable=False),
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
    )
    op.create_index("tip_files_by_pieces", "tip_files", ["pieces"])


def downgrade() -> None:
    """Drop them: what came since opens for nobody then."""
    op.drop_index("tip_files_by_pieces", "tip_files")
    op.drop_table("tip_files_sorts")
    op.drop_table("tip_file_keys")
