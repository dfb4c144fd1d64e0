"""Writes one line of the audit: what was done, by whom, to what, on which day; never what was said."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from portal.staff.trail.audit_chain import Page
from portal.staff.trail.audited import act_of
from portal.store.database import page_of


async def line(connection: AsyncConnection, *, at: datetime, act: str, staff_id: bytes, subject: bytes = b"") -> None:
    """Append one line inside the caller's own transaction, so the act and its line stand or fall together.

    `act` is of the table in audited.py; `subject` an id of at most 32 bytes. Only the day of `at` is kept:
    an hour would let somebody match a line with a person. The line holds the digest of the one before it. Raises
    ValueError for an act that is in no table, KeysFolderWrong where the pepper cannot be read.
    """
    if act_of(act) is None:
        raise ValueError(f"no row of the table names {act}")
    page = page_of(connection)
    if not isinstance(page, Page):
        raise TypeError("nobody keeps the chain on this connection")
    await page.write(connection, day=at.date().isoformat(), act=act[:40], staff=staff_id, subject=subject[:32])
