"""Knows what this house is called, how it is reached by phone, and whether its doors are open yet."""

import time
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Boolean, Column, Integer, LargeBinary, String, Table, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.store.database import Database, DatabaseAway, metadata

# One row, number 1. No row: nobody has set the house up yet.
site: Final = Table(
    "site_facts",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", String(120), nullable=False),
    Column("phone_line", String(40), nullable=False),
    Column("region", String(40), nullable=False),
    Column("receipt_salt", LargeBinary(16), nullable=False),
    Column("is_sheet_kept", Boolean, nullable=False),  # somebody typed the recovery sheet back from paper
    Column("is_open", Boolean, nullable=False),
)

KEPT_SECONDS: Final = 1.0


@dataclass(frozen=True)
class SiteFacts:
    """What every page may say about the house. `is_set_up` is false before the first administrator exists."""

    name: str = ""
    phone_line: str | None = None
    region: str = ""
    is_open: bool = False
    receipt_salt: bytes = b""
    is_set_up: bool = False
    is_sheet_kept: bool = False


class Opening:
    """Reads the facts at most once a second; when the database is away it answers with what it last knew."""

    def __init__(self, database: Database, phone_line: str | None = None) -> None:
        """`phone_line` from the settings stands in where none has been written down yet."""
        self._database = database
        self._phone_line = phone_line
        self._known = SiteFacts(phone_line=phone_line)
        self._read_at: float | None = None

    async def facts(self) -> SiteFacts:
        """The facts, never older than a second while the database answers.

        With the database away the last known facts stand, so the phone number stays on the page; a process that
        has never read them says "closed".
        """
        now = time.monotonic()
        if self._read_at is not None and now - self._read_at < KEPT_SECONDS:
            return self._known
        try:
            async with self._database.read() as connection:
                self._known = await read_facts(connection, self._phone_line)
        except DatabaseAway:
            return self._known
        self._read_at = now
        return self._known

    async def begin(
        self, connection: AsyncConnection, *, name: str, phone_line: str, region: str, receipt_salt: bytes
    ) -> None:
        """Write the one row inside the set-up's transaction, doors closed; IntegrityError when there is one."""
        await connection.execute(
            insert(site).values(
                id=1,
                name=name,
                phone_line=phone_line,
                region=region,
                receipt_salt=receipt_salt,
                is_sheet_kept=False,
                is_open=False,
            )
        )

    def forget(self) -> None:
        """Read the facts afresh at the next question: they were just changed."""
        self._read_at = None

    async def change(
        self,
        connection: AsyncConnection,
        *,
        name: str | None = None,
        phone_line: str | None = None,
        region: str | None = None,
        is_sheet_kept: bool | None = None,
        is_open: bool | None = None,
    ) -> None:
        """Write the given facts inside the caller's transaction; what is None stays as it is."""
        given = {
            "name": name,
            "phone_line": phone_line,
            "region": region,
            "is_sheet_kept": is_sheet_kept,
            "is_open": is_open,
        }
        await connection.execute(
            update(site).where(site.c.id == 1).values({key: value for key, value in given.items() if value is not None})
        )
        self.forget()


async def read_facts(connection: AsyncConnection, phone_line: str | None = None) -> SiteFacts:
    """The facts as the database holds them now; `phone_line` stands in where the row has none."""
    row = (await connection.execute(select(site).where(site.c.id == 1))).one_or_none()
    if row is None:
        return SiteFacts(phone_line=phone_line)
    return SiteFacts(
        name=row.name,
        phone_line=row.phone_line or phone_line,
        region=row.region,
        is_open=row.is_open,
        receipt_salt=row.receipt_salt,
        is_set_up=True,
        is_sheet_kept=row.is_sheet_kept,
    )
