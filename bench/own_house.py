"""A house in the bench's own process, on stores and rows of its own, with Argon2 as it is and a clock that stands."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

from bench.tips.run import settings_at
from portal.clock import StillClock
from portal.services import Services
from portal.store.migrate import bring_up_to_date
from portal.vault.passwords import Pools
from tests.support.rooms import NOON, running, wire


@asynccontextmanager
async def own_house() -> AsyncIterator[tuple[Services, StillClock]]:
    """Its services and its clock; nobody has set it up."""
    with ExitStack() as held:
        folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        settings = settings_at(folder, held)
        await asyncio.to_thread(bring_up_to_date, settings.database_path)
        made = wire(settings, clock := StillClock(NOON))
        made.pools = Pools()  # the slow step itself, for which tests have a quick stand-in
        async with running(made) as services:
            yield services, clock
