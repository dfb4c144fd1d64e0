"""Makes the tables of second proofs and of asking for one to be taken away."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them, empty: nobody of an older house has a second proof yet."""
    op.create_table(
        "staff_factors",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("person", sa.LargeBinary(16), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("pepper", sa.Integer, nullable=False),
        sa.Column("used", sa.BigInteger, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_staff_factors_person", "staff_factors", ["person"])
    op.create_table(
        "staff_resets",
        sa.Column("person", sa.LargeBinary(16), primary_key=True),
        sa.Column("asked_by", sa.LargeBinary(16), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop them; who had a second proof cannot sign in any more."""
    op.drop_table("staff_resets")
    op.drop_index("ix_staff_factors_person", "staff_factors")
    op.drop_table("staff_factors")
