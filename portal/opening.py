"""Knows what this house is called, how it is reached by phone, and whether its doors are open yet."""

import asyncio
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import Boolean, Column, Integer, LargeBinary, String, Table, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.errors import Away
from portal.staff.keys.keys_folder import KeysFolder
from portal.store.database import Database, DatabaseAway, metadata
from portal.vault.marks import is_marked, mark

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
    Column("mark", LargeBinary(32), nullable=False),  # under the pepper: who writes rows writes no phone number
)

KEPT_SECONDS: Final = 1.0

_PURPOSE: Final = "site facts"
_MARKED: Final = ("name", "phone_line", "region", "receipt_salt", "is_sheet_kept", "is_open")

_log = logging.getLogger("porchlight.opening")


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


class FactsForged(Away):
    """The facts of the house were not written by this house: somebody changed the row from outside."""


class Opening:
    """Reads the facts at most once a second; when the database is away it answers with what it last knew.

    The row carries a mark made with the pepper, which lies outside the database. Otherwise whoever can write rows could
    put his own phone number on every page, and a person in danger would call him.
    """

    def __init__(self, database: Database, folder: KeysFolder, phone_line: str | None = None) -> None:
        """`phone_line` from the settings stands in where none has been written down yet."""
        self._database = database
        self._folder = folder
        self._peppers: Mapping[int, bytes] = {}
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
                self._known = await self.read(connection)
        except DatabaseAway:
            return self._known
        except FactsForged:
            # Aloud, each second; what this process knew before stands, and one that knew nothing says "closed".
            _log.error("site_facts_refused")
            self._known = replace(self._known, is_set_up=True)
        self._read_at = now
        return self._known

    async def read(self, connection: AsyncConnection) -> SiteFacts:
        """The facts as the database holds them now. Raises FactsForged, KeysFolderWrong."""
        row = await _row(connection)
        if row is None:
            return SiteFacts(phone_line=self._phone_line)
        await self._check(row)
        return SiteFacts(
            name=row.name,
            phone_line=row.phone_line or self._phone_line,
            region=row.region,
            is_open=row.is_open,
            receipt_salt=row.receipt_salt,
            is_set_up=True,
            is_sheet_kept=row.is_sheet_kept,
        )

    async def begin(
        self, connection: AsyncConnection, *, name: str, phone_line: str, region: str, receipt_salt: bytes
    ) -> None:
        """Write the one row inside the set-up's transaction, doors closed; IntegrityError when there is one."""
        facts = {
            "name": name,
            "phone_line": phone_line,
            "region": region,
            "receipt_salt": receipt_salt,
            "is_sheet_kept": False,
            "is_open": False,
        }
        await self._read_peppers()
        await connection.execute(insert(site).values(id=1, **facts, mark=self._mark(facts)))

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
        """Write the given facts inside the caller's transaction; what is None stays as it is. Raises FactsForged."""
        given = {
            "name": name,
            "phone_line": phone_line,
            "region": region,
            "is_sheet_kept": is_sheet_kept,
            "is_open": is_open,
        }
        row = await _row(connection)
        if row is None:
            return
        await self._check(row)
        facts = {key: getattr(row, key) for key in _MARKED} | {
            key: value for key, value in given.items() if value is not None
        }
        await connection.execute(update(site).where(site.c.id == 1).values(**facts, mark=self._mark(facts)))
        self.forget()

    async def _check(self, row: Any) -> None:  # Any: a row of the database, typed nowhere before this line
        if is_marked(self._peppers.values(), row.mark, *said(row)):
            return
        # Perhaps under a pepper that was added since.
        await self._read_peppers()
        if not is_marked(self._peppers.values(), row.mark, *said(row)):
            raise FactsForged("the facts of the house were changed from outside")

    async def _read_peppers(self) -> None:
        self._peppers = await asyncio.to_thread(self._folder.peppers)

    def _mark(self, facts: Mapping[str, Any]) -> bytes:
        return mark(self._peppers[max(self._peppers)], _PURPOSE, *_parts(facts))


def said(row: Any) -> tuple[str, *tuple[bytes | str, ...]]:  # Any: a row of the database
    """What the mark of the row is made of: its purpose, then its parts."""
    return _PURPOSE, *_parts({key: getattr(row, key) for key in _MARKED})


async def is_set_up(connection: AsyncConnection) -> bool:
    """Whether somebody has set this house up."""
    return await _row(connection) is not None


async def _row(connection: AsyncConnection) -> Any:
    return (await connection.execute(select(site).where(site.c.id == 1))).one_or_none()


def _parts(facts: Mapping[str, Any]) -> tuple[bytes | str, ...]:
    return tuple(fact if isinstance(fact, bytes) else str(fact) for fact in (facts[key] for key in _MARKED))
