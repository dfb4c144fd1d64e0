"""Says of each tip when it is next looked at, and makes the tables of holds, of rounds, and of what was searched."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them. A tip from before is given its look in the first round, as if something had been done in that week.

    No number from before leaves a key for an empty thread: those end with their words.
    """
    op.add_column("tips", sa.Column("look", sa.String(10), nullable=False, server_default=sa.text("''")))
    op.add_column("tips", sa.Column("step", sa.String(8), nullable=False, server_default=sa.text("''")))
    op.create_index("tips_by_look", "tips", ["look", "step", "status"])
    op.add_column("tip_keys", sa.Column("channel", sa.LargeBinary(66)))
    op.add_column("tip_keys", sa.Column("channel_copy", sa.LargeBinary))
    op.create_table(
        "tip_holds",
        sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("tip", sa.LargeBinary(16), nullable=False),
        sa.Column("word", sa.String(8), nullable=False),
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
    )
    op.create_table(
        "tip_rounds",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("week", sa.String(10), nullable=False),
    )
    op.create_table(
        "tip_proofs",
        sa.Column("tip", sa.LargeBinary(16), primary_key=True),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("found", sa.String(8), nullable=False),
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("tip_proofs_by_day", "tip_proofs", ["day"])


def downgrade() -> None:
    """Take them away, the holds too: an older house knows no place for them."""
    for table in ("tip_proofs", "tip_rounds", "tip_holds"):
        op.drop_table(table)
    op.drop_column("tip_keys", "channel_copy")
    op.drop_column("tip_keys", "channel")
    op.drop_index("tips_by_look", "tips")
    op.drop_column("tips", "step")
    op.drop_column("tips", "look")
