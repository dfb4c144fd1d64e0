"""Makes the table of what the operator said of the languages of the chat."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, empty: the chat is on in every language, and nobody is promised a call."""
    op.create_table(
        "chat_tongues",
        sa.Column("language", sa.String(35), primary_key=True),
        sa.Column("word", sa.String(16), primary_key=True),
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("chat_tongues")
