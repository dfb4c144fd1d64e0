"""Makes the tables of cases: the case, its people, its contacts, what was written to it, whose it is, what holds it."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make all of them, empty."""
    _make_cases()
    for name, extra in (
        (
            "case_people",
            (
                sa.Column("revision", sa.Integer, nullable=False),
                sa.Column("sealed", sa.LargeBinary, nullable=False),
                sa.Column("names", sa.LargeBinary, nullable=False),
            ),
        ),
        (
            "case_contacts",
            (
                sa.Column("find", sa.LargeBinary(32), nullable=False),
                sa.Column("sealed", sa.LargeBinary, nullable=False),
            ),
        ),
        (
            "case_notes",
            (
                sa.Column("kind", sa.String(8), nullable=False),
                sa.Column("sealed", sa.LargeBinary, nullable=False),
            ),
        ),
    ):
        op.create_table(
            name,
            sa.Column("id", sa.LargeBinary(16), primary_key=True),
            sa.Column("day", sa.String(10), nullable=False),
            sa.Column("case_id", sa.LargeBinary(16), nullable=False),
            *extra,
            sa.Column("pepper", sa.Integer, nullable=False),
            sa.Column("mark", sa.LargeBinary(32), nullable=False),
            sqlite_with_rowid=False,
        )
        op.create_index(f"ix_{name}_case_id", name, ["case_id"])
    op.create_index("ix_case_contacts_find", "case_contacts", ["find"])
    _make_the_rest()


def _make_cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("touched", sa.String(10), nullable=False),
        sa.Column("status", sa.String(8), nullable=False),
        sa.Column("waits", sa.String(8), nullable=False),
        sa.Column("merged_into", sa.LargeBinary(16), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("pepper", sa.Integer, nullable=False),
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("cases_by_touched", "cases", ["touched", "id"])
    op.create_index("cases_by_status", "cases", ["status", "touched", "id"])
    op.create_index("cases_by_merged_into", "cases", ["merged_into"])


def _make_the_rest() -> None:
    op.create_table(
        "case_hands",
        sa.Column("case_id", sa.LargeBinary(16), primary_key=True),
        sa.Column("staff", sa.LargeBinary(16), primary_key=True),
        sa.Column("pepper", sa.Integer, nullable=False),
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("case_hands_by_staff", "case_hands", ["staff", "case_id"])
    op.create_table(
        "case_holds",
        sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("case_id", sa.LargeBinary(16), nullable=False),
        sa.Column("word", sa.String(8), nullable=False),
        sa.Column("staff", sa.LargeBinary(16), nullable=False),
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
    )
    op.create_table(
        "case_tombstones",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("day", sa.String(10), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "case_proofs",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("found", sa.String(8), nullable=False),
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop them, and every case with them: an older house knows no place for them."""
    for name in (
        *("case_proofs", "case_tombstones", "case_holds", "case_hands", "case_notes", "case_contacts"),
        *("case_people", "cases"),
    ):
        op.drop_table(name)
