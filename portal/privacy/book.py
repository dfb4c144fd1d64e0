"""Keeps the requests and what was done about each: sealed to the names, marked, and deleted when their time is over."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

import msgspec
from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.clock import Clock
from portal.errors import NotThere
from portal.privacy.request import Request, Standing, Step, read_request, read_step, standing
from portal.privacy.tables import privacy_requests, privacy_steps
from portal.records.sealed_rows import SealedRows
from portal.rotation.source import Source
from portal.staff.trail import audit
from portal.store.database import Database

if TYPE_CHECKING:
    from portal.staff.desk import StaffRoom
    from portal.staff.sessions.session import Signed

SHOWN: Final = 200
_REQUEST: Final = "privacy request"
_STEP: Final = "privacy step"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it is read; no `request` and no `stands` for whoever's keys do not open it."""

    id: bytes
    day: str
    until: str
    request: Request | None
    steps: Sequence[Step]
    stands: Standing | None


class RequestBook:
    """The book. Every act raises `DatabaseAway` when the database does not answer.

    There is no way to look for a person in it, or for anything by a name, a number or a word: it is read whole by
    whoever holds the key, or by the name of a row that stood on the page before.
    """

    def __init__(self, database: Database, staff: "StaffRoom", clock: Clock, *, days: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock
        self._days = days
        self._requests = SealedRows(staff, privacy_requests, name="requests", kind=_REQUEST, clear=("until",))
        self._steps = SealedRows(staff, privacy_steps, name="request_steps", kind=_STEP, clear=("request",))

    async def write(self, signed: "Signed", request: Request, row: bytes) -> None:
        """Put a new request into the book. Under the same name (`row`) it is kept once."""
        today = self._today().isoformat()
        values = await self._requests.made(msgspec.json.encode(request), today, row, until="")
        async with self._database.write() as connection:
            known = await connection.execute(select(privacy_requests.c.id).where(privacy_requests.c.id == row))
            if known.one_or_none() is None:
                await connection.execute(insert(privacy_requests).values(**values))
                await audit.line(
                    connection, at=self._clock.now(), act="asked.new", staff_id=signed.staff_id, subject=row
                )

    async def add(self, signed: "Signed", row: bytes, step: Step) -> None:
        """Write down what was done. What closes a request begins the time it is still kept.

        Raises NotThere where there is no such request, or none that is open.
        """
        today = self._today()
        values = await self._steps.made(msgspec.json.encode(step), today.isoformat(), request=row)
        async with self._database.write() as connection:
            found = await self._found(connection, row)
            if found is None or found.until:
                raise NotThere("no such request")
            await connection.execute(insert(privacy_steps).values(**values))
            if step.what == "closed":
                until = (today + timedelta(days=self._days())).isoformat()
                changed = self._requests.changed(found, until=until)
                await connection.execute(update(privacy_requests).where(privacy_requests.c.id == row).values(**changed))
            act = "asked.closed" if step.what == "closed" else "asked.step"
            await audit.line(connection, at=self._clock.now(), act=act, staff_id=signed.staff_id, subject=row)

    async def all(self, signed: "Signed") -> list[Asked]:
        """The requests, those that are open and nearest to their day first."""
        await self._requests.ready()
        newest = select(privacy_requests).order_by(privacy_requests.c.until != "", privacy_requests.c.day.desc())
        async with self._database.read() as connection:
            rows = (await connection.execute(newest.limit(SHOWN))).all()
            wanted = privacy_steps.c.request.in_([row.id for row in rows])
            steps = (await connection.execute(select(privacy_steps).where(wanted))).all()
        read = [self._read(signed, row, steps) for row in rows if self._requests.is_ours(row)]
        return sorted(read, key=_nearest_first)

    async def one(self, signed: "Signed", row: bytes) -> Asked | None:
        """One request with everything that was done, or None."""
        await self._requests.ready()
        async with self._database.read() as connection:
            found = await self._found(connection, row)
            wanted = select(privacy_steps).where(privacy_steps.c.request == row)
            steps = (await connection.execute(wanted)).all()
        return None if found is None else self._read(signed, found, steps)

    async def forget_over(self) -> bool:
        """Delete every request whose last day is past, with what was done about it; whether there was one."""
        gone = select(privacy_requests.c.id).where(
            privacy_requests.c.until != "", privacy_requests.c.until < self._today().isoformat()
        )
        async with self._database.read() as connection:
            if (await connection.execute(gone.limit(1))).one_or_none() is None:
                return False
        async with self._database.write() as connection:
            rows = [row.id for row in await connection.execute(gone)]
            await connection.execute(delete(privacy_steps).where(privacy_steps.c.request.in_(rows)))
            await connection.execute(delete(privacy_requests).where(privacy_requests.c.id.in_(rows)))
        return True

    async def empty_log(self) -> bool:
        """Leave nothing of what was deleted in the database's log and files; False: ask again."""
        requests, steps = privacy_requests, privacy_steps
        return await self._database.checkpoint(requests) and await self._database.checkpoint(steps)

    def sources(self) -> tuple[Source, Source]:
        """What of the book is sealed to a compartment, for whoever seals it to a newer key."""
        return self._requests.source(), self._steps.source()

    async def _found(self, connection: AsyncConnection, row: bytes) -> Any:  # Any: a row, typed nowhere before this
        await self._requests.ready()
        asked = select(privacy_requests).where(privacy_requests.c.id == row)
        found = (await connection.execute(asked)).one_or_none()
        return found if found is not None and self._requests.is_ours(found) else None

    def _read(self, signed: "Signed", row: Any, steps: Sequence[Any]) -> Asked:  # Any: as above
        raw = self._requests.opened(signed, row)
        if raw is None:
            return Asked(row.id, row.day, row.until, None, (), None)
        own = [each for each in steps if each.request == row.id and self._steps.is_ours(each)]
        opened = [read_step(words, row.id) for each in own if (words := self._steps.opened(signed, each)) is not None]
        opened.sort(key=lambda step: step.at_ms)
        request = read_request(raw)
        return Asked(row.id, row.day, row.until, request, opened, standing(request, opened, self._today()))

    def _today(self) -> date:
        return self._clock.now().date()


def by_name(steps: Sequence[Step]) -> Mapping[str, Step]:
    """The last tick of each thing on a list."""
    return {step.value: step for step in steps if step.what == "ticked"}


def _nearest_first(asked: Asked) -> tuple[bool, str, bytes]:
    return bool(asked.until), asked.request.due if asked.request is not None else asked.day, asked.id
