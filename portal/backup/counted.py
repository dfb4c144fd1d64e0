"""Says in words what is in a house that came back, so that somebody can say whether that is all of it."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, func, select

from portal.store.database import metadata

# A table by name: the tips' room is above this one, and is named by nobody here.
_KINDS: Final = (
    ("tips", "tips"),
    ("tip_files", "files on tips"),
    ("contact_records", "records of contacts"),
    ("cases", "cases"),
    ("consents", "consents"),
    ("directory_referrals", "referrals"),
    ("directory_services", "services of the directory"),
    ("audit_lines", "lines of the audit"),
)


def in_words(connection: Connection) -> str:
    """`20,041 tips, 40 files on tips, ...`; what there is none of is not named."""
    counted = ((select(func.count()).select_from(metadata.tables[name]), what) for name, what in _KINDS)
    found = ((connection.scalar(number), what) for number, what in counted)
    return ", ".join(f"{number:,} {what}" for number, what in found if number) or "nothing"
