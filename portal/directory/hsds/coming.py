"""Takes in what another directory handed over: looked through first, then written piece by piece."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import msgspec
from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.clock import Clock
from portal.directory import indexing
from portal.directory.book import Directory
from portal.directory.finding import signs_of
from portal.directory.hsds.mapping import Came, Refused, read_service
from portal.directory.hsds.package import Item, Package
from portal.directory.tables import came, organisations, services
from portal.staff.trail import audit
from portal.store.database import Database

NOBODYS: Final = bytes(16)
JSON: Final = "json"
BATCH: Final = 250
"""Services of one transaction. Between two of them everybody else writes; cut off, it is told again from the start and
changes nothing that is written already.
"""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A line that was not taken in, or not whole (`is_part`), and why."""

    line: int
    why: str
    is_part: bool = False


@dataclass(frozen=True, slots=True)
class Looked:
    """What a package holds: what can be taken in, with where it came from, and what cannot."""

    package: Package
    taken: Sequence[tuple[Came, Item]]
    refused: Sequence[Refusal]


def look_through(package: Package, country: str, today: date) -> Looked:
    """Read all of it, and write nothing: the dry run."""
    taken: dict[bytes, tuple[Came, Item]] = {}
    refused = [Refusal(line, "it is no service") for line in package.strange]
    for item in package.items:
        try:
            read = read_service(item.service, country, today)
        except Refused as error:
            refused.append(Refusal(item.line, str(error)))
            continue
        if read.id in taken:
            refused.append(Refusal(item.line, "its id stands there already"))
            continue
        taken[read.id] = read, item
        refused += [Refusal(item.line, why, is_part=True) for why in dict.fromkeys(read.passed_over)]
    return Looked(package, list(taken.values()), sorted(refused, key=lambda each: each.line))


class Coming:
    """Writes what was looked through."""

    def __init__(self, database: Database, book: Directory, clock: Clock) -> None:
        self._database = database
        self._book = book
        self._clock = clock

    async def take_in(self, looked: Looked, by: bytes, progress: Progress) -> int:
        """All of it; what stands there under the same id is written over. Answers how many services.

        Raises DatabaseAway: then what was written stands, and the same file may be taken in again.
        """
        await self._book.ready()
        done = 0
        for at in range(0, len(looked.taken), BATCH):
            some = looked.taken[at : at + BATCH]
            async with self._database.write() as connection:
                await self._write(connection, some, by)
            done += len(some)
            progress(done, len(looked.taken))
        async with self._database.write() as connection:
            await _write_came(connection, _rest(looked.package))
            act = f"directory.taken_in:{done}"
            await audit.line(connection, at=self._clock.now(), act=act, staff_id=by)
        return done

    async def _write(self, connection: AsyncConnection, some: Sequence[tuple[Came, Item]], by: bytes) -> None:
        owners = {read.organisation_id: read.organisation for read, _ in some}
        await connection.execute(delete(organisations).where(organisations.c.id.in_(owners)))
        rows = [{"id": row, **self._book.organisation_row(row, entry)} for row, entry in owners.items()]
        await connection.execute(insert(organisations), rows)
        ids = [read.id for read, _ in some]
        known = await connection.execute(select(services.c.id, services.c.number).where(services.c.id.in_(ids)))
        numbers: dict[bytes, int] = {row.id: row.number for row in known}
        free = (await connection.execute(select(func.max(services.c.number)))).scalar() or 0
        for row in ids:
            if row not in numbers:
                free += 1
                numbers[row] = free
        await connection.execute(delete(services).where(services.c.id.in_(ids)))
        made: list[dict[str, Any]] = [{"id": read.id, **self._row(read, numbers[read.id], by)} for read, _ in some]
        await connection.execute(insert(services), made)
        signs = [(numbers[read.id], signs_of(read.service, read.organisation)) for read, _ in some]
        await indexing.keep(connection, signs)
        await connection.execute(delete(came).where(came.c.service.in_(ids)))
        await _write_came(connection, [row for read, item in some for row in _as_it_came(read.id, item)])

    def _row(self, read: Came, number: int, by: bytes) -> dict[str, Any]:
        whose = by if read.reviewed else b""
        return self._book.service_row(read.id, number, read.organisation_id, read.service, read.reviewed, whose)


def _as_it_came(service: bytes, item: Item) -> list[dict[str, Any]]:
    if not item.rows:
        return [_came(service, JSON, item.line, item.service)]
    return [_came(service, name, item.line, row) for name, rows in item.rows.items() for row in rows]


def _rest(package: Package) -> list[dict[str, Any]]:
    return [_came(NOBODYS, name, at, row) for name, rows in package.rest.items() for at, row in enumerate(rows)]


def _came(service: bytes, name: str, place: int, body: Any) -> dict[str, Any]:  # Any: JSON, or a row of a table
    written = msgspec.json.encode(body).decode()
    key = f"{name}/{body.get('id') or written}"
    row = hashlib.sha256(service + key.encode()).digest()[:16]
    return {"id": row, "service": service, "name": name, "place": place, "body": written}


async def _write_came(connection: AsyncConnection, rows: Iterable[dict[str, Any]]) -> None:
    once = list({row["id"]: row for row in rows}.values())
    for at in range(0, len(once), 500):
        some = once[at : at + 500]
        await connection.execute(delete(came).where(came.c.id.in_([row["id"] for row in some])))
        await connection.execute(insert(came), some)
