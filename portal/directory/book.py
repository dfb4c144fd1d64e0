"""Keeps the directory's entries: found, read, written, looked over again, taken out; who looked is nowhere written."""

import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.clock import Clock
from portal.directory import indexing
from portal.directory.entry import Organisation, Service, read_organisation, read_service, write
from portal.directory.finding import Wanted, in_name, matches, signs_of
from portal.directory.folding import sort_key
from portal.directory.tables import organisations, services
from portal.errors import PorchlightError
from portal.ids import random_id
from portal.staff.accounts import Accounts
from portal.staff.sessions.session import Signed
from portal.staff.trail import audit
from portal.store.database import Database
from portal.vault.marks import is_marked, mark

SHOWN: Final = 50
_PIECE: Final = 200
_ORGANISATION: Final = "directory organisation"
_SERVICE: Final = "directory service"

_log = logging.getLogger("porchlight.directory")


@dataclass(frozen=True, slots=True)
class Listed:
    """A service as it stands there, with whose it is. `reviewed`: the day somebody last saw that it is right, or an
    empty text; `is_stale`: that day is too long ago.
    """

    id: bytes
    service: Service
    organisation_id: bytes
    organisation: Organisation
    reviewed: str
    reviewed_by: bytes
    is_stale: bool


@dataclass(frozen=True, slots=True)
class Leaf:
    """What was found, the first of it; whether there is more."""

    rows: Sequence[Listed]
    more: bool


class HasServices(PorchlightError):
    """An organisation is not taken out while services of it stand there."""

    phrase = "directory.wrong.has_services"
    status = 409


class Directory:
    """The entries. Every act raises `DatabaseAway` when the database does not answer.

    `days`: after so many an entry nobody looked over again counts as stale.
    """

    def __init__(self, database: Database, accounts: Accounts, clock: Clock, *, days: int) -> None:
        self._database = database
        self._accounts = accounts
        self._clock = clock
        self._days = days

    async def ready(self) -> None:
        """Read what rows are marked with. Raises NotSetUp, KeysFolderWrong."""
        await self._accounts.ready()

    async def find(self, wanted: Wanted) -> Leaf:
        """The services that are what is wanted: first those whose name says so, each in the order of names."""
        order = (services.c.sort, services.c.id)
        ordered = (in_name(wanted).desc(), *order) if wanted.typed.strip() else order
        return await self._read(matches(wanted), order=ordered)

    async def every(self) -> AsyncIterator[Sequence[Listed]]:
        """Every service, some at a time, by number; what is closed too."""
        after, last = 0, True
        while last:
            rows, after, last = await self._some(after)
            yield rows

    async def stale(self) -> Leaf:
        """The services that nobody looked over for too long, those never looked over first."""
        return await self._read(self._is_stale(), order=(services.c.reviewed, services.c.sort, services.c.id))

    async def how_many(self) -> tuple[int, int]:
        """How many services there are, and how many of them are stale."""
        asked = select(func.count(), func.count().filter(self._is_stale())).select_from(services)
        async with self._database.read() as connection:
            every, stale = (await connection.execute(asked)).one()
        return every, stale

    async def service(self, row: bytes) -> Listed | None:
        """One service."""
        leaf = await self._read(services.c.id == row, order=(services.c.id,))
        return leaf.rows[0] if leaf.rows else None

    async def organisation(self, row: bytes) -> tuple[Organisation, Sequence[Listed]] | None:
        """One organisation with its services."""
        await self._accounts.ready()
        async with self._database.read() as connection:
            found = await self._one_organisation(connection, row)
        if found is None:
            return None
        leaf = await self._read(services.c.organisation == row, order=(services.c.sort, services.c.id))
        return found, leaf.rows

    async def add_organisation(self, signed: Signed, organisation: Organisation) -> bytes:
        """Write a new organisation; answers its id."""
        await self._accounts.ready()
        row = random_id()
        async with self._database.write() as connection:
            await connection.execute(insert(organisations).values(id=row, **self.organisation_row(row, organisation)))
            await self._line(connection, signed, "directory.added", row)
        return row

    async def change_organisation(self, signed: Signed, row: bytes, organisation: Organisation) -> bool:
        """Write an organisation anew, and what its services are found by. False where there is none."""
        await self._accounts.ready()
        async with self._database.write() as connection:
            if await self._one_organisation(connection, row) is None:
                return False
            await connection.execute(
                update(organisations)
                .where(organisations.c.id == row)
                .values(**self.organisation_row(row, organisation))
            )
            theirs = (await connection.execute(select(services).where(services.c.organisation == row))).all()
            ours = [(each.number, read_service(each.body)) for each in theirs if self._is_our_service(each)]
            await indexing.keep(connection, [(number, signs_of(entry, organisation)) for number, entry in ours])
            await self._line(connection, signed, "directory.changed", row)
        return True

    async def remove_organisation(self, signed: Signed, row: bytes) -> None:
        """Take out an organisation without services. Raises HasServices. Done twice it is done once."""
        async with self._database.write() as connection:
            asked = select(func.count()).select_from(services).where(services.c.organisation == row)
            if (await connection.execute(asked)).scalar_one():
                raise HasServices
            gone = await connection.execute(delete(organisations).where(organisations.c.id == row))
            if gone.rowcount:
                await self._line(connection, signed, "directory.removed", row)

    async def add_service(self, signed: Signed, organisation: bytes, service: Service) -> bytes | None:
        """Write a new service, looked over today by its writer; answers its id, None where there is no such house."""
        await self._accounts.ready()
        row, today = random_id(), self._today()
        async with self._database.write() as connection:
            owner = await self._one_organisation(connection, organisation)
            if owner is None:
                return None
            number = ((await connection.execute(select(func.max(services.c.number)))).scalar() or 0) + 1
            made = self.service_row(row, number, organisation, service, today, signed.staff_id)
            await connection.execute(insert(services).values(id=row, **made))
            await indexing.keep(connection, [(number, signs_of(service, owner))])
            await self._line(connection, signed, "directory.added", row)
        return row

    async def change_service(self, signed: Signed, row: bytes, service: Service) -> bool:
        """Write a service anew; with that it is looked over. False where there is none."""
        return await self._write_service(signed, row, service, "directory.changed")

    async def review(self, signed: Signed, row: bytes) -> bool:
        """Say that a service is still right, as of today. False where there is none."""
        return await self._write_service(signed, row, None, "directory.reviewed")

    async def remove_service(self, signed: Signed, row: bytes) -> None:
        """Take a service out. Done twice it is done once."""
        async with self._database.write() as connection:
            found = (await connection.execute(select(services.c.number).where(services.c.id == row))).scalar()
            if found is None:
                return
            await indexing.forget(connection, [found])
            await connection.execute(delete(services).where(services.c.id == row))
            await self._line(connection, signed, "directory.removed", row)

    def organisation_row(self, row: bytes, organisation: Organisation) -> dict[str, Any]:
        """What is written of an organisation, but for its id. The peppers must have been read."""
        body, sort, number = write(organisation), sort_key(organisation.name), self._accounts.newest_pepper()
        marked = mark(self._accounts.pepper(number), _ORGANISATION, row, body, sort)
        return {"body": body, "sort": sort, "pepper": number, "mark": marked}

    def service_row(
        self, row: bytes, number: int, organisation: bytes, service: Service, reviewed: str, by: bytes
    ) -> dict[str, Any]:
        """The same of a service."""
        body, sort, pepper = write(service), sort_key(service.name), self._accounts.newest_pepper()
        parts = row, str(number), organisation, body, sort, reviewed, by
        return {
            "number": number,
            "organisation": organisation,
            "body": body,
            "sort": sort,
            "reviewed": reviewed,
            "reviewed_by": by,
            "pepper": pepper,
            "mark": mark(self._accounts.pepper(pepper), _SERVICE, *parts),
        }

    async def _write_service(self, signed: Signed, row: bytes, service: Service | None, act: str) -> bool:
        await self._accounts.ready()
        async with self._database.write() as connection:
            found = (await connection.execute(select(services).where(services.c.id == row))).one_or_none()
            if found is None or not self._is_our_service(found):
                return False
            owner = await self._one_organisation(connection, found.organisation)
            if owner is None:
                return False
            now = service or read_service(found.body)
            made = self.service_row(row, found.number, found.organisation, now, self._today(), signed.staff_id)
            await connection.execute(update(services).where(services.c.id == row).values(**made))
            if service is not None:
                await indexing.keep(connection, [(found.number, signs_of(service, owner))])
            await self._line(connection, signed, act, row)
        return True

    async def _read(self, where: Any, *, order: Sequence[Any]) -> Leaf:  # Any: what SQLAlchemy takes as a clause
        await self._accounts.ready()
        asked = select(services).where(where).order_by(*order).limit(SHOWN + 1)
        async with self._database.read() as connection:
            found = (await connection.execute(asked)).all()
            listed = await self._listed_of(connection, found[:SHOWN])
        return Leaf(listed, len(found) > SHOWN)

    async def _some(self, after: int) -> tuple[Sequence[Listed], int, bool]:
        await self._accounts.ready()
        asked = select(services).where(services.c.number > after).order_by(services.c.number).limit(_PIECE)
        async with self._database.read() as connection:
            found = (await connection.execute(asked)).all()
            listed = await self._listed_of(connection, found)
        return listed, found[-1].number if found else after, len(found) == _PIECE

    async def _listed_of(self, connection: AsyncConnection, found: Sequence[Any]) -> list[Listed]:  # Any: rows
        rows = [row for row in found if self._is_our_service(row)]
        asked = select(organisations).where(organisations.c.id.in_({row.organisation for row in rows}))
        owners = (await connection.execute(asked)).all()
        known = {owner.id: read_organisation(owner.body) for owner in owners if self._is_our_organisation(owner)}
        return [self._listed(row, known[row.organisation]) for row in rows if row.organisation in known]

    async def _one_organisation(self, connection: AsyncConnection, row: bytes) -> Organisation | None:
        found = (await connection.execute(select(organisations).where(organisations.c.id == row))).one_or_none()
        return read_organisation(found.body) if found is not None and self._is_our_organisation(found) else None

    def _listed(self, row: Any, owner: Organisation) -> Listed:  # Any: a row of the database, typed nowhere before
        is_stale = not row.reviewed or row.reviewed < self._oldest()
        service = read_service(row.body)
        return Listed(row.id, service, row.organisation, owner, row.reviewed, row.reviewed_by, is_stale)

    def _is_our_service(self, row: Any) -> bool:  # Any: as above
        return self._is_ours(row, *said_of_service(row))

    def _is_our_organisation(self, row: Any) -> bool:  # Any: as above
        return self._is_ours(row, *said_of_organisation(row))

    def _is_ours(self, row: Any, purpose: str, *parts: bytes | str) -> bool:  # Any: as above
        if is_marked((self._accounts.pepper(row.pepper),), row.mark, purpose, *parts):
            return True
        _log.error("directory_entry_refused")
        return False

    def _is_stale(self) -> Any:  # Any: a clause of SQLAlchemy
        return or_(services.c.reviewed == "", services.c.reviewed < self._oldest())

    def _today(self) -> str:
        return self._clock.now().date().isoformat()

    def _oldest(self) -> str:
        return (self._clock.now().date() - timedelta(days=self._days)).isoformat()

    async def _line(self, connection: AsyncConnection, signed: Signed, act: str, row: bytes) -> None:
        await audit.line(connection, at=self._clock.now(), act=act, staff_id=signed.staff_id, subject=row)


def said_of_service(row: Any) -> tuple[str, *tuple[bytes | str, ...]]:  # Any: a row of the database
    """What the mark of a row is made of: its purpose, then its parts."""
    parts = row.id, str(row.number), row.organisation, row.body, row.sort, row.reviewed, row.reviewed_by
    return _SERVICE, *parts


def said_of_organisation(row: Any) -> tuple[str, *tuple[bytes | str, ...]]:  # Any: as above
    """The same of an organisation."""
    return _ORGANISATION, row.id, row.body, row.sort
