"""Writes one line of the audit trail: what was done, by whom, to what, on which day; never what was said."""

from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.staff.tables import audit


async def line(connection: AsyncConnection, *, at: datetime, act: str, staff_id: bytes, subject: bytes = b"") -> None:
    """Append one line inside the caller's own transaction, so the act and its line stand or fall together.

    `act` is a dull word such as `tip.opened`; `subject` an id of at most 32 bytes. Only the day of `at` is kept:
    an hour would let somebody match a line with a person.
    """
    # The next number; nobody else writes before this transaction ends.
    number = select(func.coalesce(func.max(audit.c.n), 0) + 1).scalar_subquery()
    await connection.execute(
        insert(audit).values(n=number, day=at.date().isoformat(), act=act[:40], staff=staff_id, subject=subject[:32])
    )
