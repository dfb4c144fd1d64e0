"""Writes into the audit of a house that it was put back, and says whether what came back holds together."""

from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import Connection, insert, select

from portal.staff.tables import audit
from portal.staff.trail.audit_chain import NOBODY, as_row, of_row
from portal.vault.audit_lines import Walk, next_line
from portal.vault.statement import NOTHING_SAID, Head


def written_down(connection: Connection, *, peppers: Mapping[int, bytes]) -> tuple[Head, bool]:
    """One line more, and how far the audit goes with it; False where the chain of the backup breaks.

    A chain that breaks keeps nobody from putting the house back: it broke before, and says so for ever.
    """
    walk = Walk(NOTHING_SAID, NOTHING_SAID, peppers.values())
    for row in connection.execute(select(audit).order_by(audit.c.n)):
        walk.step(of_row(row))
    line, head = next_line(
        walk.head,
        peppers[max(peppers)],
        day=datetime.now(UTC).date().isoformat(),
        act="house.restored",
        staff=NOBODY,
        subject=b"",
    )
    connection.execute(insert(audit).values(**as_row(line)))
    return head, not walk.breaks
