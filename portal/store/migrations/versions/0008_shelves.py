"""Makes the tables of shelves and of their keys, and says of each tip whether a copy of it lies on one."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; no tip stands on a shelf yet. A house one step older files tips that are loose, too."""
    op.create_table(
        "tip_shelves",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("cards", sa.LargeBinary, nullable=False),
        sa.Column("words", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tip_shelf_keys",
        sa.Column("shelf", sa.LargeBinary(16), sa.ForeignKey("tip_shelves.id"), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("copy", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.add_column("tips", sa.Column("shelf", sa.LargeBinary(16)))
    op.add_column("tips", sa.Column("loose", sa.BigInteger, nullable=False, server_default="1"))
    op.create_index("tips_by_shelf", "tips", ["shelf", "loose"])
    op.create_index("tips_by_status_and_shelf", "tips", ["status", "shelf", "loose"])
    loose = sa.text("loose != 0")
    op.create_index(
        "tips_loose_by_day", "tips", ["day", "id", "shelf", "status"], sqlite_where=loose, postgresql_where=loose
    )


def downgrade() -> None:
    """Take the shelves away; they are copies."""
    op.drop_index("tips_loose_by_day", "tips")
    op.drop_index("tips_by_status_and_shelf", "tips")
    op.drop_index("tips_by_shelf", "tips")
    op.drop_column("tips", "loose")
    op.drop_column("tips", "shelf")
    op.drop_table("tip_shelf_keys")
    op.drop_table("tip_shelves")
