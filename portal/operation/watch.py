"""Keeps an eye on this process and its machine, for as long as the process lives."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from time import monotonic
from typing import TYPE_CHECKING, Final

from portal.errors import PorchlightError
from portal.operation.calling import Calling
from portal.operation.tally import Count
from portal.vault.passwords import Pool

if TYPE_CHECKING:
    from portal.services import Services

LOOK_EVERY_S: Final = 60.0
FIRST_S: Final = 5.0  # stores and proxies come up beside it
BEAT_EVERY_S: Final = 1.0

_log = logging.getLogger("porchlight.operation")


class Watch:
    """One in each process."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._calling = Calling(services)
        pools = services.pools
        self._pools: Mapping[Count, Pool] = {
            "pool_staff": pools.staff,
            "pool_known": pools.known,
            "pool_coming_back": pools.coming_back,
            "pool_filing": pools.filing,
        }
        self._refused: dict[Count, int] = dict.fromkeys(self._pools, 0)

    async def run(self) -> None:
        """A beat a second, and a look at the house every minute."""
        looks_at = monotonic() + FIRST_S
        while True:
            self.beat()
            if monotonic() >= looks_at:
                looks_at = monotonic() + LOOK_EVERY_S
                await self.look()
            await asyncio.sleep(BEAT_EVERY_S)

    def beat(self) -> None:
        """What is asked every second, and costs nothing."""
        tally = self._services.tally
        tally.beat()
        self._services.lookout.clock.look()
        for name, pool in self._pools.items():
            if pool.refused > self._refused[name]:
                tally.count(name, pool.refused - self._refused[name])
                self._refused[name] = pool.refused
        if self._services.database.is_busy:
            tally.count("pool_database")

    async def look(self) -> None:
        """Look once, write down what is wrong, and have somebody called for what cannot stay so."""
        findings = await self._services.lookout.look()
        # By the house's own question alone: the breaker opens by people's words, and would tell that somebody wrote.
        if not await self._services.translator.answers():
            self._services.tally.count("engine_away_seconds", int(LOOK_EVERY_S))
        for found in findings:
            if found.grade:
                _log.warning("operation matter=%s grade=%s word=%s", found.matter, found.grade.name, found.word)
        try:
            await self._calling.heed(findings)
        except PorchlightError as error:
            _log.info("operation_not_called error=%s", type(error).__name__)
