"""Counts of each kind of row that goes one day how many stand, how many are past their day, and what holds those."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, Table, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from portal.figures.periods import read_quarter
from portal.figures.tables import figure_late, figure_releases, figure_slips, figure_tallies
from portal.privacy.tables import privacy_requests, privacy_steps
from portal.records.case_held import HeldContacts
from portal.records.case_holds import CaseHolds
from portal.records.case_tables import case_contacts, case_hands, case_notes, case_people, cases
from portal.records.case_terms import Terms
from portal.records.cases import NOWHERE
from portal.records.tables import contact_records, supervisor_entries
from portal.retention.rules import KEPT, Rule
from portal.store.database import metadata

if TYPE_CHECKING:
    from portal.services import Services

# What a row hangs on, where that is not its own id: a hold of the one keeps the other.
_PARENTS: Final = ("case_id", "record", "decision", "tip", "id")


@dataclass(frozen=True, slots=True)
class Standing:
    """One kind: how many rows stand, of how many the last day is past, and how many of those a hold keeps."""

    rule: Rule
    stands: int
    past: int
    held: int

    @property
    def is_shown(self) -> bool:
        """Whether nothing is left that should be gone."""
        return self.past == self.held


class Looking:
    """Reads what stands in clear: no key is needed, and nothing is opened."""

    def __init__(self, services: "Services") -> None:
        self._services = services

    async def kinds(self) -> list[Standing]:
        """Every kind that goes one day, in the order of docs/retention.md. Raises DatabaseAway."""
        now, today = self._services.now, self._services.clock.now().date()
        async with self._services.database.read() as connection:
            over = await _over(connection, Terms.of(now), today)
            held = await self._held(connection, over)
            return [await self._kind(connection, rule, over, held) for rule in KEPT]

    async def _kind(
        self, connection: AsyncConnection, rule: Rule, over: Mapping[str, ColumnElement[bool]], held: set[bytes]
    ) -> Standing:
        stands = past = kept = 0
        for at, name in enumerate(rule.tables):
            table = metadata.tables[name]
            if at == 0:
                stands = await connection.scalar(select(func.count()).select_from(table)) or 0
            if name not in over:
                continue
            columns = [table.c[each] for each in _PARENTS if each in table.c]
            for row in (await connection.execute(select(*columns).where(over[name]))).all():
                past += 1
                kept += not held.isdisjoint(row)
        return Standing(rule, stands, past, kept)

    async def _held(self, connection: AsyncConnection, over: Mapping[str, ColumnElement[bool]]) -> set[bytes]:
        """The cases a hold keeps, and what is past its day of their contacts and of whatever goes along with either."""
        staff = self._services.staff
        held = set((await CaseHolds(staff).read(connection)).named)
        past = set(await connection.scalars(select(contact_records.c.id).where(over[contact_records.name])))
        past |= set(await connection.scalars(select(supervisor_entries.c.record).where(over[supervisor_entries.name])))
        held |= await HeldContacts(staff).among(connection, past)
        return held | await self._services.along.held_over(connection)


async def _over(connection: AsyncConnection, terms: Terms, today: date) -> dict[str, ColumnElement[bool]]:
    """Of each table what is past its day; a table with a column `until` says so itself."""
    over: dict[str, ColumnElement[bool]] = {
        name: and_(table.c.until != "", table.c.until < today.isoformat())
        for name, table in metadata.tables.items()
        if "until" in table.c
    }
    over[cases.name] = and_(cases.c.touched < terms.cases(today), cases.c.merged_into == NOWHERE)
    people_go, names_go = (_of_case(case_people, before) for before in (terms.people_of(today), terms.names_of(today)))
    over[case_people.name] = people_go | (names_go & (case_people.c.names != b""))
    for table in (case_contacts, case_notes, case_hands):
        over[table.name] = table.c.case_id.not_in(select(cases.c.id))
    over[privacy_steps.name] = privacy_steps.c.request.not_in(select(privacy_requests.c.id))
    closed = list(await connection.scalars(select(figure_releases.c.span)))
    quarters = [read_quarter(span) for span in closed if "Q" in span]
    over[figure_slips.name] = figure_slips.c.month <= max((each.months[-1] for each in quarters), default="")
    over[figure_tallies.name] = func.substr(figure_tallies.c.quarter, 1, 4).in_(closed)
    over[figure_late.name] = figure_late.c.quarter.in_(closed)
    return over | _of_tips()


def _of_case(table: Table, before: str) -> ColumnElement[bool]:
    return table.c.case_id.in_(select(cases.c.id).where(cases.c.touched < before))


def _of_tips() -> dict[str, ColumnElement[bool]]:
    """What is left of an erased tip. Known where the room of tips is."""
    known: dict[str, Any] = dict(metadata.tables)
    if "tip_tombstones" not in known:
        return {}
    gone = select(known["tip_tombstones"].c.tip)
    found = {name: known[name].c.tip.in_(gone) for name in ("tip_keys", "tip_parts")}
    return {"tips": known["tips"].c.id.in_(gone), **found}
