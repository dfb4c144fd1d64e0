"""Says what still names an older pepper, puts what it can under the newest, and retires the older ones."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from sqlalchemy import Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.ids import random_key
from portal.peppers.place import NOBODYS, Peppers, Place
from portal.staff.accounts import Accounts, Lock
from portal.staff.keys.keys_folder import KeysFolder
from portal.staff.tables import anew_codes, people
from portal.staff.trail import audit
from portal.staff.trail.audit_chain import NOBODY
from portal.store.database import Database, metadata

RETIRED: Final = "keys.pepper_retired"

RECEIPTS: Final = "tip_keys"
"""The one table whose rows name a pepper for ever, as long as they live: decision 0048."""


@dataclass
class Naming:
    """What names which pepper: by the name of the place, how many rows by the number of the pepper."""

    newest: int
    rows: dict[str, dict[int, int]] = field(default_factory=dict)
    receipts: dict[int, int] = field(default_factory=dict)
    waiting: list[str] = field(default_factory=list)
    """Aliases of those whose sign-in name and passphrase stand under an older one."""
    sealed: set[str] = field(default_factory=set)
    """Of the places, those that only somebody with the key puts under the newest."""

    @property
    def older(self) -> dict[str, int]:
        """What keeps the older ones from being retired: place -> rows."""
        found = {name: sum(n for number, n in by.items() if 0 < number < self.newest) for name, by in self.rows.items()}
        return {name: rows for name, rows in found.items() if rows}

    @property
    def nobodys(self) -> dict[str, int]:
        """Rows that this house did not make, or whose pepper is gone."""
        return {name: by[NOBODYS] for name, by in self.rows.items() if by.get(NOBODYS)}


class Retiring:
    """Works at the terminal. `places`: of every room, what is put under another pepper with no key at hand."""

    def __init__(self, database: Database, folder: KeysFolder, places: Sequence[Place]) -> None:
        self._database = database
        self._folder = folder
        self._places = places
        self._accounts = Accounts(database, folder)

    async def naming(self) -> Naming:
        """What names which pepper now. Changes nothing. Raises DatabaseAway, KeysFolderWrong, RowForged."""
        peppers = await self._peppers()
        async with self._database.read() as connection:
            return await self._naming(connection, peppers)

    async def move(self) -> int:
        """Put everything under the newest pepper that needs no key and no passphrase; how many rows it was.

        Whoever was sent away has a passphrase that will never be typed again: it opens nothing from then on, and who
        comes back is invited as somebody new. Raises as `naming`.
        """
        peppers = await self._peppers()
        async with self._database.write() as connection:
            moved = 0
            for place in self._places:
                moved += await place.move(connection, peppers)
            return moved + await self._shut(connection, peppers)

    async def retire(self, at: datetime) -> Naming:
        """Believe no mark by an older pepper from now on, where nothing names one; else nothing. What still does."""
        peppers = await self._peppers()
        async with self._database.write() as connection:
            naming = await self._naming(connection, peppers)
            if naming.older or len(peppers) == 1:
                return naming
            await audit.line(connection, at=at, act=RETIRED, staff_id=NOBODY)
        # After the rows: cut off in between, the line stands and the next run does the rest.
        await asyncio.to_thread(self._folder.retire_before, naming.newest)
        return naming

    async def _peppers(self) -> Peppers:
        await self._accounts.ready()
        return await asyncio.to_thread(self._folder.peppers)

    async def _naming(self, connection: AsyncConnection, peppers: Peppers) -> Naming:
        naming = Naming(max(peppers))
        for place in self._places:
            naming.rows[place.name] = await place.count(connection, peppers)
        known = {place.table.name for place in self._places} - {RECEIPTS}
        for table in metadata.sorted_tables:
            if "pepper" in table.c and table.name not in known:
                counted = await _by_number(connection, table)
                if table.name == RECEIPTS:
                    naming.receipts = counted
                else:
                    naming.rows[table.name] = counted
                    naming.sealed |= {table.name} - {people.name, anew_codes.name}
        for lock in await self._older(connection, peppers):
            naming.waiting.append(lock.person.alias)
        return naming

    async def _older(self, connection: AsyncConnection, peppers: Peppers) -> list[Lock]:
        asked = select(people.c.id).where(people.c.pepper < max(peppers)).order_by(people.c.alias)
        found = [await self._accounts.lock_in(connection, name) for name in await connection.scalars(asked)]
        return [lock for lock in found if lock is not None]

    async def _shut(self, connection: AsyncConnection, peppers: Peppers) -> int:
        gone = [lock for lock in await self._older(connection, peppers) if not lock.person.is_active]
        for lock in gone:
            shut = replace(lock, pepper=max(peppers), find=random_key(), verifier=random_key(), bundle=b"")
            await self._accounts.renew(connection, shut, peppers[max(peppers)])
        return len(gone)


async def _by_number(connection: AsyncConnection, table: Table) -> dict[int, int]:
    asked = select(table.c.pepper, func.count()).where(table.c.pepper.is_not(None)).group_by(table.c.pepper)
    found: Mapping[int, int] = {row[0]: row[1] for row in await connection.execute(asked)}
    return dict(found)
