"""Makes the tables of the chat's door: hours by language, the zone they are meant in, the supervisor's switch."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# A server counts an Integer in four bytes, which end in 2038; a file does not.
SECONDS = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the three tables."""
    op.create_table(
        "chat_hours",
        sa.Column("language", sa.String(35), primary_key=True),
        sa.Column("weekday", sa.Integer, primary_key=True),
        sa.Column("begins", sa.Integer, primary_key=True),
        sa.Column("ends", sa.Integer, nullable=False),
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "chat_zone",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
    )
    op.create_table(
        "chat_switch",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("word", sa.String(8), nullable=False),
        sa.Column("until", SECONDS),
        sa.Column("by", sa.LargeBinary(16), nullable=False),
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
    )


def downgrade() -> None:
    """Drop them: the chat is then open whenever somebody takes chats, as before."""
    for table in ("chat_switch", "chat_zone", "chat_hours"):
        op.drop_table(table)
