"""Makes the tables of the privacy desk, of what was looked at in the work, and of the one question after a talk."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them, empty."""
    op.create_table(
        "privacy_requests",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("until", sa.String(10), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("pepper", sa.Integer, nullable=False),
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "privacy_steps",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("request", sa.LargeBinary(16), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("pepper", sa.Integer, nullable=False),
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_privacy_steps_request", "privacy_steps", ["request"])
    op.create_table(
        "quality_sheets",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("until", sa.String(10), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("pepper", sa.Integer, nullable=False),
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "afterwards",
        sa.Column("quarter", sa.String(7), primary_key=True),
        sa.Column("week", sa.String(10), nullable=False),
        sa.Column("yes", sa.Integer, nullable=False),
        sa.Column("some", sa.Integer, nullable=False),
        sa.Column("no", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop them, and every request with them: an older house knows no place for them."""
    op.drop_table("afterwards")
    op.drop_table("quality_sheets")
    op.drop_table("privacy_steps")
    op.drop_table("privacy_requests")
