"""Gives each line of the audit a place in a chain, and the ways by which its page looks lines up.

Lines of an older version are left as they are: the table refuses change. The first line written from here on takes
them in, for its digest runs over every line before it (portal/staff/trail/audit_chain.py).
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

LOOKED_UP_BY = ("day", "act", "staff", "subject")


def upgrade() -> None:
    """Add the columns, empty in what stands, and the indexes."""
    op.add_column("audit_lines", sa.Column("previous", sa.LargeBinary(32), nullable=True))
    op.add_column("audit_lines", sa.Column("mark", sa.LargeBinary(32), nullable=True))
    for name in LOOKED_UP_BY:
        op.create_index(f"ix_audit_lines_{name}", "audit_lines", [name, "n"])


def downgrade() -> None:
    """Take them away; the lines stay."""
    for name in LOOKED_UP_BY:
        op.drop_index(f"ix_audit_lines_{name}", "audit_lines")
    op.drop_column("audit_lines", "mark")
    op.drop_column("audit_lines", "previous")
