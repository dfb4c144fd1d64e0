"""Makes the tables of the directory, and the index by which each database finds words in it."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0023"
branch_labels = None
depends_on = None

# `ascii` breaks nothing that portal.directory.folding made; `detail=none`: which signs stand where matters to nobody.
_FILE = (
    "CREATE VIRTUAL TABLE directory_index USING fts5(signs, content='directory_words', content_rowid='number',"
    " detail='none', tokenize='ascii')"
)
_SERVER = "CREATE INDEX directory_index ON directory_words USING gin (array_to_tsvector(string_to_array(signs, ' ')))"


def upgrade() -> None:
    """Make them, empty."""
    op.create_table(
        "directory_organisations",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("sort", sa.LargeBinary(80), nullable=False, index=True),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("pepper", sa.Integer, nullable=False),
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "directory_services",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("number", sa.Integer, nullable=False, unique=True),
        sa.Column("organisation", sa.LargeBinary(16), nullable=False, index=True),
        sa.Column("sort", sa.LargeBinary(80), nullable=False, index=True),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("reviewed", sa.String(10), nullable=False, index=True),
        sa.Column("reviewed_by", sa.LargeBinary(16), nullable=False),
        sa.Column("pepper", sa.Integer, nullable=False),
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "directory_words",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("signs", sa.Text, nullable=False),
    )
    op.execute(sa.text(_FILE if op.get_bind().dialect.name == "sqlite" else _SERVER))


def downgrade() -> None:
    """Drop them, and every entry with them: an older house knows no place for them."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(sa.text("DROP TABLE directory_index"))
    for name in ("directory_words", "directory_services", "directory_organisations"):
        op.drop_table(name)
