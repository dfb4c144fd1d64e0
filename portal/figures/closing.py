"""Closes a quarter behind the desk's pages, once nothing of it moves, with the keys of somebody who is signed in.

What is sealed can be counted by a holder of the records alone, and nobody has to press anything for it. It reads a few
columns of three tables, and of what they hold a few fields; `tests/portal/figures/test_closing.py` names them all.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, Table, select

from portal.directory.referral_tables import referrals
from portal.figures.periods import Quarter, quarters_of, settled
from portal.figures.release import Release, quarter_release, year_release
from portal.figures.slips import chats_of, months_of
from portal.figures.tables import figure_slips
from portal.figures.tally import Tally, counted, read_counted, read_counted_case, read_counted_referral
from portal.records.case_tables import cases
from portal.records.tables import contact_records
from portal.staff.keys.lending import Lending
from portal.staff.sessions.session import Signed
from portal.vault.errors import VaultError

if TYPE_CHECKING:
    from portal.services import Services

BEGINS_AFTER_SECONDS: Final = 90.0
"""A house one step older may answer for a moment beside this one."""

PAUSE_SECONDS: Final = 600.0
ROWS_AT_ONCE: Final = 50

# Opens a row of one of the books of records, for these keys.
Raw = Callable[[Signed, Any], bytes | None]  # Any: a row of the database

_log = logging.getLogger("porchlight.figures")


class Closing:
    """One piece of work at a time in a process. Keys are held while it lasts, and no longer than her session stands."""

    def __init__(self, services: "Services") -> None:
        self._services = services
        self._book = services.figures
        self._lending = Lending()

    def offer(self, signed: Signed) -> None:
        """Somebody with the key of the records is here. Returns at once."""
        if signed.compartment_keys("records"):
            self._lending.offer(signed)

    async def run(self) -> None:
        """Work whenever it is offered. Runs as long as the process."""
        await asyncio.sleep(BEGINS_AFTER_SECONDS)
        await self._lending.serve("closing_figures", self.work, PAUSE_SECONDS)

    async def work(self, signed: Signed) -> None:
        """Close every quarter that is due, the oldest first. Raises DatabaseAway, ValkeyAway, BookBroken."""
        for quarter in await self._due():
            if not await self._services.staff.sessions.stands(signed.session):
                return
            tally = await self.count(signed, quarter)
            if tally is None:
                return
            kept = await self._book.tallies(signed)
            shown = {each.span: each.release for each in await self._book.shown()}
            releases = releases_of(quarter, {**kept, quarter: tally}, shown, self._services.settings.small_count)
            await self._book.close(quarter, tally, releases, by=signed)
            over = [each for each in kept if each.year < quarter.year]
            if str(quarter.year) in releases:
                over = [*kept, quarter]
            await self._book.forget(over)
            await self._book.empty_log()

    async def count(self, signed: Signed, quarter: Quarter) -> Tally | None:
        """The exact counts of a quarter; None where something of it does not open with her keys."""
        services, late = self._services, await self._book.late(quarter)
        contact, case, referral = services.contacts.raw, services.cases.rows.raw, services.referrals.raw
        here = (await services.opening.facts()).region
        try:
            came, came_late = [
                [read_counted(raw) async for raw in self._opened(signed, contact_records, contact, which)]
                for which in (_within(contact_records, quarter), contact_records.c.id.in_(late))
            ]
            opened_cases = self._opened(signed, cases, case, _within(cases, quarter), cases.c.status != "merged")
            sent = self._opened(signed, referrals, referral, _within(referrals, quarter))
            tally = counted(
                [*came, *came_late],
                [read_counted_case(raw) async for raw in opened_cases],
                [read_counted_referral(raw) async for raw in sent],
                here=here,
            )
            slips = await self._book.slips(signed, quarter)
        except (VaultError, ValueError) as error:
            _log.error("figures_not_counted error=%s", type(error).__name__)
            return None
        tally.late = {"contacts": len(came_late)}
        tally.months = {month: {} for month in quarter.months} | months_of(slips)
        tally.chat = chats_of(slip for _, slip in slips)
        return tally

    async def _due(self) -> list[Quarter]:
        newest, today = await self._book.newest(), self._book.today
        if newest is not None:
            return list(settled(newest.next.begins, today))
        async with self._services.database.read() as connection:
            days = contact_records.c.day, cases.c.day, referrals.c.day, figure_slips.c.month
            first = await self._book.earliest(connection, *days)
        return [] if first is None else list(settled(first, today))

    async def _opened(
        self, signed: Signed, table: Table, raw: Raw, *which: ColumnElement[bool]
    ) -> AsyncIterator[bytes]:
        """What these rows hold, opened, as bytes. A row nobody here wrote is passed over."""
        await self._services.staff.accounts.ready()
        wanted = select(table).where(*which)
        async with self._services.database.read() as connection:
            rows = (await connection.execute(wanted)).all()
        for at, row in enumerate(rows):
            if at % ROWS_AT_ONCE == 0:
                await asyncio.sleep(0)
            opened = raw(signed, row)
            if opened is not None:
                yield opened


def releases_of(
    quarter: Quarter, tallies: dict[Quarter, Tally], shown: dict[str, Release], floor: int
) -> dict[str, Release]:
    """What is shown from the day a quarter is closed: the quarter, and the year it ends where all of it was counted."""
    made = {str(quarter): quarter_release(tallies[quarter], floor)}
    year = quarters_of(quarter.year)
    earlier = {**shown, **made}
    if quarter == year[-1] and all(each in tallies and str(each) in earlier for each in year):
        made[str(quarter.year)] = year_release([tallies[each] for each in year], [earlier[str(each)] for each in year])
    return made


def _within(table: Table, quarter: Quarter) -> ColumnElement[bool]:
    return table.c.day.between(quarter.begins.isoformat(), quarter.ends.isoformat())
