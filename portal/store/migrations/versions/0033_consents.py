"""Makes the tables of consents, of decisions on reports and their words, and of the protocols of regions."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them, empty."""
    op.create_table(
        "consents",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("find", sa.LargeBinary(32), nullable=False),
        sa.Column("part", sa.LargeBinary, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("pepper", sa.Integer, nullable=False),
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
        sa.Column("until", sa.String(10), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_consents_find", "consents", ["find"])
    op.create_table(
        "report_decisions",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("find", sa.LargeBinary(32), nullable=False),
        sa.Column("waits", sa.String(8), nullable=False),
        sa.Column("part", sa.LargeBinary, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("pepper", sa.Integer, nullable=False),
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
        sa.Column("until", sa.String(10), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_report_decisions_find", "report_decisions", ["find"])
    op.create_table(
        "decision_words",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("decision", sa.LargeBinary(16), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("pepper", sa.Integer, nullable=False),
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
        sa.Column("until", sa.String(10), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_decision_words_decision", "decision_words", ["decision"])
    op.create_table(
        "region_protocols",
        sa.Column("region", sa.String(16), primary_key=True),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("by", sa.LargeBinary(16), nullable=False),
        sa.Column("pepper", sa.Integer, nullable=False),
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop them, and every consent and decision with them: an older house knows no place for them."""
    for name in ("region_protocols", "decision_words", "report_decisions", "consents"):
        op.drop_table(name)
