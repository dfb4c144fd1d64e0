"""Keeps the hours of the chat, its languages and the supervisor's switch, each row under a mark of this house's own."""

import asyncio
import logging
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Column, Integer, LargeBinary, String, Table, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.doors import EVERY_LANGUAGE, Doors, Switch, is_known_zone
from portal.hours import Span
from portal.opening import KEPT_SECONDS, FactsForged
from portal.staff.keys.keys_folder import KeysFolder
from portal.store.columns import Seconds
from portal.store.database import Database, DatabaseAway, metadata
from portal.vault.marks import is_marked, mark

# Begin and end are minutes of a day; an empty language stands for every one that has no hours of its own.
hours: Final = Table(
    "chat_hours",
    metadata,
    Column("language", String(35), primary_key=True),
    Column("weekday", Integer, primary_key=True),
    Column("begins", Integer, primary_key=True),
    Column("ends", Integer, nullable=False),
    Column("mark", LargeBinary(32), nullable=False),
    sqlite_with_rowid=False,
)

# One row, number 1, in each of these. None: no zone was chosen, nobody has touched the switch.
zones: Final = Table(
    "chat_zone",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("zone", String(64), nullable=False),
    Column("mark", LargeBinary(32), nullable=False),
)
switches: Final = Table(
    "chat_switch",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("word", String(8), nullable=False),
    Column("until", Seconds),  # none: until somebody says otherwise
    Column("by", LargeBinary(16), nullable=False),
    Column("mark", LargeBinary(32), nullable=False),
)

# What the operator said of a language: that no chat begins in it. Of none, an empty one: that the house can call
# somebody with an interpreter.
tongues: Final = Table(
    "chat_tongues",
    metadata,
    Column("language", String(35), primary_key=True),
    Column("word", String(16), primary_key=True),
    Column("mark", LargeBinary(32), nullable=False),
    sqlite_with_rowid=False,
)

OFF: Final = "off"
CALLS_BACK: Final = "calls_back"

_TABLES: Final = (hours, zones, switches, tongues)
_PURPOSES: Final[Mapping[str, str]] = {each.name: each.name.replace("_", " ") for each in _TABLES}

_log = logging.getLogger("porchlight.doors")


class DoorsBook:
    """Reads the doors at most once a second; when the database is away it answers with what it last knew.

    Each row carries a mark made with the pepper, as the facts of the house do: whoever can only write rows neither
    opens nor closes the chat. Taking rows away, or putting an older one back, is what he can do.
    """

    def __init__(self, database: Database, folder: KeysFolder) -> None:
        self._database = database
        self._folder = folder
        self._peppers: Mapping[int, bytes] = {}
        self._known = Doors(is_known=False)
        self._read_at: float | None = None

    async def doors(self) -> Doors:
        """Hours and switch, never older than a second while the database answers. Before a first reading: closed."""
        now = time.monotonic()
        if self._read_at is not None and now - self._read_at < KEPT_SECONDS:
            return self._known
        try:
            async with self._database.read() as connection:
                self._known = await self.read(connection)
        except DatabaseAway:
            return self._known
        except FactsForged:
            # Aloud, each second; what this process knew before stands.
            _log.error("chat_doors_refused")
        self._read_at = now
        return self._known

    def forget(self) -> None:
        """Read afresh at the next question: something was just changed, here or in another process."""
        self._read_at = None

    async def read(self, connection: AsyncConnection) -> Doors:
        """Hours and switch as the database holds them now. Raises FactsForged, KeysFolderWrong."""
        week: dict[str, list[Span]] = {}
        for row in await connection.execute(select(hours)):
            await self._check(hours, row)
            week.setdefault(row.language, []).append(Span(row.weekday, row.begins, row.ends))
        zone = (await connection.execute(select(zones))).one_or_none()
        if zone is not None:
            await self._check(zones, zone)
        switch = (await connection.execute(select(switches))).one_or_none()
        if switch is not None:
            await self._check(switches, switch)
        said: set[tuple[str, str]] = set()
        for row in await connection.execute(select(tongues)):
            await self._check(tongues, row)
            said.add((row.language, row.word))
        return Doors(
            zone="UTC" if zone is None else _known(zone.zone),
            hours={language: tuple(sorted(spans)) for language, spans in week.items()},
            switch=None if switch is None else _switch(switch),
            off=frozenset(language for language, word in said if word == OFF),
            calls_back=(EVERY_LANGUAGE, CALLS_BACK) in said,
        )

    async def set_hours(self, connection: AsyncConnection, language: str, spans: Iterable[Span]) -> None:
        """Write the whole week of one language inside the caller's transaction; without spans it has none any more."""
        await connection.execute(delete(hours).where(hours.c.language == language))
        for span in spans:
            row = {"language": language, "weekday": span.weekday, "begins": span.begins, "ends": span.ends}
            await self._insert(connection, hours, row)
        self.forget()

    async def set_tongue(self, connection: AsyncConnection, language: str, *, is_on: bool) -> None:
        """Let chats begin in a language, or no more."""
        await self._say(connection, language, OFF, holds=not is_on)

    async def set_calls_back(self, connection: AsyncConnection, *, calls_back: bool) -> None:
        """Write whether the house can call somebody with an interpreter."""
        await self._say(connection, EVERY_LANGUAGE, CALLS_BACK, holds=calls_back)

    async def set_zone(self, connection: AsyncConnection, zone: str) -> None:
        """Write in which zone all hours are meant."""
        await connection.execute(delete(zones))
        await self._insert(connection, zones, {"id": 1, "zone": zone})
        self.forget()

    async def set_switch(self, connection: AsyncConnection, switch: Switch | None) -> None:
        """Write the switch; None: the hours alone decide again."""
        await connection.execute(delete(switches))
        if switch is not None:
            until = None if switch.until is None else int(switch.until.timestamp())
            await self._insert(connection, switches, {"id": 1, "word": switch.word, "until": until, "by": switch.by})
        self.forget()

    async def _say(self, connection: AsyncConnection, language: str, word: str, *, holds: bool) -> None:
        await connection.execute(delete(tongues).where(tongues.c.language == language, tongues.c.word == word))
        if holds:
            await self._insert(connection, tongues, {"language": language, "word": word})
        self.forget()

    async def _insert(self, connection: AsyncConnection, table: Table, row: Mapping[str, Any]) -> None:
        await self._read_peppers()
        made = mark(self._peppers[max(self._peppers)], _PURPOSES[table.name], *_parts(row))
        await connection.execute(insert(table).values(**row, mark=made))

    async def _check(self, table: Table, row: Any) -> None:  # Any: a row of the database, typed nowhere before this
        if is_marked(self._peppers.values(), row.mark, *said(table, row)):
            return
        # Perhaps under a pepper that was added since.
        await self._read_peppers()
        if not is_marked(self._peppers.values(), row.mark, *said(table, row)):
            raise FactsForged(f"{table.name} was changed from outside")

    async def _read_peppers(self) -> None:
        self._peppers = await asyncio.to_thread(self._folder.peppers)


def said(table: Table, row: Any) -> tuple[str, *tuple[bytes | str, ...]]:  # Any: as above
    """What the mark of a row is made of: its purpose, then its parts."""
    return _PURPOSES[table.name], *_parts({name: each for name, each in row._mapping.items() if name != "mark"})


def _known(zone: str) -> str:
    """The zone, or UTC where this machine lost its clock: pages then say UTC too, and somebody has to be told."""
    if zone == "UTC" or is_known_zone(zone):
        return zone
    _log.error("chat_zone_unknown")
    return "UTC"


def _switch(row: Any) -> Switch:  # Any: as above
    until = None if row.until is None else datetime.fromtimestamp(row.until, UTC)
    return Switch("open" if row.word == "open" else "closed", until, row.by)


def _parts(row: Mapping[str, Any]) -> tuple[bytes | str, ...]:
    return tuple(value if isinstance(value, bytes) else str(value) for value in row.values())
