"""Looks through the tips once a week: says when each is looked at next, warns, and lets go what was warned of."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from portal.errors import PorchlightError
from portal.services import Services
from portal.staff.trail import audit
from portal.vault.errors import VaultError
from tips.retention import KEYS, Retention
from tips.staying import rows
from tips.staying.clock import Terms, after_warning, first_look, monday
from tips.staying.emptying import Emptying

BEGINS_AFTER_SECONDS: Final = 120.0
"""A house one step older may answer for a moment beside this one; it knows nothing of clocks."""

EVERY_SECONDS: Final = 600.0
SOON_SECONDS: Final = 5.0

LOOKS_AT_ONCE: Final = 500
GO_AT_ONCE: Final = 25
"""Tips that go in one transaction. So long others wait with what they write."""

LOOKS_IN_A_ROUND: Final = 20
GO_IN_A_ROUND: Final = 20
"""So many of these transactions, then the log is emptied, and the rest waits for the next round."""

NOBODY: Final = bytes(16)
LEASE: Final = b"tips:round"
LEASE_LASTS: Final = timedelta(minutes=2)

_log = logging.getLogger("porchlight.tips")


@dataclass(frozen=True)
class Round:
    """What one round did; `is_done`: nothing is left to do in this week."""

    looked: int = 0
    warned: int = 0
    gone: int = 0
    is_done: bool = True


class Purge:
    """The work of the clock. Each transaction looks for itself what is due: twice at once, or killed, does no harm."""

    def __init__(self, services: Services, retention: Retention) -> None:
        self._services = services
        self._retention = retention
        self._emptying = Emptying(services)

    def _terms(self) -> Terms:
        return Terms.of(self._services.now)

    async def run(self) -> None:
        """Runs as long as the process."""
        await asyncio.sleep(BEGINS_AFTER_SECONDS)
        while True:
            is_done = True
            try:
                is_done = await self.round_by_a_clock_that_stands()
            except PorchlightError as error:
                _log.warning("tip_round_waits error=%s", type(error).__name__)
            except OSError as error:
                _log.warning("tip_search_waits error=%s", type(error).__name__)
            await asyncio.sleep(EVERY_SECONDS if is_done else SOON_SECONDS)

    async def round_by_a_clock_that_stands(self) -> bool:
        """A round and a search, but none within a day of the clock's leaping ahead; whether all is done."""
        if self._services.lookout.clock.has_leapt:
            _log.warning("tip_round_waits error=clock")
            return True
        is_done = (await self.round()).is_done
        await self._retention.searching.once()
        return is_done

    async def round(self) -> Round:
        """Do what is due, as far as one round goes. One process of the house at a time; the others have nothing to do.

        Raises DatabaseAway, ValkeyAway, HoldsBroken: then nothing more goes before somebody has looked.
        """
        # Only so that two do not do the same work: what keeps them apart is the transaction.
        if not await self._services.embers.put_new(LEASE, b"1", LEASE_LASTS):
            return Round(is_done=False)
        try:
            return await self._round(monday(self._services.clock.now().date()))
        finally:
            await self._services.embers.delete(LEASE)

    async def _round(self, week: date) -> Round:
        async with self._services.database.read() as connection:
            is_looked_through = await rows.last_round(connection) >= week.isoformat()
        looked, warned, is_done = (0, 0, True) if is_looked_through else await self._looks(week)
        gone, all_gone = await self._goes(week, is_looked_through)
        if gone:
            # Once, however many went.
            await self._retention.empty_the_log(*KEYS)
        is_done = is_done and all_gone
        if is_done and not is_looked_through:
            async with self._services.database.write() as connection:
                await rows.round_done(connection, week)
        if gone or warned:
            _log.info("tips_looked_through warned=%d gone=%d", warned, gone)
        return Round(looked, warned, gone, is_done)

    async def _looks(self, week: date) -> tuple[int, int, bool]:
        """Say when tips are looked at next. How many were fresh, how many are warned of, and whether that is all."""
        looked = warned = 0
        for _ in range(LOOKS_IN_A_ROUND):
            async with self._services.database.write() as connection:
                fresh = await rows.fresh(connection, LOOKS_AT_ONCE)
                for is_empty in (False, True):
                    alike = [tip for tip, empty in fresh.items() if empty is is_empty]
                    if alike:
                        await rows.set_look(connection, alike, first_look(week, self._terms(), is_empty=is_empty))
                warns = await rows.to_warn(connection, week, LOOKS_AT_ONCE)
                if warns:
                    await rows.set_look(connection, warns, after_warning(week, self._terms()))
            looked, warned = looked + len(fresh), warned + len(warns)
            if max(len(fresh), len(warns)) < LOOKS_AT_ONCE:
                return looked, warned, True
        return looked, warned, False

    async def _goes(self, week: date, is_looked_through: bool) -> tuple[int, bool]:
        """Let go what was warned of, and finish what was erased. How many went, and whether that is all."""
        gone = 0
        for _ in range(GO_IN_A_ROUND):
            async with self._services.database.write() as connection:
                holds = await self._retention.holds.read(connection)
                due = [] if is_looked_through else await rows.to_go(connection, week, GO_AT_ONCE)
                if due:
                    holds = await self._retention.holds.audited(connection)
                due += await rows.half_gone(connection, holds.stay, GO_AT_ONCE)
                if due:
                    await self._let_go(connection, due, holds.stay)
            gone += len(due)
            if len(due) < GO_AT_ONCE:
                return gone, True
        return gone, False

    async def _let_go(self, connection: AsyncConnection, due: list[bytes], stay: frozenset[bytes]) -> None:
        numbers = [await rows.number_of(connection, tip) for tip in due] if self._terms().leaves_number else []
        await self._retention.let_go(connection, due)
        for number in numbers:
            if number is not None:
                try:
                    await self._emptying.keep_open(connection, number)
                except VaultError:
                    _log.error("tip_channel_refused")
        # Not in the order of anything: what went, then what a hold keeps.
        for tip in sorted(due, key=lambda tip: (tip in stay, tip)):
            act = "tip.way_in_ended" if tip in stay else "tip.purged"
            await audit.line(connection, at=self._services.clock.now(), act=act, staff_id=NOBODY, subject=tip)
