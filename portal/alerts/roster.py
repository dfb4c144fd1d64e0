"""Keeps who is on call when, and by which ways each of them is reached."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, insert, select

from portal.alerts.ladder import Turn, rungs_now
from portal.alerts.tables import alert_ways, on_call
from portal.clock import Clock
from portal.ids import random_id
from portal.staff.trail import audit
from portal.vault.errors import SealBroken
from portal.vault.marks import is_marked, mark
from portal.vault.targets import open_target, seal_target

if TYPE_CHECKING:
    from portal.staff.accounts import Accounts
    from portal.store.database import Database

KEPT_AFTER_S: Final = 24 * 60 * 60  # a turn that is over goes with the next one written

_PURPOSE: Final = "on call"
_log = logging.getLogger("porchlight.alerts")


@dataclass(frozen=True)
class Way:
    """One way to reach one person."""

    id: bytes
    person: bytes
    way: str
    target: str = field(repr=False)


@dataclass(frozen=True)
class Written:
    """A turn as it is written down, with the name of its row."""

    id: bytes
    turn: Turn


@dataclass(frozen=True)
class Roster:
    """Everything a call needs, read at one moment; `tongues`: the language each active person's desk speaks, `aliases`:
    what each is called.
    """

    ways: tuple[Way, ...] = ()
    written: tuple[Written, ...] = ()
    tongues: Mapping[bytes, str] = field(default_factory=dict)
    aliases: Mapping[bytes, str] = field(default_factory=dict)

    def rungs(self, now_s: float) -> list[list[bytes]]:
        """Who is called at this moment, rung by rung."""
        reachable = sorted({way.person for way in self.ways})
        return rungs_now([each.turn for each in self.written], now_s, reachable)

    def on_call(self, now_s: float) -> list[bytes]:
        """Who is on call at this moment, reached or not, the first rung first."""
        now = sorted((each.turn for each in self.written if each.turn.is_at(now_s)), key=lambda turn: turn.rung)
        return list(dict.fromkeys(turn.person for turn in now))

    def ways_of(self, person: bytes) -> Sequence[Way]:
        """Every way to reach one person."""
        return [way for way in self.ways if way.person == person]


class RosterStore:
    """The rows themselves. Every method raises `DatabaseAway`, and NotSetUp before the house has keys."""

    def __init__(self, database: "Database", accounts: "Accounts", clock: Clock) -> None:
        self._database = database
        self._accounts = accounts
        self._clock = clock

    async def read(self) -> Roster:
        """What stands now, of people who work here. A row this house did not write is passed over, aloud."""
        active = [each for each in await self._accounts.everyone() if each.is_active]
        people = {each.id: each.tongue for each in active}
        async with self._database.read() as connection:
            ways = (await connection.execute(select(alert_ways).order_by(alert_ways.c.id))).all()
            turns = (await connection.execute(select(on_call).order_by(on_call.c.begins, on_call.c.id))).all()
        return Roster(
            tuple(way for row in ways if row.person in people and (way := self._way(row)) is not None),
            tuple(each for row in turns if row.person in people and (each := self._turn(row)) is not None),
            people,
            {each.id: each.alias for each in active},
        )

    async def add_way(self, person: bytes, way: str, target: str) -> bytes:
        """Keep one more way to reach `person`; answers the name of its row."""
        await self._accounts.ready()
        row, number = random_id(), self._accounts.newest_pepper()
        sealed = seal_target(self._accounts.pepper(number), row, person, way, target)
        async with self._database.write() as connection:
            await connection.execute(
                insert(alert_ways).values(id=row, person=person, way=way, pepper=number, target=sealed)
            )
            await audit.line(connection, at=self._clock.now(), act="alert.way_added", staff_id=person, subject=row)
        return row

    async def remove_way(self, person: bytes, row: bytes) -> None:
        """Take one of her ways away; somebody else's stays."""
        mine = (alert_ways.c.id == row) & (alert_ways.c.person == person)
        async with self._database.write() as connection:
            if (await connection.execute(delete(alert_ways).where(mine))).rowcount:
                await audit.line(connection, at=self._clock.now(), act="alert.way_gone", staff_id=person, subject=row)

    async def put_on_call(self, by: bytes, turn: Turn) -> bytes:
        """Write one turn down; turns that were over a day ago are cleared away with it."""
        await self._accounts.ready()
        row, number = random_id(), self._accounts.newest_pepper()
        now = self._clock.now()
        values = {"rung": turn.rung, "person": turn.person, "begins": turn.begins, "ends": turn.ends}
        marked = mark(self._accounts.pepper(number), _PURPOSE, *_parts(row, turn))
        async with self._database.write() as connection:
            await connection.execute(delete(on_call).where(on_call.c.ends < int(now.timestamp()) - KEPT_AFTER_S))
            await connection.execute(insert(on_call).values(id=row, pepper=number, mark=marked, **values))
            await audit.line(connection, at=now, act="on_call.written", staff_id=by, subject=turn.person)
        return row

    async def take_off_call(self, by: bytes, row: bytes) -> None:
        """Take one turn off the list."""
        async with self._database.write() as connection:
            if (await connection.execute(delete(on_call).where(on_call.c.id == row))).rowcount:
                await audit.line(connection, at=self._clock.now(), act="on_call.removed", staff_id=by, subject=row)

    def _way(self, row: Any) -> Way | None:  # Any: a row of the database, typed nowhere before this line
        """One row of `alert_ways`, opened."""
        number, sealed = row.pepper, row.target
        id_, person, way = row.id, row.person, row.way
        try:
            return Way(id_, person, way, open_target(self._accounts.pepper(number), id_, person, way, sealed))
        except SealBroken:
            _log.error("alert_way_refused")
            return None

    def _turn(self, row: Any) -> Written | None:
        """One row of `on_call`, believed."""
        if not is_marked([self._accounts.pepper(row.pepper)], row.mark, *said(row)):
            _log.error("on_call_refused")
            return None
        return Written(row.id, _read(row))


def said(row: Any) -> tuple[str, *tuple[bytes | str, ...]]:  # Any: a row of `on_call`
    """What the mark of a turn is made of: its purpose, then its parts."""
    return _PURPOSE, *_parts(row.id, _read(row))


def _read(row: Any) -> Turn:  # Any: as above
    return Turn(row.rung, row.person, row.begins, row.ends)


def _parts(row: bytes, turn: Turn) -> tuple[bytes | str, ...]:
    return (row, str(turn.rung), turn.person, str(turn.begins), str(turn.ends))
