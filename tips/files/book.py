"""Keeps which files are taken, under marks of this house's own, and the name of the procedure behind it."""

import asyncio
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.errors import PorchlightError
from portal.opening import KEPT_SECONDS, FactsForged
from portal.staff.keys.keys_folder import KeysFolder
from portal.store.database import Database, DatabaseAway
from portal.vault.marks import is_marked, mark
from tips.files.kinds import Sort
from tips.files.tables import tip_files_sorts, tip_files_switch

_PURPOSE: Final = "tip files switch"
_SORT: Final = "tip files sort"
_log = logging.getLogger("porchlight.tips")


@dataclass(frozen=True)
class FilesSwitch:
    """Whether files are taken. `entry` names the procedure among the records, `whom` says whom to call.

    `sorts`: what is switched on besides photos.
    """

    is_on: bool = False
    entry: bytes = b""
    whom: str = ""
    by: bytes = b""
    sorts: frozenset[Sort] = frozenset()


OFF: Final = FilesSwitch()


class FilesBook:
    """Reads the switch at most once a second; what nobody can read, or another house wrote, is off."""

    def __init__(self, database: Database, folder: KeysFolder) -> None:
        self._database = database
        self._folder = folder
        self._peppers: Mapping[int, bytes] = {}
        self._known = OFF
        self._read_at: float | None = None

    async def switch(self) -> FilesSwitch:
        """The switch, never older than a second while the database answers; off while it does not."""
        now = time.monotonic()
        if self._read_at is not None and now - self._read_at < KEPT_SECONDS:
            return self._known
        try:
            async with self._database.read() as connection:
                self._known = await self._read(connection)
        except DatabaseAway:
            return OFF
        except PorchlightError:  # A row from elsewhere, or no keys folder yet: nothing is taken.
            _log.error("files_switch_refused")
            self._known = OFF
        self._read_at = now
        return self._known

    async def set(self, connection: AsyncConnection, switch: FilesSwitch) -> None:
        """Write the switch inside the caller's transaction."""
        self._peppers = await asyncio.to_thread(self._folder.peppers)
        row = {"word": "on" if switch.is_on else "off", "entry": switch.entry, "whom": switch.whom, "by": switch.by}
        made = mark(self._peppers[max(self._peppers)], _PURPOSE, *row.values())
        await connection.execute(delete(tip_files_switch))
        await connection.execute(insert(tip_files_switch).values(id=1, **row, mark=made))
        self._read_at = None

    async def set_sort(self, connection: AsyncConnection, sort: Sort, *, entry: bytes, by: bytes) -> None:
        """Write that this sort is taken under this procedure, or with an empty name of one that it is not."""
        self._peppers = await asyncio.to_thread(self._folder.peppers)
        await connection.execute(delete(tip_files_sorts).where(tip_files_sorts.c.sort == sort.value))
        if entry:
            made = mark(self._peppers[max(self._peppers)], _SORT, sort.value, entry, by)
            await connection.execute(insert(tip_files_sorts).values(sort=sort.value, entry=entry, by=by, mark=made))
        self._read_at = None

    def forget(self) -> None:
        """Read afresh at the next question: something was just changed."""
        self._read_at = None

    async def _read(self, connection: AsyncConnection) -> FilesSwitch:
        row = (await connection.execute(select(tip_files_switch))).one_or_none()
        if row is None:
            return OFF
        if not self._is_ours(row):
            self._peppers = await asyncio.to_thread(self._folder.peppers)
            if not self._is_ours(row):
                raise FactsForged("the switch for pictures was changed from outside")
        sorts = await self._sorts(connection, row.entry)
        return FilesSwitch(row.word == "on" and bool(row.entry), row.entry, row.whom, row.by, sorts)

    async def _sorts(self, connection: AsyncConnection, entry: bytes) -> frozenset[Sort]:
        """Those whose row this house wrote, for this very procedure."""
        rows = (await connection.execute(select(tip_files_sorts).where(tip_files_sorts.c.entry == entry))).all()
        ours = {row.sort for row in rows if is_marked(self._peppers.values(), row.mark, *said_of_sort(row))}
        return frozenset(sort for sort in Sort if sort.value in ours)

    def _is_ours(self, row: Any) -> bool:  # Any: a row of the database, typed nowhere before this
        return is_marked(self._peppers.values(), row.mark, *said_of_switch(row))


def said_of_switch(row: Any) -> tuple[str, *tuple[bytes | str, ...]]:  # Any: as above
    """What the mark of a row is made of: its purpose, then its parts."""
    return _PURPOSE, row.word, row.entry, row.whom, row.by


def said_of_sort(row: Any) -> tuple[str, *tuple[bytes | str, ...]]:  # Any: as above
    """The same of a sort of file."""
    return _SORT, row.sort, row.entry, row.by
